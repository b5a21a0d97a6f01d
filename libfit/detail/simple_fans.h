#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// Which way each triangle certainly faces along each axis, proved in floating point: bit 2 k, the normal has a
/// positive component along axis k; bit 2 k + 1, a negative one. None: the triangle may have no area.
/// Needs: indices within range, coordinates of at most 1e70.
std::vector<unsigned char> facings(const Mesh& mesh);

/// 1 for each vertex around which the triangles, seen along some axis, certainly lie side by side once round without a
/// fold: no two of them meet anywhere but in the corner or side that they share. 0 where in doubt, as at a boundary.
std::vector<unsigned char> simple_fans(const Mesh& mesh, const std::vector<unsigned char>& facings);

}  // namespace fit::detail
