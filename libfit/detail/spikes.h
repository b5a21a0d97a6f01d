#pragma once

#include <cstdint>
#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

struct Spikes {
  std::vector<std::uint8_t> triangles;  ///< one a triangle: 1 where it belongs to a spike or a fold
  int spikes = 0;                       ///< vertices that stand out of their neighbours like a needle's point
  int folds = 0;                        ///< edges over which the surface turns back on itself
  int seed = -1;                        ///< the triangle of the worst, or -1
};

/// Finds what no skin does: vertices that stand out of the ring of their neighbours by more than 1 mm and more than
/// 1.3 times the ring's radius (0.7 times, where no neighbour does the like), edges over which the surface turns by more
/// than 120 degrees, and the steep flanks that hang on these. When more than one vertex in a hundred is such a one the scan is noisy, not spiky, and nothing is flagged.
Spikes find_spikes(const Mesh& mesh, const std::vector<int>& opposite);

}  // namespace fit::detail
