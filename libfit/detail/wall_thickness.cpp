#include "libfit/detail/wall_thickness.h"

#include <algorithm>

namespace fit::detail {

namespace {

using Eigen::Vector3d;

// The trimline's wall is whole this far below it, the distal wall this far above the distal end; both then blend into
// the wall over the same length.
constexpr double kWholeMm = 10.0;
constexpr double kBlendMm = 25.0;

Jet blended(const Jet& from, double to, const Jet& share) { return from + share * (Jet(to) - from); }

}  // namespace

WallThickness::WallThickness(const SolidifyParams& params, double distal_mm)
    : wall_(params.wall_mm),
      trimline_wall_(params.trimline_wall_mm),
      distal_wall_(params.distal_wall_mm),
      distal_(distal_mm) {
  thinnest_ = std::min({wall_, trimline_wall_, distal_wall_});
  thickest_ = std::max({wall_, trimline_wall_, distal_wall_});
  const double ends = thickest_ - thinnest_;
  steepest_ = 2.0 * 1.5 * ends / kBlendMm;
  for (const WallRegion& region : params.wall_regions) {
    const double extra = region.region_wall_mm - thinnest_;
    if (extra <= 0.0) continue;
    // No steeper than 3 in 4, however small the region is.
    const double inner = region.radius_mm / 2.0;
    const double outer = std::max(region.radius_mm, inner + 2.0 * extra);
    regions_.push_back({region.center_mm, inner, outer, region.region_wall_mm});
    thickest_ = std::max(thickest_, region.region_wall_mm);
    steepest_ += 1.5 * extra / (outer - inner);
  }
}

Jet WallThickness::at(const Vector3d& point_mm, const Jet& above_trim) const {
  const Jet to_trim = (above_trim + Jet(kWholeMm + kBlendMm)) * Jet(1.0 / kBlendMm);
  const Jet height(point_mm.z() - distal_, Vector3d::UnitZ());
  const Jet to_distal = (Jet(kWholeMm + kBlendMm) - height) * Jet(1.0 / kBlendMm);
  Jet wall(wall_);
  if (to_trim.value > 0.0) wall = blended(wall, trimline_wall_, smooth_step(to_trim));
  if (to_distal.value > 0.0) wall = blended(wall, distal_wall_, smooth_step(to_distal));
  for (const Region& region : regions_) {
    const Vector3d from_center = point_mm - region.center;
    const double distance = from_center.norm();
    if (distance >= region.outer || wall.value >= region.wall) continue;
    const double length = region.outer - region.inner;
    const Vector3d outward = distance > 0.0 ? Vector3d(from_center / distance) : Vector3d::Zero();
    wall = blended(wall, region.wall, smooth_step(Jet((region.outer - distance) / length, -outward / length)));
  }
  return wall;
}

Interval WallThickness::within(const Vector3d& center_mm, double radius_mm, const Interval& above_trim) const {
  // With `above_trim` at either end of its range the wall at the centre is bounded; elsewhere its slope bounds it.
  const double a = at(center_mm, Jet(above_trim.low)).value, b = at(center_mm, Jet(above_trim.high)).value;
  const double slack = steepest_ * radius_mm;
  return {std::max(thinnest_, std::min(a, b) - slack), std::min(thickest_, std::max(a, b) + slack)};
}

}  // namespace fit::detail
