#pragma once

#include "libfit/detail/skin.h"

namespace fit::detail {

struct MadeManifold {
  int crowded_edges = 0;   ///< had more than two triangles: cut there
  int twisted_edges = 0;   ///< no side of the surface could be told (a Moebius strip): cut there
  int split_vertices = 0;  ///< vertices in which sheets met in a point: each sheet got its own
  int flipped = 0;         ///< triangles turned over to agree with most of their part
};

/// Makes every edge have at most two triangles, which run along it in opposite directions, and every vertex one fan, by
/// cutting (never by moving or adding) and by turning triangles over. Which way a whole part faces is left as most of
/// its area does.
MadeManifold make_manifold(Skin& skin);

}  // namespace fit::detail
