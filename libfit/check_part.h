#pragma once

#include "libfit/check_print.h"
#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit {

struct PartChecked {
  Findings findings;
  bool closed = false;          ///< a `Solid` can be made of it
  int bodies = 0;               ///< that do not hang together; of a closed part
  double thinnest_mm = 0.0;     ///< wall of a closed part; NaN when there is none
  double print_turn_deg = 0.0;  ///< about the vertical, to fit the printer that was named
};

/// Checks a print file of which nothing else is known, as it stands on the bed (z up): whether it is a closed solid,
/// self-crossings, bodies that do not hang together, the wall, the printer, overhangs. Body mass and activity are held
/// against the wall that was measured; `largest_squeeze_mm` means nothing here.
///
/// The wall is measured square to the surface, from the middle of each triangle to the surface behind it, to 0.02 mm;
/// the thinnest is the least that some patch of 1 cm2 stays below, so that edges, letters and threads do not count.
/// Needs: millimetres. The same on any number of threads.
/// Throws Error::bad_params, Error::bad_input (no triangles, numbers that are none), Cancelled.
PartChecked check_part(const Mesh& part, const Workshop& workshop = {}, const CheckParams& params = {},
                       const Progress& progress = {});

}  // namespace fit
