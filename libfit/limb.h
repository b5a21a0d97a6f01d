#pragma once

#include <cstdint>
#include <vector>

#include "libfit/landmarks.h"
#include "libfit/mesh.h"

namespace fit {

/// A residual limb in the limb frame, drawn in libfit/README.md: right-handed, millimetres; z up the limb along the line
/// through its section centroids between 20 and 80 % of the way from distal end to mid-patellar tendon (MPT); origin on
/// that axis at the height of the most distal skin; y from the axis to MPT, normal to z: anterior; x = y x z: the
/// patient's right. So lateral is +x on a right limb and -x on a left one.
/// The surface is clean (see `repair`) and open above at the proximal opening alone.
struct Limb {
  Mesh surface;
  std::vector<std::uint8_t> invented;  ///< one a triangle: 1 where the scanner saw nothing and `repair` filled
  Landmarks landmarks;
  Side side = Side::right;
  Level level = Level::transtibial;
};

/// +1 where lateral is +x (a right limb), -1 where it is -x.
inline double lateral_sign(Side side) { return side == Side::right ? 1.0 : -1.0; }

}  // namespace fit
