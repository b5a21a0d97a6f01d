#pragma once

#include <Eigen/Core>
#include <vector>

namespace fit::detail {

/// Whether three points lie on a line, exactly.
bool on_a_line(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c);

/// Whether two triangles meet anywhere but in the corner or side that they share as indices: exact, touching counts.
/// With a side in common they cross when one is folded onto the other; with three corners in common, always.
/// Needs: neither triangle's corners lie on a line.
bool triangles_cross(const std::vector<Eigen::Vector3d>& vertices, const Eigen::Vector3i& first,
                     const Eigen::Vector3i& second);

}  // namespace fit::detail
