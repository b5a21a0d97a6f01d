#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "apps/fit/console.h"
#include "scanners/fuse.h"

namespace fit::cli {

/// What a person sees of a scan while it grows: a line with frame, frames a second, how much of the limb was seen and
/// what to do next; and, where one was asked for, a picture (.png) or a mesh (.ply, .stl, ...) that is written anew
/// every second, whole at any moment.
class ScanView {
 public:
  /// `preview`: the file to write, or empty. Throws Error::bad_params for a name that is no picture and no mesh.
  ScanView(Console& console, std::string preview);

  /// To be called after every frame. Throws Error::io when the preview cannot be written.
  void show(const Fusion& fusion, Fusion::State state, const std::optional<std::size_t>& frames_expected);

  std::size_t frames() const { return frames_; }

 private:
  using Clock = std::chrono::steady_clock;

  void look(const Fusion& fusion);
  std::string line(Fusion::State state, const std::optional<std::size_t>& frames_expected) const;

  Console& console_;
  std::string preview_;
  std::size_t frames_ = 0;
  double frames_per_s_ = 0.0;
  std::size_t counted_ = 0;  ///< frames when the rate was last worked out
  Clock::time_point counted_at_ = Clock::now();
  Clock::time_point next_look_ = Clock::now();
  double seen_percent_ = -1.0;  ///< negative: not known yet
  std::string advice_;
};

/// The surface from four sides about the upright of the first picture, as PNG; `colors` as the renderer's
/// `vertex_colors`.
std::string four_sides(const Mesh& mesh, const std::vector<Eigen::Vector3d>& colors);

}  // namespace fit::cli
