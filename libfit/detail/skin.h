#pragma once

#include <cstdint>
#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// A surface under repair: what was scanned, and what was filled in.
struct Skin {
  Mesh mesh;
  std::vector<std::uint8_t> invented;  ///< one a triangle
};

/// Keeps the triangles whose flag is set; vertices stay where they are. Gives the number removed.
int keep_triangles(Skin& skin, const std::vector<std::uint8_t>& kept);

/// Removes triangles that name a vertex twice, and all but the first of those with the same three corners in any
/// order. Gives how many of each.
struct Removed {
  int collapsed = 0;
  int repeated = 0;
};
Removed remove_collapsed_and_repeated(Skin& skin);

/// The triangles' parts that hang together over paired edges, numbered from 0 in the order of their first triangle.
struct Parts {
  std::vector<int> of_triangle;
  int count = 0;
};
Parts connected_parts(const std::vector<int>& opposite);

}  // namespace fit::detail
