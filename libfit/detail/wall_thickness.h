#pragma once

#include <vector>

#include "libfit/detail/field_algebra.h"
#include "libfit/solidify.h"

namespace fit::detail {

/// The wall asked of a socket at every point of space. It changes slowly: its slope is at most `steepest()`.
class WallThickness {
 public:
  /// `distal_mm`: the height of the most distal point of the positive.
  WallThickness(const SolidifyParams& params, double distal_mm);

  /// `above_trim`: how far the point lies above the trim surface (negative below it).
  Jet at(const Eigen::Vector3d& point_mm, const Jet& above_trim) const;

  /// Bounds over a ball.
  Interval within(const Eigen::Vector3d& center_mm, double radius_mm, const Interval& above_trim) const;

  double thinnest_mm() const { return thinnest_; }
  double thickest_mm() const { return thickest_; }

 private:
  struct Region {
    Eigen::Vector3d center;
    double inner, outer;  ///< all of the extra wall within the inner radius, none beyond the outer
    double wall;
  };

  double wall_, trimline_wall_, distal_wall_, distal_;
  std::vector<Region> regions_;
  double thinnest_, thickest_, steepest_;
};

}  // namespace fit::detail
