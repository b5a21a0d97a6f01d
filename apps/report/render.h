#pragma once

#include <Eigen/Core>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libfit/mesh.h"

namespace fit {

/// Red, green and blue, each 0 to 1, as a screen shows them (sRGB).
using Rgb = Eigen::Vector3d;

/// Rows from the top, three bytes a pixel.
struct Picture {
  int width_px = 0;
  int height_px = 0;
  std::vector<std::uint8_t> rgb;

  bool operator==(const Picture&) const = default;
};

/// A surface as it is to be drawn.
struct Subject {
  const Mesh* mesh = nullptr;
  Rgb color{0.82, 0.72, 0.62};
  std::vector<Rgb> vertex_colors;     ///< empty, or one a vertex: in place of `color`
  std::vector<std::uint8_t> hatched;  ///< empty, or one a triangle: 1 draws dark stripes over it
  std::optional<Rgb> back_color;      ///< of the inner side; a darker shade of `color` without it
  bool closed = false;                ///< its inner side is seen in a cut alone
};

/// A round dot; hidden where a surface lies more than 3 mm in front of it.
struct Mark {
  Eigen::Vector3d point_mm = Eigen::Vector3d::Zero();
  double radius_px = 3.0;
  Rgb color = Rgb::Zero();
};

/// A parallel projection: all lengths in the picture's plane are to scale.
struct View {
  Eigen::Vector3d toward_viewer{0, 1, 0};
  Eigen::Vector3d up{0, 0, 1};                          ///< not along `toward_viewer`
  Eigen::Vector3d center_mm = Eigen::Vector3d::Zero();  ///< drawn in the middle of the picture
  double mm_per_px = 0.5;
  int width_px = 480;
  int height_px = 640;
  std::optional<double> cut_mm;  ///< nothing is drawn that lies further than this from `center_mm` towards the viewer

  /// Where a point is drawn: pixels from the left and from the top.
  Eigen::Vector2d pixel(const Eigen::Vector3d& point_mm) const;
};

/// The view that shows all of `box` from `toward_viewer` as large as the picture allows, with a margin.
View view_of(const Box& box, const Eigen::Vector3d& toward_viewer, const Eigen::Vector3d& up, int width_px,
             int height_px);

/// Draws surfaces on white, without a display: nine samples a pixel, smooth shading, soft shade in hollows, an outline.
/// One picture a view, drawn side by side on all threads; their bits depend on the arguments alone.
/// Throws Error::bad_params (a picture without pixels or over 16 million of them; a view along its own `up`; a list of
/// colours or hatches of the wrong length), Error::bad_input (an index out of range).
std::vector<Picture> render(const std::vector<Subject>& subjects, const std::vector<View>& views,
                            const std::vector<Mark>& marks = {});

/// The picture as a PNG file's bytes; the same bytes for the same picture.
std::string png(const Picture& picture);

}  // namespace fit
