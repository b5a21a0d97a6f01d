#pragma once

#include <array>
#include <utility>
#include <vector>

#include "libfit/detail/field_algebra.h"
#include "libfit/trim.h"

namespace fit::detail {

/// The surface that cuts a socket off above: level outward from the trimline, and level about the axis itself, where a
/// height over the angle has no meaning.
class TrimSurface {
 public:
  /// Needs: at least 3 finite heights. Throws Error::bad_params.
  explicit TrimSurface(const Trimline& trimline);

  /// How far a point lies above the surface: height over it, divided by the steepness of the surface there, so that it
  /// is a distance near the surface.
  Jet above(const Eigen::Vector3d& point_mm) const;

  /// Bounds of `above` over a ball.
  Interval above_within(const Eigen::Vector3d& center_mm, double radius_mm) const;

  double lowest_mm() const { return lowest_; }
  double highest_mm() const { return highest_; }

  /// Height of the trimline at an angle about z (rad), and its derivative.
  std::pair<double, double> height_and_slope(double angle_rad) const;

 private:
  std::vector<double> height_;
  double mean_;
  double lowest_;
  double highest_;
  double steepest_;
};

}  // namespace fit::detail
