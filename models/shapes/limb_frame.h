#pragma once

#include <Eigen/Geometry>

#include "libfit/mesh.h"

namespace fit {

/// The exact limb frame (see libfit/limb.h) of a clean limb that stands about upright: `upper` is mid-patellar tendon,
/// or the perineum; `front` points forward. Gives limb_from_mesh.
Eigen::Isometry3d limb_frame(const Mesh& surface, const Eigen::Vector3d& upper, const Eigen::Vector3d& front);

}  // namespace fit
