#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// The triangles of a mesh gathered eight by eight, so that one instruction looks at eight bounds: leaves of eight
/// triangles that lie together, nodes of up to eight leaves, nodes of up to eight nodes, up to one root.
struct EightTree {
  /// A node's children: leaves when `over_leaves`, else nodes. They stand one behind the other.
  struct Node {
    int first_child;
    int child_count;
    bool over_leaves;
    int first_leaf;  ///< of all that are below it
    int leaf_count;
  };
  std::vector<int> triangles;  ///< leaf i holds those from 8 i on; only the last leaf may be short
  std::vector<Node> nodes;     ///< the root first, parents before children
  Eigen::Vector3d center_mm;   ///< of the box around the triangles
  double reach_mm;             ///< half the longest side of that box; never 0

  int leaf_count() const { return static_cast<int>((triangles.size() + 7) / 8); }
};

/// Splits at the median of the longest axis of the triangles' middles. The same on any number of threads.
/// Needs: at least one triangle, finite vertices.
EightTree gather_by_eight(const Mesh& mesh);

}  // namespace fit::detail
