#pragma once

#include <array>
#include <vector>

#include "libfit/detail/knee_weights.h"
#include "libfit/detail/radial_map.h"

namespace fit::detail {

/// Where the mid-patellar tendon of a right transtibial limb lies on a radial map, and how surely.
struct Knee {
  double height_mm = 0.0;
  double anterior_angle = 0.0;  ///< from x towards y
  double log_odds = 0.0;        ///< that it is the knee, of a right limb
};

/// What the networks see of a limb from a knee, in principal components: harmonics of the radius at levels above and
/// below it, over the mean radius at its height, turned so that anterior is y; the same at shares of the way up to it;
/// its height, and how far the map goes on above it.
using KneeView = std::array<float, kComponents>;
KneeView knee_view(const RadialMap& map, const Knee& knee);

/// Looks all along and all round the map for the knee: the few places where it may be, the likeliest first. Each is
/// reached by a cascade of moves (X. Xiong and F. De la Torre, "Supervised descent method and its applications to face
/// alignment", CVPR 2013). Empty on a map too short to hold a knee.
std::vector<Knee> find_knees(const RadialMap& map);

/// Follows the refiner from a place near the knee.
Knee refine_knee(const RadialMap& map, Knee knee);

/// How far apart the refiner ends when it starts a little beside a knee: up and down, and round the limb.
struct Unsteadiness {
  double up_mm = 0.0;
  double round_mm = 0.0;
};

/// From 12 mm above and below the knee and 0.2 rad to either side, the farthest that it ends from the knee.
Unsteadiness knee_unsteadiness(const RadialMap& map, const Knee& knee);

/// What a network says of what is seen.
template <int Hidden, int Outputs>
std::array<double, Outputs> said_by(const Network<Hidden, Outputs>& network, const KneeView& view);

}  // namespace fit::detail
