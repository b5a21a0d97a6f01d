#pragma once

#include <vector>

#include "libfit/detail/radial_map.h"

namespace fit::detail {

/// Where the mid-patellar tendon of a right transtibial limb lies on a radial map, and how well the shape around
/// agrees.
struct Knee {
  double height_mm = 0.0;
  double anterior_angle = 0.0;  ///< from x towards y
  double misfit = 0.0;  ///< how far what the regressors say departs from what they say at a true knee, in deviations
};

/// What the regressors see of a limb from a knee: harmonics of the radius at levels above and below it, over the mean
/// radius at its height, turned so that anterior is y; a 1; the same at shares of the way up to it; its height.
std::vector<double> knee_descriptor(const RadialMap& map, const Knee& knee);

/// Looks all along and all round the map for the knee: the few places where it may be, that with the least misfit
/// first. Cascaded linear regression from many starting places (X. Xiong and F. De la Torre, "Supervised descent method
/// and its applications to face alignment", CVPR 2013). Empty on a map too short to hold a knee.
std::vector<Knee> find_knees(const RadialMap& map);

/// Follows the last regressor from a place near the knee until it stays.
Knee refine_knee(const RadialMap& map, Knee knee);

/// How far apart the last regressor ends when it starts a little beside a knee: up and down, and round the limb.
struct Unsteadiness {
  double up_mm = 0.0;
  double round_mm = 0.0;
};

/// From 12 mm above and below the knee and 0.2 rad to either side, the farthest that it ends from the knee.
Unsteadiness knee_unsteadiness(const RadialMap& map, const Knee& knee);

}  // namespace fit::detail
