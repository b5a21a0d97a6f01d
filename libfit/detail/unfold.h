#pragma once

#include <vector>

#include "libfit/detail/geodesic.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// Takes the folds out of a surface that was moved: where a triangle of `moved` turned over or lost nearly all of its
/// area against `before`, the moves of the vertices around it are evened out until it has not. Elsewhere nothing
/// changes. Returns the triangles that are still folded, ascending. Needs: the same triangles in both.
std::vector<int> unfold(const Mesh& before, Mesh& moved);

}  // namespace fit::detail
