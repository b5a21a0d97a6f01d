#pragma once

#include <optional>
#include <vector>

#include "libfit/limb.h"
#include "libfit/template.h"

namespace fit::detail {

/// What the fractions of a template are taken of.
struct LimbSize {
  double length_mm;  ///< distal end to MPT; without that landmark to the lowest point of the opening
  double girth_mm;   ///< at MPT, as a tape reads it; without that landmark just below the opening
  double top_mm;     ///< the limb is whole below
};

/// Throws Error::bad_input (no skin; a limb too short to have a section).
LimbSize size_of(const Limb& limb);

/// A template's line of places on the skin of this limb: points less than 5 mm apart.
/// Empty where a landmark is not known, or where a place lies beyond the scan.
using SkinLine = std::vector<Eigen::Vector3d>;

/// Finds the places of many lines at once: from each landmark up or down along the axis, then around at that height,
/// both measured as the template says, and between the places of a line straight in height and angle about the limb's
/// middle.
std::vector<SkinLine> lines_on_skin(const Limb& limb, const LimbSize& size,
                                    const std::vector<std::vector<Placement>>& lines);

}  // namespace fit::detail
