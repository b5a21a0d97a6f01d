#pragma once

#include <optional>

#include "libfit/detail/skin.h"

namespace fit::detail {

struct OpenedCap {
  double area_mm2 = 0.0;  ///< of what was removed
  Eigen::Vector3d centre_mm = Eigen::Vector3d::Zero();
};

/// Takes out the flat cap at an end of the long axis with which a scanner closed a limb; empty when there is none.
std::optional<OpenedCap> open_flat_cap(Skin& skin);

/// Cuts the thicker end off a closed limb that is round at both, square to the long axis where its section has come up
/// to four fifths of its widest. Needs: closed. Empty when nothing would be cut.
std::optional<OpenedCap> open_round_end(Skin& skin);

}  // namespace fit::detail
