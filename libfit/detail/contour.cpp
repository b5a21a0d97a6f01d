#include "libfit/detail/contour.h"

#include <fmt/format.h>

#include "libfit/detail/untangle.h"
#include "libfit/error.h"

namespace fit::detail {

Mesh contour(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress) {
  const BrickGrid grid(field, box, spacing_mm, progress.part(0.0, 0.45, "field"));
  const DualSurface surface = dual_surface(grid, progress.part(0.45, 0.5, "contour"));
  PlacedVertices placed = place_vertices(field, grid, surface, progress.part(0.5, 0.95, "vertices"));
  const Untangled untangled = untangle(grid, surface, placed, progress.part(0.95, 1.0, "crossings"));
  if (untangled.left > 0)
    throw Error(
        ErrorKind::no_solution,
        fmt::format("The surface still crosses itself in {} places; choose a finer resolution.", untangled.left));
  Mesh mesh;
  mesh.triangles.reserve(2 * surface.crossings.size());
  for (std::size_t i = 0; i < surface.crossings.size(); ++i) {
    const std::array<int, 4>& q = surface.crossings[i].corners;
    const int shift = untangled.second_diagonal[i];
    mesh.triangles.emplace_back(q[shift], q[shift + 1], q[shift + 2]);
    mesh.triangles.emplace_back(q[shift], q[shift + 2], q[(shift + 3) % 4]);
  }
  mesh.vertices = std::move(placed.exact);
  return mesh;
}

}  // namespace fit::detail
