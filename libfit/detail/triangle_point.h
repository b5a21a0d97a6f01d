#pragma once

#include <Eigen/Core>

namespace fit::detail {

/// The part of a triangle that a point of it lies in.
enum class TrianglePart { face, edge_ab, edge_bc, edge_ca, vertex_a, vertex_b, vertex_c };

struct TrianglePoint {
  Eigen::Vector3d point;
  double squared;  ///< of the distance
  TrianglePart part;
};

/// The point of the triangle abc that is closest to `query`.
/// Exact to some roundings of the distances involved, for needles too; a triangle flatter than 1e-8 of its longest side
/// is taken as its sides.
TrianglePoint closest_on_triangle(const Eigen::Vector3d& query, const Eigen::Vector3d& a, const Eigen::Vector3d& b,
                                  const Eigen::Vector3d& c);

}  // namespace fit::detail
