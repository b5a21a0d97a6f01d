#pragma once

#include <Eigen/Geometry>

#include "models/shapes/generate_limb.h"

namespace fit {

/// What a scanner app would have made of a limb's surface: noise, holes, a torn rim, seams, spikes, triangles turned
/// about, crumbs and floor, in that order. The same seed gives the same defects.
Mesh scanned(const Mesh& limb, int seed, const DefectParams& params);

/// A pose drawn evenly from all turns, and from 300 mm around the origin.
Eigen::Isometry3d drawn_pose(int seed);

}  // namespace fit
