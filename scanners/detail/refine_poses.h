#pragma once

#include <vector>

#include "libfit/progress.h"
#include "scanners/detail/align_views.h"

namespace fit {

/// A view that the others are tied to.
struct KeyView {
  FrameSurface surface;
  Eigen::Isometry3d world_from_camera = Eigen::Isometry3d::Identity();
};

struct Refined {
  std::vector<Eigen::Isometry3d> world_from_camera;  ///< one a view; the first stays where it was
  double drift_mm = 0.0;     ///< how far the views moved, root mean square, where they see the subject
  double residual_mm = 0.0;  ///< by how much views that see the same surface still disagree, of one pair, typically
  std::size_t ties = 0;
};

/// Lays all views on all others that see the same surface at once (Neugebauer 1997): what a tracker let slip from frame
/// to frame is shared out over the whole round.
Refined refine_poses(const std::vector<KeyView>& views, const ViewMatching& how, const Progress& progress = {});

}  // namespace fit
