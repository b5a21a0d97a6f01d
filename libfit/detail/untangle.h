#pragma once

#include "libfit/detail/quad_cuts.h"

namespace fit::detail {

/// Cuts quadrilaterals another way where their triangles would cross others and, where that does not help, takes
/// vertices back towards their safe places. Gives the number of quadrilaterals that cross another all the same.
///
/// A triangle that lies in the envelope of its grid edge cannot cross another that does (see `Cut`); only the others
/// are tested, exactly, and only against those that have a cell in common with them.
/// `changed`: a 1 for each quadrilateral that is new or was moved since the call before; `doubts` is what that call
/// left of the others. Throws Cancelled.
int untangle(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed, std::vector<Cut>& cuts,
             const std::vector<std::uint8_t>& changed, std::vector<std::uint8_t>& doubts,
             const Progress& progress = {});

}  // namespace fit::detail
