#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// The triangles around each vertex, in one array.
struct Around {
  std::vector<int> first, triangles;

  explicit Around(const Mesh& mesh) : first(mesh.vertices.size() + 1, 0), triangles(3 * mesh.triangles.size()) {
    for (const Eigen::Vector3i& t : mesh.triangles)
      for (int k = 0; k < 3; ++k) ++first[t[k] + 1];
    for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
    std::vector<int> at(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
      for (int k = 0; k < 3; ++k) triangles[at[mesh.triangles[i][k]]++] = static_cast<int>(i);
  }
};

}  // namespace fit::detail
