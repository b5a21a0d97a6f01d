#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// Which triangles lie on the two sides of each edge, whichever way round they are.
/// Half-edge 3 t + k is the side of triangle t from its corner k to corner (k + 1) % 3.
struct EdgePairs {
  std::vector<int> opposite;  ///< the half-edge across, or -1: the surface ends there
  std::vector<int> crowded;   ///< the half-edges of edges with more than two triangles
  int crowded_edges = 0;
};

/// Pairs the half-edges of a mesh. Where more than two triangles meet at an edge, those two that continue each other
/// straightest are paired first, then the next; what does not continue anything (a fin) ends there.
/// Needs: no triangle names a vertex twice.
EdgePairs pair_edges(const Mesh& mesh);

}  // namespace fit::detail
