#pragma once

#include <optional>

#include "scanners/detail/align_views.h"
#include "scanners/detail/track_field.h"

namespace fit {

/// What a frame is laid on.
struct Model {
  const FieldGrid* field = nullptr;
  const FrameSurface* key_view = nullptr;  ///< of which the colours are compared; may be missing
  Eigen::Isometry3d world_from_key = Eigen::Isometry3d::Identity();
  SubjectRegion region;
  double band_mm = 4.0;
};

struct Followed {
  Eigen::Isometry3d world_from_camera;
  double share = 0.0;  ///< of the points that lie on the field
  double rms_mm = 0.0;
  double color_rms = 0.0;
};

/// Where the camera stood, from a guess whose surface lies within the band of the field, or nearly so: coarse steps
/// with few points first, then fine ones. Where the frame lies badly at `guess`, `otherwise` is begun with if it is
/// better there.
Followed follow(const Model& model, const ViewPoints& points, const Eigen::Isometry3d& guess,
                const std::optional<Eigen::Isometry3d>& otherwise = {});

/// The points that `follow` needs: those within the region when the camera stands about there.
ViewPoints points_to_follow(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                            const SubjectRegion& region);

}  // namespace fit
