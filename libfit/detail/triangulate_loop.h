#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

namespace fit::detail {

/// A closed loop in space that a patch is to span, with the surface around it.
struct Loop {
  std::vector<Eigen::Vector3d> points;  ///< the patch will run from points[i] to points[i + 1]
  std::vector<Eigen::Vector3d>
      normals;  ///< unit normal of the triangle beyond the edge from points[i] to points[i + 1]
  /// Whether the surface has an edge between two points already, so that the patch may not use it.
  std::function<bool(int, int)> joined = [](int, int) { return false; };
};

/// Triangles over the loop's points alone. Up to 200 points: of all triangulations the one whose sharpest crease is the
/// least, then of least area (Liepa, Filling Holes in Meshes, 2003, section 3); more: one ear after the other, the
/// shortest new edge first. Empty if every triangulation needs an edge that is there already.
std::vector<Eigen::Vector3i> triangulate_loop(const Loop& loop);

}  // namespace fit::detail
