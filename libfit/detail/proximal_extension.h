#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

struct ClosedPositive {
  Mesh mesh;                 ///< the positive's own triangles first
  std::vector<int> opening;  ///< vertices around the opening; empty when there was none
};

/// A positive that is open above, closed: its rim goes straight up to a height and ends in a flat lid.
///
/// Needs: edges of at most two triangles; one opening, below `top_mm`, or none (then it is given back as it is).
/// Throws Error::bad_input: no triangles, several openings, inside out.
ClosedPositive extended_and_closed(const Mesh& positive, double top_mm);

}  // namespace fit::detail
