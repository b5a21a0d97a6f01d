#pragma once

#include "libfit/detail/skin.h"

namespace fit::detail {

/// Removes triangles flatter than `flat_mm`: needles by making their short edge one vertex, caps by taking them out, so
/// that the middle corner comes to lie on its neighbour's edge. Gives how many.
int remove_flat(Skin& skin, double flat_mm);

/// Gives each boundary edge the boundary vertices that lie on it within `reach_mm` (T-junctions), so that both sides of
/// a seam have the same edges. Gives the number of edges split.
int split_junctions(Skin& skin, double reach_mm);

}  // namespace fit::detail
