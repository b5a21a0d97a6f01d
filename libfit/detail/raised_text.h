#pragma once

#include <string>
#include <vector>

#include "libfit/detail/field_algebra.h"
#include "libfit/detail/stroke_font.h"

namespace fit::detail {

/// Lines of text raised on an upright surface, wrapped around an upright axis; read from outside, the right way round.
class RaisedText {
 public:
  struct Place {
    Eigen::Vector3d axis_mm = Eigen::Vector3d::Zero();   ///< at the height of the text's middle
    Eigen::Vector3d outward = Eigen::Vector3d::UnitY();  ///< level: from the axis to the text's middle
    double radius_mm = 1.0;                              ///< from the axis to the surface
  };
  /// How high the letters stand, and how steep their sides are: 45 degrees can be printed without support.
  static constexpr double kRaisedMm = 0.8;

  RaisedText(const std::vector<std::string>& lines, double letter_height_mm, const Place& place);

  /// How far the surface is raised at a point of it: 0 to kRaisedMm.
  Jet at(const Eigen::Vector3d& point_mm) const;

  /// Bounds over a ball.
  Interval within(const Eigen::Vector3d& center_mm, double radius_mm) const;

  /// Size of lines of text, without the sides of their letters.
  static double width_mm(const std::vector<std::string>& lines, double letter_height_mm);
  static double height_mm(const std::vector<std::string>& lines, double letter_height_mm);

 private:
  std::vector<Stroke> strokes_;  ///< mm, about the text's middle
  Place place_;
  Eigen::Vector3d right_;
  Eigen::Vector2d half_size_;
  Eigen::Vector3d middle_;
  double reach_;
};

}  // namespace fit::detail
