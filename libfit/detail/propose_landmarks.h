#pragma once

#include "libfit/detail/knee_finder.h"
#include "libfit/landmarks.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// The transtibial landmarks of a right limb in a frame whose z is its axis and whose map has the knee found: where
/// linear regressors of the knee's and the shaft's shape see them, on the skin of `surface`. Without confidence. A
/// landmark whose ray meets no skin is left out.
Landmarks propose_landmarks(const Mesh& surface, const RadialMap& map, const Knee& knee);

/// The distal end: the skin below the middle of what lies within 2 mm of the most distal. Generated and drawn limbs are
/// told by the same, in their true frame.
Eigen::Vector3d distal_end(const Mesh& surface);

}  // namespace fit::detail
