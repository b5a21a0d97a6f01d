#pragma once

#include <Eigen/Geometry>

#include "libfit/mesh.h"

namespace fit {

/// How a body lies on the printer: `up` (in the limb frame) becomes +z, the lowest point z = 0, and the middle of its
/// bounding box x = y = 0. A socket stands on its block: `up` is the block's z axis; a draping model on its base: -z.
/// `turn_deg` turns it about the vertical, counter-clockwise seen from above.
/// Throws Error::bad_params for a direction without a length.
Eigen::Isometry3d print_from_limb(const Mesh& body, const Eigen::Vector3d& up, double turn_deg = 0.0);

/// The body carried by a rigid motion.
Mesh moved(const Eigen::Isometry3d& to_from, Mesh body);

}  // namespace fit
