#pragma once

#include <array>

#include "libfit/detail/field_algebra.h"
#include "libfit/detail/solid_field.h"

namespace fit::detail {

/// Signed distances to the positive at some points, which bound it everywhere: between two points it changes by no more
/// than the way between them. Beside the foot of a point the bounds are exact to second order when there are samples
/// far above and below it.
class DistanceSamples {
 public:
  /// Asks at a point. `triangle`: the last answer nearby.
  void take(const SolidField& field, const Eigen::Vector3d& point_mm, int& triangle);

  /// Asks at a point and, from its foot on the positive, so far to both sides of it.
  void take_with_both_sides(const SolidField& field, const Eigen::Vector3d& point_mm, double sides_mm, int& triangle);

  /// Bounds over a ball; no bounds where the samples contradict each other, as beside a positive that crosses itself.
  Interval within(const Eigen::Vector3d& center_mm, double radius_mm) const;

  /// What the last point that was asked lets expect, with its gradient.
  double expected(const Eigen::Vector3d& point_mm) const {
    return last_.value + last_.gradient.dot(point_mm - last_point_);
  }

 private:
  void add(const Eigen::Vector3d& point_mm, double signed_mm);

  static constexpr int kMost = 6;
  std::array<Eigen::Vector3d, kMost> points_;
  std::array<double, kMost> signed_mm_;
  int count_ = 0;
  Eigen::Vector3d last_point_;
  Jet last_;
};

}  // namespace fit::detail
