#pragma once

#include <Eigen/Core>
#include <vector>

#include "libfit/detail/closest_point_search.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// What the search looks at, in the tree's unit.
struct ClosestPointBounds {
  Eigen::Vector3d center_mm;
  double reach_mm;                ///< the tree's unit
  std::vector<SearchNode> nodes;  ///< the root first
  std::vector<SearchLeaf> leaves;
  std::vector<int> leaf_of;  ///< one a triangle
};

ClosestPointBounds closest_point_bounds(const Mesh& mesh);

}  // namespace fit::detail
