#include "libfit/solidify.h"

#include <fmt/format.h>

#include <algorithm>

#include "libfit/detail/contour.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/solid_field.h"
#include "libfit/error.h"

namespace fit {

namespace {

using Eigen::Vector3d;

Box box_of_socket(const Box& positive, const detail::SolidField::Shape& shape, double wall_mm) {
  Box box = positive;
  const double margin = wall_mm + shape.flare_mm + 1.0;
  box.lowest.array() -= margin;
  box.highest.array() += margin;
  box.highest.z() = std::min(box.highest.z(), shape.trim.highest_mm());
  for (const detail::PlacedPart& part : shape.parts) {
    if (part.cut()) continue;
    const Vector3d reach = Vector3d::Constant(part.radius_mm() + 1.0);
    box.lowest = box.lowest.cwiseMin(part.center_mm() - reach);
    box.highest = box.highest.cwiseMax(part.center_mm() + reach);
  }
  return box;
}

}  // namespace

Solidified solidify(const Mesh& positive, const Trimline& trimline, const Hardware& hardware,
                    const SolidifyParams& params, const Progress& progress) {
  validate(params);
  const Box box = bounding_box(positive);
  const detail::TrimSurface trim(trimline);
  const detail::WallThickness wall(params, box.lowest.z());
  const Mesh closed =
      detail::extended_and_closed(positive, std::max(box.highest.z(), trim.highest_mm()) + wall.thickest_mm() + 20.0);
  const detail::ClosestPoint to_positive(closed);
  const double spacing = std::min(params.resolution_mm, wall.thinnest_mm() / 2.0);

  detail::SolidField::Shape shape{
      .positive = &closed,
      .to_positive = &to_positive,
      .wall = wall,
      .trim = trim,
      .rim_radius_mm = std::min(params.rim_radius_mm, std::min(params.trimline_wall_mm, wall.thinnest_mm()) / 2.0),
      .flare_mm = params.flare_mm,
      .parts = {},
      .block_from_limb = hardware.limb_from_block.inverse(),
      .reach_mm = 2.0 * spacing,
  };
  for (const BlockPart& part : hardware.parts) shape.parts.emplace_back(part, hardware.limb_from_block);
  const Box domain = box_of_socket(box, shape, wall.thickest_mm());
  const detail::SolidField field(std::move(shape));
  return {Solid(detail::contour(field, domain, spacing, progress)), {}};
}

}  // namespace fit
