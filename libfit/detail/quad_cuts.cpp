#include "libfit/detail/quad_cuts.h"

#include <Eigen/Geometry>
#include <cmath>

#include "libfit/detail/reported_loop.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr double kStrayMm = 0.03;
/// Cosines of the turn: along a diagonal there may be an edge of the solid; the surface around a fan is smooth.
constexpr double kFolded = -0.5, kFoldedFan = 0.5;

/// Whether the diagonal from corner 0 to 2 is the better one: along an edge of the solid, else the shorter.
bool first_is_better(const std::array<int, 4>& q, const PlacedVertices& placed) {
  const int first = placed.on_feature[q[0]] + placed.on_feature[q[2]];
  const int second = placed.on_feature[q[1]] + placed.on_feature[q[3]];
  if ((first == 2) != (second == 2)) return first == 2;
  return (placed.point[q[0]] - placed.point[q[2]]).squaredNorm() <=
         (placed.point[q[1]] - placed.point[q[3]]).squaredNorm();
}

/// How far a point of the surface lies off the two triangles along a diagonal: off the one on whose side it is.
double stray_mm(const CutTriangles& triangles, const std::vector<Vector3d>& points, const Vector3d& on_surface) {
  const Eigen::Vector3i& first = *triangles.begin();
  const Eigen::Vector3i& second = *(triangles.begin() + 1);
  const auto normal = [&](const Eigen::Vector3i& t) {
    return Vector3d((points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]).stableNormalized());
  };
  const Vector3d one = normal(first), other = normal(second);
  const Vector3d& from = points[first[0]];
  const Vector3d beside = (one + other).cross(points[first[2]] - from);
  return std::abs((beside.dot(on_surface - from) > 0.0 ? other : one).dot(on_surface - from));
}

}  // namespace

bool folds_over(const CutTriangles& triangles, const std::vector<Vector3d>& points) {
  std::array<Vector3d, 4> normals;
  int count = 0;
  for (const Eigen::Vector3i& t : triangles)
    normals[count++] = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]).stableNormalized();
  for (int i = 0; i < count; ++i)
    if (normals[i].dot(normals[(i + 1) % count]) < (count == 2 ? kFolded : kFoldedFan)) return true;
  return false;
}

std::vector<Cut> cut_quads(const DualSurface& surface, const PlacedVertices& placed, const Progress& progress) {
  std::vector<Cut> cuts(surface.crossings.size());
  reported_for(cuts.size(), 1024, progress, [&](std::size_t i) {
    const Cut cut = first_is_better(surface.crossings[i].corners, placed) ? Cut::from_0_to_2 : Cut::from_1_to_3;
    const Vector3d& crossing = placed.point[surface.vertices.size() + i];
    const bool strays = stray_mm(triangles_of(surface, i, cut), placed.point, crossing) > kStrayMm;
    cuts[i] = strays && !folds_over(triangles_of(surface, i, Cut::fan), placed.point) ? Cut::fan : cut;
  });
  return cuts;
}

}  // namespace fit::detail
