#pragma once

#include "scanners/detail/pose_equations.h"
#include "scanners/detail/view_points.h"

namespace fit {

/// How one view is laid on another.
struct ViewMatching {
  double farthest_mm = 20.0;       ///< points farther from the other surface than this do not belong together
  double brightness_limit = 40.0;  ///< of 255; brightness that differs by more says nothing
  int stride = 1;                  ///< every so many of the points given
  SubjectRegion region;            ///< in the world: points outside do not count
  bool colors = true;
  bool shapes = true;
};

/// The equations for the motion of `source` (about the region's center) that lays it on `target`.
struct ViewEquations {
  PoseEquations shape;  ///< mm: point to plane (Chen and Medioni 1992), points matched by projection
  PoseEquations color;  ///< of 255: brightness of a point less that of the target where it is seen
};
ViewEquations match_views(const ViewPoints& source, const Eigen::Isometry3d& world_from_source,
                          const FrameSurface& target, const Eigen::Isometry3d& world_from_target,
                          const ViewMatching& how);

struct Aligned {
  Eigen::Isometry3d world_from_source;
  double share = 0.0;  ///< of the points asked, how many found their surface
  double rms_mm = 0.0;
  double color_rms = 0.0;
};
/// Repeats the above from coarse to fine, starting at a guess that may be some centimetres off.
/// Points are taken every `how.stride` along each axis at the finest.
Aligned align_views(const FrameSurface& source, const Eigen::Isometry3d& guess, const FrameSurface& target,
                    const Eigen::Isometry3d& world_from_target, ViewMatching how);

/// How much a brightness equation weighs against one of shape in mm, for surfaces of this noise.
double color_share(double noise_mm, double brightness_noise);

}  // namespace fit
