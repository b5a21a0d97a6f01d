#pragma once

#include "libfit/check_print.h"

/// The checks that `check_print` is made of, each a function that gives findings.
namespace fit::detail {

/// `self_crossing`.
Findings check_crossing(const Mesh& socket, const Progress& progress);

/// `wall_thinnest`, `wall_thin`, `wall_region_thin`, `wall_missing`; fills in the wall of `checked`.
void check_wall(const SocketCase& made, const SolidifyParams& asked, Checked& checked, const Progress& progress);

/// `donning_tight`, `donning_impossible`: the widest girth below against the narrowest above, along z.
Findings check_donning(const SocketCase& made, const CheckParams& params, const Progress& progress);

/// `wall_for_activity`, `wall_low_activity_only`, `wall_below_material`, `rim_wall_thin`, `body_mass_...`.
Findings check_strength(const SolidifyParams& asked, const Workshop& workshop, const CheckParams& params);

/// `printer_too_small`, `printer_turn`, `printers_that_fit`, `printers_all_too_small`, `overhang`, `block_misplaced`.
void check_printer(const SocketCase& made, const Workshop& workshop, Checked& checked);

/// Of a body on the bed, `up` in its frame: `printer_too_small`, `printer_turn`, `printers_that_fit`,
/// `printers_all_too_small`. Gives the turn about the vertical with which it fits, degrees.
double check_size(const Mesh& body, const Eigen::Vector3d& up, const Workshop& workshop, Findings& findings);

/// `overhang`.
Findings check_overhang(const Mesh& body, const Eigen::Vector3d& up);

/// `rim_sharp`.
Findings check_rim(const SocketCase& made, const SolidifyParams& asked);

/// `carve_deep`, `build_up_high`, `relief_carved`, `girth_reduced_far`, `girth_enlarged_far`.
Findings check_change(const SocketCase& made, const Progress& progress);

}  // namespace fit::detail
