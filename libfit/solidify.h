#pragma once

#include "libfit/attach.h"
#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/solid.h"
#include "libfit/trim.h"

namespace fit {

struct SolidifyParams {
  double wall_mm = 6.0;
  double trimline_wall_mm = 7.0;
  double resolution_mm = 1.0;

  bool operator==(const SolidifyParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"wall_mm", &SolidifyParams::wall_mm, 1.0, 15.0, "Wall thickness."},
        Number{"trimline_wall_mm", &SolidifyParams::trimline_wall_mm, 1.0, 15.0, "Wall thickness at the trimline."},
        Number{"resolution_mm", &SolidifyParams::resolution_mm, 0.4, 3.0, "Size of the triangles of the outer surface."},
    };
  }
};

struct Solidified {
  Solid socket;
  Findings findings;  ///< creases that were closed, walls that could not be had, ...
};

/// The socket around a positive, in one step: wall, rounded rim, distal block with its holes, fillets, identifier.
Solidified solidify(const Mesh& positive, const Trimline& trimline, const Hardware& hardware,
                    const SolidifyParams& params = {}, const Progress& progress = {});

}  // namespace fit
