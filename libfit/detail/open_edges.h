#pragma once

#include <array>
#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// The edges at which a surface is open: those that its triangles do not run along as often one way as the other. Each
/// is given in the direction of its triangle, once for every run that has no answer; ascending by their lower vertex.
/// Needs: indices within range.
std::vector<std::array<int, 2>> open_edges(const Mesh& surface);

/// One opening: all open edges that hang together.
struct Opening {
  std::vector<std::array<int, 2>> edges;
  double length_mm = 0.0;
};

/// The openings of a surface, the longest first (of equals, the one with the lowest vertex index).
std::vector<Opening> openings(const Mesh& surface);

}  // namespace fit::detail
