#pragma once

#include "scanners/detail/field_grid.h"
#include "scanners/detail/pose_equations.h"

namespace fit {

/// The points of a frame that are laid on the field, chosen evenly over its image.
struct TrackPoints {
  std::vector<Eigen::Vector3f> points;  ///< in the camera
  std::vector<Eigen::Vector3f> normals;
  std::vector<float> weights;  ///< 1 over the variance of the point's distance, in that at the nearest
};
/// About `count` points within the region, as seen from `world_from_camera`.
TrackPoints track_points(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera, const Region& region,
                         int count);

/// The equations for the motion of a frame (about `pivot_mm`) that lays every `stride`-th of its points on the zero of
/// the field (Bylow et al. 2013, with the frame's own smoother normals in place of the field's).
PoseEquations match_field(const FieldGrid& field, const TrackPoints& points, const Eigen::Isometry3d& world_from_camera,
                          const Eigen::Vector3d& pivot_mm, double limit_mm, int stride);

}  // namespace fit
