#include "libfit/detail/keep_wall.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>
#include <utility>

#include "libfit/detail/reported_loop.h"
#include "libfit/detail/triangle_point.h"
#include "libfit/parallel.h"

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

/// Normals that hardly differ between points close together: else triangles between these would be turned about when
/// they are raised. Worked out where they are asked for.
class WideNormals {
 public:
  WideNormals(const DualSurface& surface, const std::vector<Cut>& cuts, const Points& points)
      : surface_(surface), cuts_(cuts), points_(points) {}

  const Vector3d& at(int point) { return at(point, kPasses); }

 private:
  static constexpr int kPasses = 2;

  /// The mean over the triangles around a point: of their areas, then of their corners' normals.
  const Vector3d& at(int point, int pass) {
    const auto known = known_[pass].find(point);
    if (known != known_[pass].end()) return known->second;
    Vector3d sum = Vector3d::Zero();
    const auto add = [&](int crossing) {
      for (const Vector3i& t : triangles_of(surface_, crossing, cuts_[crossing])) {
        if (t[0] != point && t[1] != point && t[2] != point) continue;
        if (pass == 0)
          sum += (points_[t[1]] - points_[t[0]]).cross(points_[t[2]] - points_[t[0]]);
        else
          sum += at(t[0], pass - 1) + at(t[1], pass - 1) + at(t[2], pass - 1);
      }
    };
    const int vertices = static_cast<int>(surface_.vertices.size());
    if (point >= vertices)
      add(point - vertices);
    else
      for (int i = surface_.first_crossing_of[point]; i < surface_.first_crossing_of[point + 1]; ++i)
        add(surface_.crossing_of[i]);
    sum.stableNormalize();
    return known_[pass].emplace(point, sum).first->second;
  }

  const DualSurface& surface_;
  const std::vector<Cut>& cuts_;
  const Points& points_;
  std::unordered_map<int, Vector3d> known_[kPasses + 1];
};

/// How far the corners of a thin triangle have to rise along `upward`: the least moves that bring its nearest point up.
Vector3d rises(const ThinPlace& place, const Points& points, const std::vector<int>& slot_of, const Points& upward) {
  const Nearest now = nearest_on(place.triangle, points, place.wall.skin_mm);
  const double short_mm = place.wall.asked_mm - kAllowedMm - now.distance_mm;
  if (short_mm <= 0.0) return Vector3d::Zero();
  const Vector3d outward = (now.point - place.wall.skin_mm) / now.distance_mm;
  const Vector3d share = weights(place.triangle, points, now.point);
  Vector3d result;
  for (int k = 0; k < 3; ++k) {
    const double along = std::max(0.5, upward[slot_of[place.triangle[k]]].dot(outward));
    result[k] = share[k] / share.squaredNorm() * short_mm / along;
  }
  return result;
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

std::vector<std::uint8_t> in_rough_bricks(const BrickGrid& grid, const DualSurface& surface,
                                          const std::vector<Cut>& cuts) {
  std::vector<std::uint8_t> rough(grid.bricks().size(), 0);
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (cuts[i] == Cut::fan) rough[surface.crossings[i].brick] = 1;
  std::vector<std::uint8_t> result(cuts.size());
  for (std::size_t i = 0; i < cuts.size(); ++i) result[i] = rough[surface.crossings[i].brick];
  return result;
}

std::vector<ThinPlace> thin_places(const SolidField& field, const BrickGrid& grid, const DualSurface& surface,
                                   const PlacedVertices& placed, const std::vector<Cut>& cuts,
                                   const std::vector<std::uint8_t>& among, const Progress& progress) {
  if (!field.shape().wall) return {};
  std::vector<int> asked;
  for (std::size_t i = 0; i < cuts.size(); ++i)
    if (among[i]) asked.push_back(static_cast<int>(i));
  std::vector<std::vector<ThinPlace>> found(asked.size());
  reported_for(asked.size(), 256, progress, [&](std::size_t i) {
    const DualSurface::Crossing& crossing = surface.crossings[asked[i]];
    int nearest = grid.nearest(crossing.brick, crossing.node);
    for (const Vector3i& t : triangles_of(surface, asked[i], cuts[asked[i]]))
      look_all_over(field, t, placed.point, nearest, found[i]);
  });
  std::vector<ThinPlace> thin;
  for (const std::vector<ThinPlace>& some : found) thin.insert(thin.end(), some.begin(), some.end());
  return thin;
}

void keep_wall(const BrickGrid& grid, const DualSurface& surface, const std::vector<ThinPlace>& thin,
               const std::vector<Cut>& cuts, PlacedVertices& placed) {
  std::vector<Vector3d>& points = placed.point;
  std::vector<int> slot_of(points.size(), -1);
  for (const ThinPlace& place : thin)
    for (const int point : place.triangle) slot_of[point] = 0;
  std::vector<int> raised;
  for (std::size_t i = 0; i < slot_of.size(); ++i)
    if (slot_of[i] == 0) {
      slot_of[i] = static_cast<int>(raised.size());
      raised.push_back(static_cast<int>(i));
    }
  std::vector<Vector3d> upward(raised.size());
  parallel_for(raised.size(), 2048, [&](std::size_t begin, std::size_t end) {
    WideNormals normals(surface, cuts, points);
    for (std::size_t i = begin; i < end; ++i) upward[i] = normals.at(raised[i]);
  });
  std::vector<Vector3d> wanted(thin.size());
  for (int round = 0; round < kRounds; ++round) {
    parallel_for(thin.size(), 2048, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) wanted[i] = rises(thin[i], points, slot_of, upward);
    });
    std::vector<double> rise(raised.size(), 0.0);
    for (std::size_t i = 0; i < thin.size(); ++i)
      for (int k = 0; k < 3; ++k) {
        double& most = rise[slot_of[thin[i].triangle[k]]];
        most = std::max(most, wanted[i][k]);
      }
    for (std::size_t i = 0; i < raised.size(); ++i) {
      if (rise[i] == 0.0) continue;
      const int point = raised[i];
      const Vector3d step = rise[i] * upward[i];
      points[point] += step;
      placed.safe[point] = safely_moved(grid, surface, point, placed.safe[point], step);
    }
  }
}

}  // namespace fit::detail
