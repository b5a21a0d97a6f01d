#pragma once

#include <vector>

#include "libfit/attach.h"
#include "libfit/detail/field_algebra.h"

namespace fit::detail {

/// A part of the distal block, placed in the limb frame and ready to be asked.
class PlacedPart {
 public:
  PlacedPart(const BlockPart& part, const Eigen::Isometry3d& limb_from_block);

  /// Signed distance to the part, negative inside, and its gradient; 1-Lipschitz. Exact inside, at the faces and beyond
  /// round edges; beyond sharp edges of a frustum or a box it is a lower bound of the distance.
  Jet at(const Eigen::Vector3d& point_mm) const;

  /// A lower bound of the distance that costs next to nothing.
  double at_least(const Eigen::Vector3d& point_mm) const { return (point_mm - center_).norm() - radius_; }

  bool cut() const { return part_.cut; }
  double fillet_mm() const { return part_.fillet_mm; }
  const Eigen::Vector3d& center_mm() const { return center_; }
  double radius_mm() const { return radius_; }

 private:
  BlockPart part_;
  Eigen::Isometry3d part_from_limb_;
  Eigen::Vector3d center_;
  double radius_;
};

}  // namespace fit::detail
