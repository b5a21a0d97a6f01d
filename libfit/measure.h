#pragma once

#include <vector>

#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

struct MeasureParams {
  double station_spacing_mm = 10.0;

  bool operator==(const MeasureParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"station_spacing_mm", &MeasureParams::station_spacing_mm, 0.1, 200.0, "Distance between the stations along the limb."}};
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

/// Measures a limb at one height. `heights_mm` in any order; one slice each.
/// Needs: `limb` is in the limb frame, outside out, and closed below the top slice; it may be open above.
/// Exact for the mesh given, and the same to the last bit on every run.
/// Throws Error::bad_params, Error::bad_input (an opening below the top slice; a height the limb does not reach), Cancelled.
std::vector<Slice> measure_at(const Mesh& limb, const std::vector<double>& heights_mm, const Progress& progress = {});

/// Measures a limb at evenly spaced heights, as a prosthetist does with a tape: from one spacing above the distal end to
/// the last below the opening.
std::vector<Slice> measure(const Mesh& limb, const MeasureParams& params = {}, const Progress& progress = {});

}  // namespace fit
