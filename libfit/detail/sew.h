#pragma once

#include "libfit/detail/skin.h"

namespace fit::detail {

struct Sewn {
  int corners = 0;      ///< vertices at the very same place as another: a soup's corners
  int merged = 0;       ///< boundary vertices merged with one near
  int split_edges = 0;  ///< edges that got a vertex of the neighbouring edge that lay on them (T-junctions)
  int collapsed = 0;    ///< triangles without area
  int repeated = 0;     ///< triangles that were there already
};

/// Makes corners at the same place one vertex, then boundary vertices nearer than `merge_mm`; gives an edge the
/// boundary vertices that lie on it within `merge_mm`; removes triangles without area and repeated ones.
/// Of merged vertices the first keeps its place, so that only seams move, and by at most `merge_mm`.
Sewn sew(Skin& skin, double merge_mm);

}  // namespace fit::detail
