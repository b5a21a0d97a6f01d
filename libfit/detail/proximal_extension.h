#pragma once

#include "libfit/mesh.h"

namespace fit::detail {

/// A positive that is open above, closed: its rim goes straight up to a height and ends in a flat lid.
///
/// Needs: oriented, edges of at most two triangles; one opening, below `top_mm`, or none (then it is given back as it
/// is). Throws Error::bad_input for what cannot be closed.
Mesh extended_and_closed(const Mesh& positive, double top_mm);

}  // namespace fit::detail
