#pragma once

#include <Eigen/Core>
#include <memory>

#include "libfit/mesh.h"

namespace fit::detail {

struct Closest {
  Eigen::Vector3d point_mm;  ///< on the surface
  double signed_mm;          ///< distance, negative inside, by the angle-weighted pseudonormal (Baerentzen and Aanaes 2005)
  int triangle;
};

/// Answers closest-point queries on a mesh of any size; immutable after it is built, so any number of threads may ask.
class ClosestPoint {
 public:
  explicit ClosestPoint(const Mesh& mesh);
  ~ClosestPoint();

  /// `hint` is a triangle that is likely near (that of a neighbouring query), or -1.
  Closest at(const Eigen::Vector3d& query, int hint = -1) const;

 private:
  struct Tree;
  std::unique_ptr<const Tree> tree_;
};

}  // namespace fit::detail
