#include "libfit/detail/keep_wall.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "libfit/detail/reported_loop.h"
#include "libfit/detail/triangle_point.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;
using Points = std::vector<Vector3d>;

constexpr double kAllowedMm = 0.01;
/// What balls around the skin may rise above a triangle between the places that were looked at.
constexpr double kHiddenMm = 0.03;
/// From a thin place the skin nearest to the triangle is looked for in so many steps.
constexpr int kMostSteps = 3;
constexpr double kStepMm = 0.003;
constexpr int kRounds = 4;

struct Nearest {
  Vector3d point;
  double distance_mm;
};

Nearest nearest_on(const Vector3i& t, const Points& points, const Vector3d& skin_mm) {
  const TrianglePoint found = closest_on_triangle(skin_mm, points[t[0]], points[t[1]], points[t[2]]);
  return {found.point, std::sqrt(found.squared)};
}

/// The shares of a triangle's corners in a point of it.
Vector3d weights(const Vector3i& t, const Points& points, const Vector3d& point) {
  Eigen::Matrix<double, 3, 2> sides;
  sides << points[t[1]] - points[t[0]], points[t[2]] - points[t[0]];
  const Eigen::Vector2d along = sides.colPivHouseholderQr().solve(point - points[t[0]]);
  return {1.0 - along.sum(), along[0], along[1]};
}

/// Looks from one place of a triangle. Gives whether it is the wall that makes the surface there.
bool look(const SolidField& field, const Vector3i& t, const Points& points, Vector3d from, int& nearest,
          std::vector<ThinPlace>& thin) {
  for (int step = 0; step < kMostSteps; ++step) {
    const std::optional<SolidField::Wall> wall = field.wall_at(from, nearest);
    if (!wall) return step > 0;
    const Nearest now = nearest_on(t, points, wall->skin_mm);
    if (now.distance_mm > wall->asked_mm - kAllowedMm) break;
    thin.push_back({t, *wall});
    if (now.distance_mm > (from - wall->skin_mm).norm() - kStepMm) break;
    from = now.point;
  }
  return true;
}

/// Looks from the middle of a triangle and, where bumps of the skin could hide between, from those of its sides.
void look_all_over(const SolidField& field, const Vector3i& t, const Points& points, int& nearest,
                   std::vector<ThinPlace>& thin) {
  const Vector3d center = (points[t[0]] + points[t[1]] + points[t[2]]) / 3.0;
  if (!look(field, t, points, center, nearest, thin)) return;
  double squared = 0.0;
  for (int k = 0; k < 3; ++k) squared = std::max(squared, (points[t[k]] - center).squaredNorm());
  if (squared < kHiddenMm * 2.0 * field.shape().wall->thinnest_mm()) return;
  for (int k = 0; k < 3; ++k) look(field, t, points, (points[t[k]] + points[t[(k + 1) % 3]]) / 2.0, nearest, thin);
}

/// Calls `work(i, triangle)` for every triangle of every quadrilateral.
template <class Work>
void for_triangles(const DualSurface& surface, const std::vector<Cut>& cuts, Work&& work) {
  for (std::size_t i = 0; i < cuts.size(); ++i)
    for (const Vector3i& t : triangles_of(surface, i, cuts[i])) work(t);
}

/// Normals that hardly differ between points close together: else triangles between these would be turned about when
/// they are raised.
Points wide_normals(const DualSurface& surface, const std::vector<Cut>& cuts, const Points& points) {
  Points normals(points.size(), Vector3d::Zero());
  for_triangles(surface, cuts, [&](const Vector3i& t) {
    const Vector3d area = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]);
    for (int k = 0; k < 3; ++k) normals[t[k]] += area;
  });
  for (int pass = 0; pass < 2; ++pass) {
    for (Vector3d& normal : normals) normal.stableNormalize();
    Points wide(points.size(), Vector3d::Zero());
    for_triangles(surface, cuts, [&](const Vector3i& t) {
      const Vector3d sum = normals[t[0]] + normals[t[1]] + normals[t[2]];
      for (int k = 0; k < 3; ++k) wide[t[k]] += sum;
    });
    normals = std::move(wide);
  }
  for (Vector3d& normal : normals) normal.stableNormalize();
  return normals;
}

/// Moved so far as its cell, or the grid edge of a fan's middle, allows; not where it shares its cell.
Vector3d safely_moved(const BrickGrid& grid, const DualSurface& surface, std::size_t index, Vector3d point,
                      const Vector3d& step) {
  if (index < surface.vertices.size()) {
    const DualSurface::Vertex& vertex = surface.vertices[index];
    return vertex.alone ? grid.kept_in_cell(vertex.cell, point + step) : point;
  }
  const DualSurface::Crossing& crossing = surface.crossings[index - surface.vertices.size()];
  point[crossing.axis] = grid.kept_in_cell(crossing.node, point + step)[crossing.axis];
  return point;
}

}  // namespace

std::vector<ThinPlace> thin_places(const SolidField& field, const BrickGrid& grid, const DualSurface& surface,
                                   const PlacedVertices& placed, const std::vector<Cut>& cuts,
                                   const Progress& progress) {
  if (!field.shape().wall) return {};
  std::vector<std::uint8_t> rough(grid.bricks().size(), 0);
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (cuts[i] == Cut::fan) rough[surface.crossings[i].brick] = 1;
  std::vector<std::vector<ThinPlace>> found(cuts.size());
  reported_for(cuts.size(), 256, progress, [&](std::size_t i) {
    const DualSurface::Crossing& crossing = surface.crossings[i];
    if (!rough[crossing.brick]) return;
    int nearest = grid.nearest(crossing.brick, crossing.node);
    for (const Vector3i& t : triangles_of(surface, i, cuts[i]))
      look_all_over(field, t, placed.point, nearest, found[i]);
  });
  std::vector<ThinPlace> thin;
  for (const std::vector<ThinPlace>& some : found) thin.insert(thin.end(), some.begin(), some.end());
  return thin;
}

void keep_wall(const BrickGrid& grid, const DualSurface& surface, const std::vector<ThinPlace>& thin,
               const std::vector<Cut>& cuts, PlacedVertices& placed) {
  if (thin.empty()) return;
  std::vector<Vector3d>& points = placed.point;
  const Points normals = wide_normals(surface, cuts, points);
  std::vector<double> rise(points.size(), 0.0);
  for (int round = 0; round < kRounds; ++round) {
    for (const ThinPlace& place : thin) {
      const Nearest now = nearest_on(place.triangle, points, place.wall.skin_mm);
      const double short_mm = place.wall.asked_mm - kAllowedMm - now.distance_mm;
      if (short_mm <= 0.0) continue;
      const Vector3d outward = (now.point - place.wall.skin_mm) / now.distance_mm;
      // The least moves that bring the nearest point of the triangle up.
      const Vector3d share = weights(place.triangle, points, now.point);
      for (int k = 0; k < 3; ++k) {
        const int point = place.triangle[k];
        const double upward = std::max(0.5, normals[point].dot(outward));
        rise[point] = std::max(rise[point], share[k] / share.squaredNorm() * short_mm / upward);
      }
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
      if (rise[i] == 0.0) continue;
      const Vector3d step = std::exchange(rise[i], 0.0) * normals[i];
      points[i] += step;
      placed.safe[i] = safely_moved(grid, surface, i, placed.safe[i], step);
    }
  }
}

}  // namespace fit::detail
