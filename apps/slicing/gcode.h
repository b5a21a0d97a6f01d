#pragma once

#include <string_view>
#include <vector>

#include "libfit/as_printed.h"

namespace fit {

/// What a G-code file of PrusaSlicer prints.
struct Gcode {
  Box part_mm;                        ///< around the part's own lines, by their middles: no brim, no supports
  Box printed_mm;                     ///< around all that is printed after the printer's start sequence
  std::vector<double> layer_tops_mm;  ///< of the layers that hold some of the part, from below
  std::vector<PrintedLine> outlines;  ///< the part's outermost lines, but those that bridge
  double part_volume_mm3 = 0.0;       ///< plastic in the part itself
  double filament_g = 0.0;            ///< as the slicer says; supports and brim included
  double print_time_s = 0.0;          ///< as the slicer says
};

/// Reads the moves and the slicer's own figures. Relative and absolute extrusion are understood; arcs are not needed.
/// Throws Error::bad_input when it is cut short (no figures at its end) or prints nothing.
Gcode read_gcode(std::string_view text);

}  // namespace fit
