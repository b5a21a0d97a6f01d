#pragma once

#include <filesystem>
#include <string>

#include "apps/slicing/gcode.h"
#include "libfit/finding.h"
#include "libfit/params.h"
#include "libfit/printer.h"
#include "libfit/progress.h"
#include "libfit/solid.h"

namespace fit {

/// How a socket is filled: by the clinical evidence walls are printed solid, of at least four to six perimeters.
struct SliceParams {
  int perimeters = 6;
  double infill_percent = 100.0;
  double brim_mm = 5.0;
  bool supports = true;

  bool operator==(const SliceParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Whole{"perimeters", &SliceParams::perimeters, 1, 30, "Lines along each side of the wall."},
        Number{"infill_percent", &SliceParams::infill_percent, 0.0, 100.0,
               "How much of the room between them is filled."},
        Number{"brim_mm", &SliceParams::brim_mm, 0.0, 30.0,
               "Rim around the first layer that holds the part to the bed."},
        Switch{"supports", &SliceParams::supports,
               "Supports from the bed under what hangs over; never inside the socket."},
    };
  }
};

struct Sliced {
  std::string gcode;   ///< the file's text, without the slicer's date
  std::string slicer;  ///< "PrusaSlicer 2.5.0"
  Gcode figures;
  Eigen::Vector3d gcode_from_part_mm = Eigen::Vector3d::Zero();  ///< the part was moved by this
  Findings findings;  ///< time and grams, and what the slicer keeps quiet about: off the bed, too tall, layers missing
};

/// Where Debian's prusa-slicer keeps the vendors' profiles.
inline constexpr const char* slicer_profiles = "/usr/share/PrusaSlicer/profiles";

/// Slices a part by PrusaSlicer without a display, with the printer's and the material's profiles out of the slicer's
/// own vendor bundles, and checks the G-code against the part and the printer: the slicer says nothing when a part is
/// off the bed, too tall or full of holes. Throws Error::bad_params (printer or material without the name of a
/// profile), Error::io (no slicer), Error::no_solution (the slicer gives up; not done in time), Cancelled.
Sliced slice(const Solid& part, const Printer& printer, const Material& material, const SliceParams& params = {},
             const Progress& progress = {});

/// What is wrong with a G-code, given what it should print. `bed_mm` is where the printer can print.
Findings check_gcode(const Gcode& gcode, const Solid& part, const Box& bed_mm, const Printer& printer,
                     const SliceParams& params);

}  // namespace fit
