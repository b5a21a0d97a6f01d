#pragma once

#include <cstddef>

#include "libfit/solid.h"
#include "libfit/solidify.h"

namespace fit {

/// Signed errors of samples, in mm.
struct ErrorSpread {
  std::size_t samples = 0;
  double rms_mm = 0.0;
  double within_mm = 0.0;  ///< 99.9 % of them are no larger
  double worst_mm = 0.0;   ///< the largest, whatever its sign
};

/// How exactly a socket is what was asked: below the band of its rim (15 mm).
struct WallExactness {
  ErrorSpread outer;           ///< vertices and face centres of the outer surface: to the positive, less the wall asked
  ErrorSpread inner_vertices;  ///< to the positive
  ErrorSpread inner_centers;
  double thinnest_mm = 0.0;  ///< from any vertex of the positive to the outer surface, less the wall asked: the least
};

/// Needs: a socket made of that positive without a block.
WallExactness wall_exactness(const Mesh& socket, const Mesh& positive, const Trimline& trimline,
                             const SolidifyParams& asked);

/// The exactness of a socket around a generated transtibial limb with scan noise of that deviation on every vertex.
WallExactness draw_wall_exactness(int seed, double noise_mm, int limb_triangles, const SolidifyParams& asked);

}  // namespace fit
