#pragma once

#include <vector>

#include "libfit/detail/large_pages.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// The corners of all triangles by the vertex they lie at, in one array: the edges of a mesh matched in linear time,
/// without a sort. Needs: indices within range.
struct Corners {
  /// Of a triangle (vertex, next, before): the sides that leave and enter the vertex.
  struct Corner {
    int next, before;
  };
  std::vector<int> first;  ///< those at vertex v lie from first[v] to first[v + 1], in the order of their triangles
  LargeVector<Corner> at;

  explicit Corners(const Mesh& mesh) : first(mesh.vertices.size() + 1, 0), at(3 * mesh.triangles.size()) {
    for (const Eigen::Vector3i& t : mesh.triangles)
      for (int k = 0; k < 3; ++k) ++first[t[k]];
    int end = 0;
    for (int& here : first) here = end += here;
    // From the back, so that each list ends up where it begins, and in order.
    for (std::size_t i = mesh.triangles.size(); i-- > 0;) {
      const Eigen::Vector3i& t = mesh.triangles[i];
      for (int k = 2; k >= 0; --k) at[--first[t[k]]] = {t[(k + 1) % 3], t[(k + 2) % 3]};
    }
  }
};

}  // namespace fit::detail
