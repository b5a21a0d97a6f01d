#include "libfit/detail/part_distance.h"

#include <algorithm>

namespace fit::detail {

namespace {

using Eigen::Vector3d;

/// Distance to a side that leans: its half size is `half` at the base and `half * scale` at the top.
Jet leaning_side(double across, const Vector3d& outward, double z, double half, const BlockPart& part) {
  const double slope = half * (part.top_scale - 1.0) / part.height_mm;
  const double steepness = 1.0 / std::sqrt(1.0 + slope * slope);
  return {(across - half - slope * z) * steepness, (outward - Vector3d(0.0, 0.0, slope)) * steepness};
}

Jet side_of_cylinder(const Vector3d& p, const BlockPart& part) {
  const double across = std::hypot(p.x(), p.y());
  const Vector3d outward = across > 0.0 ? Vector3d(p.x() / across, p.y() / across, 0.0) : Vector3d::UnitX();
  return leaning_side(across, outward, p.z(), part.width_mm / 2.0, part);
}

Jet side_of_box(const Vector3d& p, const BlockPart& part) {
  const auto signed_unit = [&](int axis) { return Vector3d(Vector3d::Unit(axis) * (p[axis] < 0.0 ? -1.0 : 1.0)); };
  const Jet x = leaning_side(std::abs(p.x()), signed_unit(0), p.z(), part.width_mm / 2.0, part);
  const Jet y = leaning_side(std::abs(p.y()), signed_unit(1), p.z(), part.depth_mm / 2.0, part);
  const double corner = std::min({part.corner_mm, part.width_mm / 2.0, part.depth_mm / 2.0});
  return corner > 0.0 ? rounded_intersection(x, y, corner) : larger(x, y);
}

}  // namespace

PlacedPart::PlacedPart(const BlockPart& part, const Eigen::Isometry3d& limb_from_block) : part_(part) {
  const Eigen::Isometry3d limb_from_part = limb_from_block * part.block_from_part;
  part_from_limb_ = limb_from_part.inverse();
  center_ = limb_from_part * Vector3d(0.0, 0.0, part.height_mm / 2.0);
  const double depth = part.shape == BlockPart::Shape::box ? part.depth_mm : 0.0;
  const double reach = std::max(1.0, part.top_scale) * std::hypot(part.width_mm, depth) / 2.0;
  radius_ = std::hypot(reach, part.height_mm / 2.0);
}

Jet PlacedPart::at(const Vector3d& point_mm) const {
  const Vector3d p = part_from_limb_ * point_mm;
  const Jet side = part_.shape == BlockPart::Shape::box ? side_of_box(p, part_) : side_of_cylinder(p, part_);
  const Jet ends = larger(Jet(-p.z(), -Vector3d::UnitZ()), Jet(p.z() - part_.height_mm, Vector3d::UnitZ()));
  // Side and ends of a straight part are at right angles: the distance to their edge is a hypotenuse.
  Jet distance = larger(side, ends);
  if (part_.top_scale == 1.0 && side.value > 0.0 && ends.value > 0.0) distance = hypotenuse(side, ends);
  distance.gradient = part_from_limb_.linear().transpose() * distance.gradient;
  return distance;
}

}  // namespace fit::detail
