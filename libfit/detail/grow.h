#pragma once

#include <cstdint>
#include <vector>

#include "libfit/detail/around.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// Flags also the triangles that share a vertex with a flagged one, `rings` times.
void grow(std::vector<std::uint8_t>& flagged, const Mesh& mesh, const Around& around, int rings);

}  // namespace fit::detail
