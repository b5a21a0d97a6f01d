#pragma once

#include "scanners/detail/align_views.h"
#include "scanners/detail/track_field.h"

namespace fit {

/// What a frame is laid on.
struct Model {
  const FieldGrid* field = nullptr;
  const FrameSurface* key_view = nullptr;  ///< of which the colours are compared; may be missing
  Eigen::Isometry3d world_from_key = Eigen::Isometry3d::Identity();
  Region region;
  double band_mm = 4.0;
};

struct Followed {
  Eigen::Isometry3d world_from_camera;
  double share = 0.0;  ///< of the points that lie on the field
  double rms_mm = 0.0;
  double color_rms = 0.0;
};

/// Where the camera stood, from a guess whose surface lies within the band of the field, or nearly so.
/// `steps` coarse steps with few points first, then fine ones.
Followed follow(const Model& model, const ViewPoints& points, const Eigen::Isometry3d& guess, int coarse_steps = 6,
                int fine_steps = 5);

/// The points that `follow` needs: those within the region when the camera stands about there.
ViewPoints points_to_follow(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                            const Region& region);

/// How well a frame lies on the field at a pose: 1 when all its points are on its zero, 0 when none is near.
double fitness(const Model& model, const ViewPoints& points, const Eigen::Isometry3d& world_from_camera);

}  // namespace fit
