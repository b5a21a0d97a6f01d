#include "libfit/detail/triangle_point.h"

#include <Eigen/Geometry>
#include <algorithm>

namespace fit::detail {

namespace {

using Eigen::Vector3d;

/// Keeps in `best` the nearer of itself and the segment from a to b, both relative to the query.
void nearer(const Vector3d& a, const Vector3d& b, TrianglePart edge, TrianglePart at_a, TrianglePart at_b,
            TrianglePoint& best) {
  const Vector3d side = b - a;
  const double length = side.squaredNorm();
  const double along = length > 0.0 ? std::clamp(-a.dot(side) / length, 0.0, 1.0) : 0.0;
  const Vector3d point = along < 1.0 ? Vector3d(a + along * side) : b;
  const double squared = point.squaredNorm();
  if (squared < best.squared) best = {point, squared, along == 0.0 ? at_a : along == 1.0 ? at_b : edge};
}

}  // namespace

TrianglePoint closest_on_triangle(const Vector3d& query, const Vector3d& corner_a, const Vector3d& corner_b,
                                  const Vector3d& corner_c) {
  using Part = TrianglePart;
  // Areas are taken of corners seen from the query: dot products of the sides, as is usual, lose the needles.
  const Vector3d a = corner_a - query;
  const Vector3d b = corner_b - query;
  const Vector3d c = corner_c - query;
  const Vector3d normal = (b - a).cross(c - a);
  const double area = normal.squaredNorm();
  const double longest = std::max({(b - a).squaredNorm(), (c - b).squaredNorm(), (a - c).squaredNorm()});
  const bool flat = !(area > 1e-16 * longest * longest);

  const bool outside_ab = flat || normal.dot(a.cross(b)) < 0.0;
  const bool outside_bc = flat || normal.dot(b.cross(c)) < 0.0;
  const bool outside_ca = flat || normal.dot(c.cross(a)) < 0.0;
  TrianglePoint best{Vector3d::Zero(), 1e300, Part::face};
  if (!outside_ab && !outside_bc && !outside_ca) {
    best.point = normal * (normal.dot(a) / area);
    best.squared = best.point.squaredNorm();
  }
  if (outside_ab) nearer(a, b, Part::edge_ab, Part::vertex_a, Part::vertex_b, best);
  if (outside_bc) nearer(b, c, Part::edge_bc, Part::vertex_b, Part::vertex_c, best);
  if (outside_ca) nearer(c, a, Part::edge_ca, Part::vertex_c, Part::vertex_a, best);
  best.point += query;
  return best;
}

}  // namespace fit::detail
