#pragma once

#include <Eigen/Core>

#include "libfit/detail/closest_point_search.h"
#include "libfit/detail/large_pages.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// What the search looks at, in the tree's unit.
struct ClosestPointBounds {
  Eigen::Vector3d center_mm;
  double reach_mm;                ///< the tree's unit
  LargeVector<SearchNode> nodes;  ///< the root first
  LargeVector<SearchLeaf> leaves;
  LargeVector<int> leaf_of;  ///< one a triangle
};

ClosestPointBounds closest_point_bounds(const Mesh& mesh);

}  // namespace fit::detail
