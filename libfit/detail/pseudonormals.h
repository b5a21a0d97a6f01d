#pragma once

#include <Eigen/Core>

#include "libfit/detail/large_pages.h"
#include "libfit/detail/triangle_point.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// The angle-weighted pseudonormals of a mesh: the side of a closed surface that a point lies on is the sign of its
/// offset from the closest point times the pseudonormal there (Baerentzen and Aanaes 2005, theorem 1).
class Pseudonormals {
 public:
  explicit Pseudonormals(const Mesh& mesh);

  /// The pseudonormal at a part of a triangle; not of unit length, and zero where no triangle around has an area.
  Eigen::Vector3d at(int triangle, TrianglePart part) const;

 private:
  LargeVector<Eigen::Vector3i> triangles_;
  LargeVector<Eigen::Vector3d> faces_;
  LargeVector<Eigen::Vector3d> vertices_;
  LargeVector<int> next_around_edge_;  ///< of side 3 t + k: the next side on the same edge, in a ring
};

}  // namespace fit::detail
