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
        Number{"largest_hole_mm", &RepairParams::largest_hole_mm, 0.0, 300.0,
               "Holes up to this diameter are filled; the proximal opening never is."},
        Number{
            "smoothing_mm", &RepairParams::smoothing_mm, 0.0, 15.0,
            "Waves of the skin shorter than this are smoothed away, if there is noise; 0 leaves the skin as scanned."},
    };
  }
};

struct Repaired {
  /// One piece, every edge with at most two triangles, outside out, free of self-crossings, open at the proximal
  /// opening alone. Vertices that were sound keep their coordinates to the last bit.
  Mesh surface;
  std::vector<std::uint8_t> invented;  ///< one a triangle: 1 where a hole was filled
  double invented_mm2 = 0.0;
  Findings findings;  ///< what was removed, sewn, joined, filled, smoothed, with its place in the scan's frame
};

/// Makes a clean limb surface out of a scan as scanner apps export it, in any pose: sews seams and T-junctions, parts
/// sheets, turns triangles outward, cuts off floors and tables, keeps the limb of all parts, joins skin that was left
/// apart, cuts out spikes, folds and self-crossings, fills holes by the curvature around them, and keeps the proximal
/// opening: the rim that spans most. A limb closed all round is opened at its flat cap, else across its thicker end.
/// Holes wider than largest_hole_mm are filled too, under a finding that forbids printing.
/// Sound surface does not move; seams move by at most merge_mm; smoothing, when asked, moves all by its noise.
/// Needs: millimetres. The same bits on any number of threads.
/// Throws Error::bad_input (no triangles, indices or numbers that are none, nothing like a limb, no proximal opening),
/// Error::no_solution (a self-crossing that six rounds did not mend), Error::bad_params, Cancelled.
Repaired repair(const Mesh& scan, const RepairParams& params = {}, const Progress& progress = {});

}  // namespace fit
