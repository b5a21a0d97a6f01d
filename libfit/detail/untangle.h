#pragma once

#include <cstdint>
#include <vector>

#include "libfit/detail/place_vertices.h"

namespace fit::detail {

/// How a dual surface's quadrilaterals are cut into triangles that do not cross each other.
struct Untangled {
  std::vector<std::uint8_t> second_diagonal;  ///< one a crossing: the diagonal runs from corner 1 to 3, not from 0 to 2
  int moved = 0;                              ///< vertices that were taken back towards their safe places
  int left = 0;                               ///< quadrilaterals that cross another all the same
};

/// Chooses the diagonals and, where triangles would cross, takes vertices back towards their safe places.
///
/// A triangle that lies in the envelope of its grid edge (the four tetrahedra of the edge and two neighbouring
/// vertices; Ju and Udeshi 2006) cannot cross another that does; only the others are tested, exactly, and only against
/// those that have a cell in common with them. Throws Cancelled.
Untangled untangle(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed,
                   const Progress& progress = {});

}  // namespace fit::detail
