#pragma once

#include <vector>

#include "libfit/detail/geodesic.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// Takes the folds out of a surface that was moved: where a triangle of `moved` turned over or lost nearly all of its
/// area against `before`, the moves of the vertices around it are evened out until it has not. Elsewhere nothing
/// changes. Some rounds are taken; what is folded then is left. Needs: the same triangles in both.
void unfold(const Mesh& before, Mesh& moved);

}  // namespace fit::detail
