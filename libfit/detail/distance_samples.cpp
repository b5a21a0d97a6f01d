#include "libfit/detail/distance_samples.h"

#include <algorithm>
#include <limits>

namespace fit::detail {

using Eigen::Vector3d;

void DistanceSamples::take(const SolidField& field, const Vector3d& point_mm, int& triangle) {
  last_point_ = point_mm;
  last_ = field.distance_to_positive(point_mm, triangle);
  add(point_mm, last_.value);
}

void DistanceSamples::take_with_both_sides(const SolidField& field, const Vector3d& point_mm, double sides_mm,
                                           int& triangle) {
  take(field, point_mm, triangle);
  const Vector3d foot = point_mm - last_.value * last_.gradient;
  add(foot, 0.0);
  int hint = triangle;
  for (const double side : {std::max(last_.value, 0.0) + sides_mm, std::min(last_.value, 0.0) - sides_mm}) {
    const Vector3d beside = foot + side * last_.gradient;
    add(beside, field.distance_to_positive(beside, hint).value);
  }
}

Interval DistanceSamples::within(const Vector3d& center_mm, double radius_mm) const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity(), kRoundingMm = 1e-6;
  Interval bounds{-kInfinity, kInfinity};
  for (int i = 0; i < count_; ++i) {
    const double way = (center_mm - points_[i]).norm() + radius_mm + kRoundingMm;
    bounds.low = std::max(bounds.low, signed_mm_[i] - way);
    bounds.high = std::min(bounds.high, signed_mm_[i] + way);
  }
  if (bounds.low > bounds.high) return {-kInfinity, kInfinity};
  return bounds;
}

void DistanceSamples::add(const Vector3d& point_mm, double signed_mm) {
  points_[count_] = point_mm;
  signed_mm_[count_++] = signed_mm;
}

}  // namespace fit::detail
