#include "libfit/detail/contour.h"

#include "libfit/detail/place_vertices.h"

namespace fit::detail {

namespace {

/// Whether the diagonal from corner 0 to 2 is the better one: along an edge of the solid, else the shorter.
bool first_diagonal(const PlacedVertices& placed, const std::array<int, 4>& q) {
  const int first = placed.on_feature[q[0]] + placed.on_feature[q[2]];
  const int second = placed.on_feature[q[1]] + placed.on_feature[q[3]];
  if ((first == 2) != (second == 2)) return first == 2;
  return (placed.exact[q[0]] - placed.exact[q[2]]).squaredNorm() <=
         (placed.exact[q[1]] - placed.exact[q[3]]).squaredNorm();
}

}  // namespace

Mesh contour(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress) {
  const BrickGrid grid(field, box, spacing_mm, progress.part(0.0, 0.4, "field"));
  const DualSurface surface = dual_surface(grid, progress.part(0.4, 0.5, "contour"));
  PlacedVertices placed = place_vertices(field, grid, surface, progress.part(0.5, 1.0, "vertices"));
  Mesh mesh;
  mesh.triangles.reserve(2 * surface.crossings.size());
  for (const DualSurface::Crossing& crossing : surface.crossings) {
    const std::array<int, 4>& q = crossing.corners;
    const int shift = first_diagonal(placed, q) ? 0 : 1;
    mesh.triangles.emplace_back(q[shift], q[shift + 1], q[shift + 2]);
    mesh.triangles.emplace_back(q[shift], q[shift + 2], q[(shift + 3) % 4]);
  }
  mesh.vertices = std::move(placed.exact);
  return mesh;
}

}  // namespace fit::detail
