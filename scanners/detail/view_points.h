#pragma once

#include <vector>

#include "scanners/detail/frame_surface.h"

namespace fit {

/// A point of a view that is laid on a field or on another view. In the camera.
struct ViewPoint {
  Eigen::Vector3f point;
  Eigen::Vector3f normal;
  float slant;       ///< cosine between normal and line of sight
  float brightness;  ///< negative where it is not known
};
using ViewPoints = std::vector<ViewPoint>;

/// Every `stride`-th sound point along each axis.
ViewPoints points_of(const FrameSurface& surface, int stride);

/// About `count` sound points within the region, as seen from `world_from_camera`, evenly over the image.
ViewPoints points_of(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                     const SubjectRegion& region, int count);

/// How many of every sixteenth sound point lie within the region.
std::size_t count_in(const SubjectRegion& region, const FrameSurface& surface,
                     const Eigen::Isometry3d& world_from_camera);

}  // namespace fit
