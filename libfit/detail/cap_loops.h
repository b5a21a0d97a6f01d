#pragma once

#include <Eigen/Core>
#include <vector>

namespace fit::detail {

/// Triangles that fill loops in a plane, over the loops' points alone: outer loops run counter-clockwise, those of
/// holes clockwise, and none crosses another. Holes are joined to the loop around them by the nearest bridge that
/// crosses nothing (D. Eberly, Triangulation by Ear Clipping), then ears are clipped one by one.
/// The corners of `loops` and of the triangles are indices into `points_mm`. Throws Error::no_solution where no ear is
/// left: loops that cross.
std::vector<Eigen::Vector3i> cap_loops(const std::vector<Eigen::Vector2d>& points_mm,
                                       const std::vector<std::vector<int>>& loops);

}  // namespace fit::detail
