#pragma once

#include <array>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit {

/// Pairs of triangles that cross, touch or overlap each other beyond a corner or edge that they share as indices: the same
/// verdict as CGAL's `self_intersections`. Exact: filtered predicates with an exact fallback. Sorted; the same on any
/// number of threads. Stops after `most` pairs.
std::vector<std::array<int, 2>> self_crossings(const Mesh& mesh, std::size_t most = 1000, const Progress& progress = {});

}  // namespace fit
