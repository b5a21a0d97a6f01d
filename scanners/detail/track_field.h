#pragma once

#include "scanners/detail/field_grid.h"
#include "scanners/detail/pose_equations.h"
#include "scanners/detail/view_points.h"

namespace fit {

/// The equations for the motion of a frame (about `pivot_mm`) that lays every `stride`-th of its points on the zero of
/// the field (Bylow et al. 2013, with the frame's own smoother normals in place of the field's). A point counts as 1
/// over the variance of its distance.
PoseEquations match_field(const FieldGrid& field, const ViewPoints& points, const Eigen::Isometry3d& world_from_camera,
                          const Eigen::Vector3d& pivot_mm, double limit_mm, int stride);

}  // namespace fit
