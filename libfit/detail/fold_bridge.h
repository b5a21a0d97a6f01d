#pragma once

#include <cstdint>
#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// Folds of the skin that were bridged.
struct FoldBridge {
  double depth_mm = 0.0;  ///< the farthest that skin in a fold was carried
  Eigen::Vector3d deepest_mm = Eigen::Vector3d::Zero();
  double area_mm2 = 0.0;  ///< of the bridges and their margins
};

/// Bridges folds: the flagged triangles, and those within `margin_mm` of them, become the fairest surface that goes on
/// from the skin around them (see fair_patch.h). Triangles stay as they are, and elsewhere nothing moves; the rim of an
/// open surface stays. Nothing is done where there is no such surface.
FoldBridge bridge_folds(Mesh& skin, std::vector<std::uint8_t> flagged, double margin_mm);

}  // namespace fit::detail
