#pragma once

#include <vector>

#include "libfit/detail/limb_part.h"

namespace fit::detail {

/// Joins to the limb the largest part of its skin that the scanner left apart: an island in a hole, or what lies beyond
/// a gap all round. A part belongs to the skin when its rim runs beside the limb's within `gap_mm`, facing as the skin
/// there does, and it does not lie over skin that is there already. A bridge of two triangles, marked invented, is all
/// that is added: the rest of the gap is then one hole of a single rim. Gives the area of what was joined, mm2; 0 when
/// there is nothing more to join.
double join_part(Skin& skin, const Parts& parts, const std::vector<Rim>& rims, int limb, double gap_mm);

}  // namespace fit::detail
