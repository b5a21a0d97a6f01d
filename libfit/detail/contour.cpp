#include "libfit/detail/contour.h"

#include <fmt/format.h>

#include <algorithm>

#include "libfit/detail/keep_wall.h"
#include "libfit/detail/untangle.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

Mesh cut_mesh(const DualSurface& surface, PlacedVertices placed, const std::vector<Cut>& cuts) {
  Mesh mesh;
  const std::size_t fans = static_cast<std::size_t>(std::count(cuts.begin(), cuts.end(), Cut::fan));
  mesh.triangles.reserve(2 * (cuts.size() + fans));
  std::size_t count = surface.vertices.size();
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    int middle = 0;
    if (cuts[i] == Cut::fan) {
      middle = static_cast<int>(count++);
      placed.point[middle] = placed.point[surface.vertices.size() + i];
    }
    const CutTriangles triangles(surface.crossings[i].corners, middle, cuts[i]);
    mesh.triangles.insert(mesh.triangles.end(), triangles.begin(), triangles.end());
  }
  placed.point.resize(count);
  mesh.vertices = std::move(placed.point);
  return mesh;
}

/// A 1 for each quadrilateral that is not what it was.
std::vector<std::uint8_t> moved(const DualSurface& surface, const std::vector<Vector3d>& points_before,
                                const std::vector<Cut>& cuts_before, const PlacedVertices& placed,
                                const std::vector<Cut>& cuts) {
  std::vector<std::uint8_t> result(cuts.size());
  parallel_for(cuts.size(), 8192, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto is_moved = [&](std::size_t point) { return placed.point[point] != points_before[point]; };
      const std::array<int, 4>& corners = surface.crossings[i].corners;
      result[i] = cuts[i] != cuts_before[i] || std::any_of(corners.begin(), corners.end(), is_moved) ||
                  (cuts[i] == Cut::fan && is_moved(surface.vertices.size() + i));
    }
  });
  return result;
}

}  // namespace

Mesh contour(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress) {
  const BrickGrid grid(field, box, spacing_mm, progress.part(0.0, 0.45));
  const DualSurface surface = dual_surface(grid, progress.part(0.45, 0.5));
  PlacedVertices placed = place_vertices(field, grid, surface, progress.part(0.5, 0.9));
  std::vector<Cut> cuts = cut_quads(surface, placed, progress.part(0.9, 0.92));
  const PlacedVertices on_surface = placed;
  const std::vector<Cut> first_cuts = cuts;
  const std::vector<std::uint8_t> all(cuts.size(), 1);
  std::vector<std::uint8_t> among = in_rough_bricks(grid, surface, cuts), changed = all, doubts;
  // Corners that had to give way leave it to their neighbours to keep the wall.
  constexpr int kRounds = 3;
  int crossing = 0;
  for (int round = 0; round < kRounds; ++round) {
    const Progress part = progress.part(0.92 + 0.02 * round, 0.94 + 0.02 * round);
    const std::vector<ThinPlace> thin = thin_places(field, grid, surface, placed, cuts, among, part.part(0.0, 0.8));
    if (thin.empty() && round > 0) break;
    const std::vector<Vector3d> points_before = placed.point;
    const std::vector<Cut> cuts_before = cuts;
    keep_wall(grid, surface, thin, cuts, placed);
    if (round > 0) changed = moved(surface, points_before, cuts_before, placed, cuts);
    crossing = untangle(grid, surface, placed, cuts, changed, doubts, part.part(0.8, 1.0));
    among = moved(surface, points_before, cuts_before, placed, cuts);
  }
  if (crossing > 0) {
    // A thinner wall, which the checks find, is better than none.
    placed = on_surface;
    cuts = first_cuts;
    crossing = untangle(grid, surface, placed, cuts, all, doubts);
  }
  if (crossing > 0)
    throw Error(ErrorKind::no_solution,
                fmt::format("The surface still crosses itself in {} places; choose a finer resolution.", crossing));
  return cut_mesh(surface, std::move(placed), cuts);
}

}  // namespace fit::detail
