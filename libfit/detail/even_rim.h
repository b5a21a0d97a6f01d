#pragma once

#include "libfit/detail/skin.h"

namespace fit::detail {

/// How a torn rim was evened.
struct EvenedRim {
  double roughness_mm = 0.0;  ///< how far the rim departed from its mean within 10 deg around the opening; 0: left
  double area_mm2 = 0.0;      ///< of the skin cut away
};

/// Cuts the teeth off a torn proximal rim, along a smooth curve below its notches. A rim that is rough by less than
/// 1 mm stays as it is, and so does one whose evening would cost skin of more than half the opening's area.
/// Only triangles that the curve crosses are split; no vertex moves. Needs: a manifold skin with one opening.
EvenedRim even_rim(Skin& skin);

}  // namespace fit::detail
