#include "libfit/detail/solid_field.h"

#include <algorithm>
#include <limits>

namespace fit::detail {

namespace {

using Eigen::Vector3d;

/// The flare lies within the band of the rim that is not measured as the positive.
constexpr double kFlareBandMm = 14.0;
/// So far below the trim nothing knows of it: neither flare nor rim, nor the wall of the trimline (WallThickness).
constexpr double kBelowTrimMm = 40.0;

std::uint32_t bit_of(std::size_t part) { return 1u << std::min<std::size_t>(part, 31); }

Vector3d triangle_normal(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[triangle];
  const Vector3d& a = mesh.vertices[t[0]];
  return (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).stableNormalized();
}

}  // namespace

Jet SolidField::distance(const Closest& closest, const Vector3d& point_mm) const {
  // So near to the surface the direction to it is rounding.
  constexpr double kTouchingMm = 1e-7;
  if (std::abs(closest.signed_mm) < kTouchingMm)
    return {closest.signed_mm, triangle_normal(*shape_.positive, closest.triangle)};
  return {closest.signed_mm, (point_mm - closest.point_mm) / closest.signed_mm};
}

Jet SolidField::distance_to_positive(const Vector3d& point_mm, int& triangle) const {
  const Closest closest = shape_.to_positive->at(point_mm, triangle);
  triangle = closest.triangle;
  return distance(closest, point_mm);
}

Jet SolidField::flare(const Jet& above_trim) const {
  if (shape_.flare_mm == 0.0 || above_trim.value <= -kFlareBandMm) return Jet(0.0);
  // A parabola that goes on as a straight line above the trim.
  const Jet share = (above_trim + Jet(kFlareBandMm)) * Jet(1.0 / kFlareBandMm);
  if (share.value < 1.0) return Jet(shape_.flare_mm) * share * share;
  return Jet(shape_.flare_mm) * (Jet(2.0) * share - Jet(1.0));
}

SolidField::Nearby SolidField::nearby(const Vector3d& center_mm, double radius_mm) const {
  Nearby nearby;
  nearby.trim = shape_.trim.above_within(center_mm, radius_mm).high > -kBelowTrimMm;
  nearby.creases = shape_.creases != nullptr && shape_.creases->may_hold(center_mm, radius_mm);
  nearby.text = shape_.text && shape_.text->within(center_mm, radius_mm).high > 0.0;
  nearby.parts = 0;
  for (std::size_t i = 0; i < shape_.parts.size(); ++i)
    if (matters(shape_.parts[i], center_mm, radius_mm)) nearby.parts |= bit_of(i);
  return nearby;
}

bool SolidField::matters(const PlacedPart& part, const Vector3d& center_mm, double radius_mm) const {
  const double fillet = part.cut() ? 0.0 : part.fillet_mm();
  return part.at_least(center_mm) <= fillet + shape_.reach_mm + radius_mm;
}

template <class T, class PartDistance>
T SolidField::combined(const T& outer, const T& cavity, const T& above_trim, const T& block_height,
                       const Vector3d& point_mm, double slack_mm, const Nearby& nearby,
                       PartDistance&& part_distance) const {
  const auto for_parts = [&](bool cut, auto&& work) {
    if (nearby.parts == 0) return;
    for (std::size_t i = 0; i < shape_.parts.size(); ++i)
      if (shape_.parts[i].cut() == cut && (nearby.parts & bit_of(i)) && matters(shape_.parts[i], point_mm, slack_mm))
        work(shape_.parts[i]);
  };
  T solid = outer;
  for_parts(false, [&](const PlacedPart& part) {
    const double fillet = part.fillet_mm();
    const T distance = part_distance(part);
    T joined = smaller(solid, distance);
    if (fillet > 0.0) joined = smaller(joined, larger(filleted_union(solid, distance, fillet), T(-block_height)));
    solid = joined;
  });
  if (shape_.wall) solid = larger(solid, cavity);
  if (nearby.trim) solid = rounded_intersection(solid, above_trim, shape_.rim_radius_mm);
  for_parts(true, [&](const PlacedPart& part) { solid = larger(solid, T(-part_distance(part))); });
  return solid;
}

SolidField::Operands SolidField::operands(const Vector3d& point_mm, int& triangle, const Nearby& nearby) const {
  Operands now{shape_.to_positive->at(point_mm, triangle), {}, Jet(-kBelowTrimMm), {}, {}};
  if (nearby.trim) now.above_trim = shape_.trim.above(point_mm);
  triangle = now.closest.triangle;
  now.to_positive = distance(now.closest, point_mm);
  now.flared = flare(now.above_trim);
  now.outer = now.to_positive - now.flared;
  if (shape_.wall) now.outer = now.outer - shape_.wall->at(point_mm, now.above_trim);
  if (shape_.text && nearby.text) now.outer = now.outer - shape_.text->at(point_mm);
  return now;
}

Jet SolidField::combined_at(const Vector3d& point_mm, const Operands& now, const Nearby& nearby) const {
  Jet to_cavity = now.to_positive;
  if (shape_.creases != nullptr && nearby.creases)
    to_cavity = shape_.creases->at(point_mm, now.closest, now.to_positive, now.closest.triangle);
  const Jet block_height((shape_.block_from_limb * point_mm).z(),
                         shape_.block_from_limb.linear().transpose() * Vector3d::UnitZ());
  return combined<Jet>(now.outer, now.flared - to_cavity, now.above_trim, block_height, point_mm, 0.0, nearby,
                       [&](const PlacedPart& part) { return part.at(point_mm); });
}

Jet SolidField::at(const Vector3d& point_mm, int& triangle, const Nearby& nearby) const {
  const Operands now = operands(point_mm, triangle, nearby);
  return combined_at(point_mm, now, nearby);
}

std::optional<SolidField::Wall> SolidField::wall_at(const Vector3d& point_mm, int& triangle) const {
  const Operands now = operands(point_mm, triangle, {});
  if (combined_at(point_mm, now, {}).value != now.outer.value) return std::nullopt;
  return Wall{now.closest.point_mm, now.closest.signed_mm - now.outer.value};
}

Interval SolidField::within(const Vector3d& center_mm, double radius_mm, const Interval& to_positive,
                            const Nearby& nearby) const {
  const Interval trim =
      nearby.trim ? shape_.trim.above_within(center_mm, radius_mm) : Interval{-kBelowTrimMm, -kBelowTrimMm};
  const Interval flared{to_positive.low - flare(Jet(trim.high)).value, to_positive.high - flare(Jet(trim.low)).value};
  Interval wall{0.0, 0.0};
  if (shape_.wall) wall = shape_.wall->within(center_mm, radius_mm, trim);
  // A filled crease is deeper in the cavity than the positive tells, by an unknown length.
  double cavity_high = -flared.low;
  if (shape_.creases != nullptr && nearby.creases && shape_.creases->may_hold(center_mm, radius_mm))
    cavity_high = std::numeric_limits<double>::infinity();
  if (shape_.text && nearby.text) wall.high += shape_.text->within(center_mm, radius_mm).high;
  const double block_height = (shape_.block_from_limb * center_mm).z();
  const auto part_low = [&](const PlacedPart& part) {
    return part.at(center_mm).value + (part.cut() ? radius_mm : -radius_mm);
  };
  const auto part_high = [&](const PlacedPart& part) {
    return part.at(center_mm).value + (part.cut() ? -radius_mm : radius_mm);
  };
  // The combination never falls when one of its operands grows, so their ends give its ends; `block_height` and the
  // cuts come in with a minus.
  return {combined<double>(flared.low - wall.high, -flared.high, trim.low, block_height + radius_mm, center_mm,
                           radius_mm, nearby, part_low),
          combined<double>(flared.high - wall.low, cavity_high, trim.high, block_height - radius_mm, center_mm,
                           radius_mm, nearby, part_high)};
}

}  // namespace fit::detail
