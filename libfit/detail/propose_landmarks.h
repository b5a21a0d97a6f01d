#pragma once

#include "libfit/detail/knee_finder.h"
#include "libfit/landmarks.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// Landmarks without confidence yet, and for each how far it may be off by what the surveyors say.
struct Proposed {
  Landmarks landmarks;
  std::map<Landmark, double> may_be_off_mm;
};

/// The transtibial landmarks of a right limb in a frame whose z is its axis and whose map has the knee found, on the
/// skin of `surface`: where the surveyors see them in the mean. How far they may be off is the root of the mean of
/// their variances and the variance of their means (Lakshminarayanan et al. 2017, section 2.4). A landmark whose ray
/// meets no skin is left out.
Proposed propose_landmarks(const Mesh& surface, const RadialMap& map, const Knee& knee);

/// The distal end: the skin below the middle of what lies within 2 mm of the most distal. Generated and drawn limbs are
/// told by the same, in their true frame.
Eigen::Vector3d distal_end(const Mesh& surface);

}  // namespace fit::detail
