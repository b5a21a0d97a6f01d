#pragma once

#include "libfit/mesh.h"
#include "scanners/detail/kept_frames.h"
#include "scanners/detail/refine_poses.h"

namespace fit {

/// What the key views tell of each vertex.
struct VertexViews {
  std::vector<Eigen::Vector3d> colors;  ///< empty without colour; grey where no view shows it
  std::vector<int> seen_from;           ///< how many key views see it
};

/// `colors` belong to the views one by one; empty images where there is none.
VertexViews look_up(const Mesh& mesh, const std::vector<KeyView>& views, const std::vector<KeptColor>& colors,
                    const Eigen::Isometry3d& color_from_depth);

/// The direction in which the points of a mesh reach farthest, by their spread.
Eigen::Vector3d long_axis(const Mesh& mesh);

}  // namespace fit
