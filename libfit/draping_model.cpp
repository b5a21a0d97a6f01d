#include "libfit/draping_model.h"

#include <algorithm>
#include <optional>

#include "libfit/detail/contour.h"
#include "libfit/detail/cross_section.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/solid_field.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr double kLeftAroundBoreMm = 10.0;

std::optional<BlockPart> bore(const Mesh& closed, const detail::ClosestPoint& to_positive, double base_mm,
                              const DrapeParams& params) {
  const std::vector<std::vector<detail::Outline>> sections = detail::cross_sections(closed, {base_mm});
  const detail::Outline* section = detail::largest(sections[0]);
  if (section == nullptr || params.mandrel_diameter_mm == 0.0) return std::nullopt;
  Vector3d middle;
  middle << detail::centroid(*section), base_mm;
  const double needed = params.mandrel_diameter_mm / 2.0 + kLeftAroundBoreMm;
  double depth = 0.0;
  for (int triangle = -1; depth < params.mandrel_depth_mm; ++depth) {
    const detail::Closest closest = to_positive.at(middle - Vector3d(0.0, 0.0, depth + 1.0), triangle);
    triangle = closest.triangle;
    // The lid of the closed positive lies above the base, and is no skin.
    if (closest.signed_mm > -needed && closest.point_mm.z() < base_mm + 1.0) break;
  }
  depth = std::min(depth, params.mandrel_depth_mm);
  if (depth < 1.0) return std::nullopt;
  BlockPart part;
  part.shape = BlockPart::Shape::cylinder;
  part.cut = true;
  part.width_mm = part.depth_mm = params.mandrel_diameter_mm;
  part.height_mm = depth + 5.0;
  part.block_from_part.translate(middle - Vector3d(0.0, 0.0, depth));
  return part;
}

}  // namespace

Solid draping_model(const Mesh& positive, const DrapeParams& params, const Progress& progress) {
  validate(params);
  Box box = bounding_box(positive);
  // Of a positive that is closed nothing goes on above, and there is no base to bore.
  const double base = box.highest.z() + params.extension_mm;
  const detail::ClosedPositive closed =
      detail::extended_and_closed(positive, base + params.mandrel_diameter_mm + 2.0 * kLeftAroundBoreMm);
  const bool open = !closed.opening.empty();
  const detail::ClosestPoint to_positive(closed.mesh);
  detail::SolidField::Shape shape{
      .positive = &closed.mesh,
      .to_positive = &to_positive,
      .creases = nullptr,
      .wall = std::nullopt,
      .text = std::nullopt,
      .trim = detail::TrimSurface(Trimline{{base, base, base}}),
      .parts = {},
      .reach_mm = 2.0 * params.drape_resolution_mm,
  };
  if (open)
    if (const std::optional<BlockPart> part = bore(closed.mesh, to_positive, base, params))
      shape.parts.emplace_back(*part, Eigen::Isometry3d::Identity());
  // The extension may run out sideways of a limb that is bent.
  const Box whole = bounding_box(closed.mesh);
  box.lowest = box.lowest.cwiseMin(whole.lowest);
  box.highest = box.highest.cwiseMax(whole.highest);
  if (open) box.highest.z() = base;
  const detail::SolidField field(std::move(shape));
  return Solid(detail::contour(field, box, params.drape_resolution_mm, progress));
}

}  // namespace fit
