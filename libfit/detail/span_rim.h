#pragma once

#include <vector>

#include "libfit/detail/around.h"
#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// A closed loop of boundary half-edges (3 t + k: the side of triangle t from its corner k), each starting where the
/// one before ends; the surface lies on their left.
using Rim = std::vector<int>;

/// What closes a hole.
struct RimPatch {
  std::vector<Eigen::Vector3d> points;     ///< new ones
  std::vector<Eigen::Vector3i> triangles;  ///< -1 - i: new point i; else a vertex of the mesh
};

/// Spans a rim with triangles as large as those around it, whose curvature continues theirs: triangulated with the
/// least crease, refined (Liepa 2003), and moved to where the mean curvature of patch and surroundings varies least. Of
/// the surroundings only what is longer than two fifths of the hole's width is continued, so that noise is not.
RimPatch span_rim(const Mesh& mesh, const Around& around, const Rim& rim, const Progress& progress = {});

}  // namespace fit::detail
