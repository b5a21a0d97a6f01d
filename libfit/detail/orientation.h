#pragma once

#include <Eigen/Core>

/// Exact signs of determinants: filtered as in Shewchuk, "Adaptive precision floating-point arithmetic and fast robust
/// geometric predicates" (1997), sections 4.2 and 4.3, with an exact expansion where the filter cannot tell.
/// Exact for coordinates that are 0 or between 1e-70 and 1e70 in size.
namespace fit::detail {

/// +1 when a, b, c turn counter-clockwise, -1 when they turn clockwise, 0 when they lie on a line.
int orient2d(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& c);

/// +1 when d lies on the side of the plane abc from which a, b, c turn counter-clockwise, -1 on the other, 0 on the
/// plane.
int orient3d(const Eigen::Vector3d& a, const Eigen::Vector3d& b, const Eigen::Vector3d& c, const Eigen::Vector3d& d);

}  // namespace fit::detail
