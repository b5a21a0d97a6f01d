#pragma once

#include <optional>

#include "libfit/detail/skin.h"

namespace fit::detail {

struct OpenedCap {
  bool flat = false;  ///< it was flat; else the limb was cut across
  double area_mm2 = 0.0;
  Eigen::Vector3d centre_mm = Eigen::Vector3d::Zero();
};

/// Opens a limb that its scanner closed: takes out the flat cap at an end of its long axis, or, where that end is
/// round, cuts it off square to the axis where the limb's section has come up to four fifths of its widest. Of two ends
/// the one that is a flat cap, else the thicker, is the proximal one. Empty when neither will do.
std::optional<OpenedCap> open_cap(Skin& skin);

}  // namespace fit::detail
