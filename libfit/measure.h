#pragma once

#include <vector>

#include "libfit/limb.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

struct MeasureParams {
  double station_spacing_mm = 10.0;

  bool operator==(const MeasureParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{Number{"station_spacing_mm", &MeasureParams::station_spacing_mm, 0.1, 200.0,
                             "Distance between the stations along the limb."}};
  }
};

/// What a cross-section of the limb measures.
struct Slice {
  double height_mm;
  double girth_mm;      ///< What a tape reads: it bridges hollows (perimeter of the convex hull).
  double perimeter_mm;  ///< Along the skin, into every hollow.
  double area_mm2;      ///< Enclosed by the skin.
  double volume_mm3;    ///< Of the limb from its distal end up to this height.
  double ap_mm;         ///< Width along y.
  double ml_mm;         ///< Width along x.
};

/// Measures a limb at the heights given, in any order; one slice each.
/// The girth, perimeter and widths are those of the largest outline at a height; what lies beside it counts for the
/// volume alone, and a hollow inside it is taken off its area.
///
/// Needs: `limb` is in the limb frame, outside out, and closed below the top slice; it may be open above.
/// Exact for the mesh given (volume by the flux of (0, 0, z' - z) out of the part below z: the field is zero on the
/// cut), and the same to the last bit on every run. Throws Error::bad_params (a height that is not a number),
/// Error::bad_input (an opening below the top slice, a height that the limb does not reach, a surface inside out),
/// Cancelled.
std::vector<Slice> measure_at(const Mesh& limb, const std::vector<double>& heights_mm, const Progress& progress = {});

/// Measures a limb at evenly spaced heights, as a prosthetist does with a tape: from one spacing above the distal end
/// to the last below the opening. Throws as `measure_at`; Error::bad_params also for so many stations that they would
/// not be read (over 20,000), and Error::bad_input for a limb shorter than one spacing.
std::vector<Slice> measure(const Mesh& limb, const MeasureParams& params = {}, const Progress& progress = {});

/// How long the residual limb is: from the most distal skin up to the mid-patellar tendon, along the axis. Of a limb
/// without that landmark: up to the lowest point of the proximal opening.
/// Throws Error::bad_input (no skin).
double limb_length_mm(const Limb& limb);

/// The height below which a limb is whole, mm: the lowest point of its proximal opening, or its top when it is closed.
/// Of several openings the proximal one is that which reaches highest.
/// Throws Error::bad_input (no skin).
double top_mm(const Mesh& limb);

}  // namespace fit
