#pragma once

#include <array>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit {

/// Pairs of triangles that cross, touch or overlap each other beyond a corner or side that they share as indices: the
/// same verdict as CGAL's `self_intersections`. A triangle without area is told as a pair with itself, and crosses no
/// other. Exact: filtered predicates with an exact fallback (Shewchuk 1997). Sorted; the same on any number of threads.
/// Stops after about `most` pairs, and tells no more than that.
/// Throws Error::bad_input (an index out of range, a coordinate that is not a number or beyond 1e70 mm), Cancelled.
std::vector<std::array<int, 2>> self_crossings(const Mesh& mesh, std::size_t most = 1000,
                                               const Progress& progress = {});

/// The same for the pairs with at least one of the triangles `among`: what changed, after a change.
std::vector<std::array<int, 2>> self_crossings(const Mesh& mesh, const std::vector<int>& among, std::size_t most = 1000,
                                               const Progress& progress = {});

}  // namespace fit
