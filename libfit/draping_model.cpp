#include "libfit/draping_model.h"

#include <algorithm>
#include <optional>

#include "libfit/detail/contour.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/solid_field.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr double kLeftAroundBoreMm = 10.0;

/// The middle of the section at a height, by area; nothing where the surface does not pass.
std::optional<Vector3d> middle_of_section(const Mesh& closed, double height_mm) {
  double area = 0.0;
  Vector3d moment = Vector3d::Zero();
  for (const Eigen::Vector3i& t : closed.triangles) {
    Vector3d ends[2];
    for (int side = 0; side < 3; ++side) {
      const Vector3d &from = closed.vertices[t[side]], &to = closed.vertices[t[(side + 1) % 3]];
      if ((from.z() < height_mm) == (to.z() < height_mm)) continue;
      ends[from.z() < height_mm] = from + (to - from) * ((height_mm - from.z()) / (to.z() - from.z()));
    }
    if ((closed.vertices[t[0]].z() < height_mm) == (closed.vertices[t[1]].z() < height_mm) &&
        (closed.vertices[t[1]].z() < height_mm) == (closed.vertices[t[2]].z() < height_mm))
      continue;
    const double twice = ends[0].x() * ends[1].y() - ends[1].x() * ends[0].y();
    area += twice / 2.0;
    moment += (ends[0] + ends[1]) * twice / 6.0;
  }
  if (area == 0.0) return std::nullopt;
  return Vector3d(moment.x() / area, moment.y() / area, height_mm);
}

std::optional<BlockPart> bore(const Mesh& closed, const detail::ClosestPoint& to_positive, double base_mm,
                              const DrapeParams& params) {
  const std::optional<Vector3d> middle = middle_of_section(closed, base_mm);
  if (!middle || params.mandrel_diameter_mm == 0.0) return std::nullopt;
  const double needed = params.mandrel_diameter_mm / 2.0 + kLeftAroundBoreMm;
  double depth = 0.0;
  for (int triangle = -1; depth < params.mandrel_depth_mm; ++depth) {
    const detail::Closest closest = to_positive.at(*middle - Vector3d(0.0, 0.0, depth + 1.0), triangle);
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
  part.block_from_part.translate(*middle - Vector3d(0.0, 0.0, depth));
  return part;
}

}  // namespace

Solid draping_model(const Mesh& positive, const DrapeParams& params, const Progress& progress) {
  validate(params);
  Box box = bounding_box(positive);
  const bool open = !boundary_loops(positive).empty();
  const double base = box.highest.z() + (open ? params.extension_mm : 1.0);
  const Mesh closed = detail::extended_and_closed(positive, base + params.mandrel_diameter_mm + 25.0);
  const detail::ClosestPoint to_positive(closed);
  detail::SolidField::Shape shape{
      .positive = &closed,
      .to_positive = &to_positive,
      .wall = std::nullopt,
      .trim = detail::TrimSurface(Trimline{{base, base, base}}),
      .parts = {},
      .reach_mm = 2.0 * params.drape_resolution_mm,
  };
  if (open)
    if (const std::optional<BlockPart> part = bore(closed, to_positive, base, params))
      shape.parts.emplace_back(*part, Eigen::Isometry3d::Identity());
  box.highest.z() = base;
  const detail::SolidField field(std::move(shape));
  return Solid(detail::contour(field, box, params.drape_resolution_mm, progress));
}

}  // namespace fit
