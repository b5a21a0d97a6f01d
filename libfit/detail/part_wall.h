#pragma once

#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// How thick a closed body is behind the middle of each triangle, square to it, mm, to 0.02 mm; what is thinner than
/// 0.5 mm is said to be that. NaN for a triangle without area, and beyond `most_mm`.
Values thickness_behind(const Mesh& body, double most_mm, const Progress& progress);

/// The least value that the triangles of some patch of at least `patch_mm2` stay at or below; NaN when there is none.
/// Triangles of a patch share edges.
double least_over_a_patch(const Mesh& body, const Values& triangle_values, double patch_mm2);

}  // namespace fit::detail
