#pragma once

#include <cstdint>

#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

struct RepairParams {
  double merge_mm = 0.02;  ///< seams: boundary vertices nearer than this become one
  double largest_hole_mm = 80.0;
  double smoothing_mm = 0.0;

  bool operator==(const RepairParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"merge_mm", &RepairParams::merge_mm, 0.0, 1.0, "Edges of the scan nearer than this are sewn together."},
        Number{"largest_hole_mm", &RepairParams::largest_hole_mm, 0.0, 300.0, "Holes up to this diameter are filled; the proximal opening never is."},
        Number{"smoothing_mm", &RepairParams::smoothing_mm, 0.0, 5.0, "Waves of the skin shorter than this are smoothed away; 0 leaves the skin as scanned."},
    };
  }
};

struct Repaired {
  Mesh surface;                        ///< one piece, 2-manifold, oriented, free of self-crossings, open at the proximal opening alone
  std::vector<std::uint8_t> invented;  ///< one a triangle: 1 where a hole was filled
  double invented_mm2 = 0.0;
  Findings findings;                   ///< what was removed, merged, filled, moved
};

/// Makes a clean limb surface out of a scan as scanner apps export it: separates the limb from floor, stand and crumbs,
/// sews seams, orients, removes spikes, folds and self-crossings, fills holes by the curvature around them, and keeps the
/// proximal opening. Sound surface (more than 2 mm from a defect) moves by at most 0.05 mm, unless smoothing is asked.
/// Throws Error::bad_input (nothing like a limb is left; no proximal opening can be told; ...), Error::bad_params, Cancelled.
Repaired repair(const Mesh& scan, const RepairParams& params = {}, const Progress& progress = {});

}  // namespace fit
