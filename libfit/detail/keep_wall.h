#pragma once

#include <vector>

#include "libfit/detail/quad_cuts.h"

namespace fit::detail {

/// A triangle of the outer surface, flat between exact points, that comes nearer to a point of skin than the wall
/// asked.
struct ThinPlace {
  Eigen::Vector3i triangle;
  SolidField::Wall wall;
};

/// A 1 for each crossing in a brick that holds fans: elsewhere the skin is so smooth that triangles keep their wall.
std::vector<std::uint8_t> in_rough_bricks(const BrickGrid& grid, const DualSurface& surface,
                                          const std::vector<Cut>& cuts);

/// The triangles that are short of their wall by more than 0.01 mm, of the crossings `among` (a 1 for each of those).
/// Throws Cancelled.
std::vector<ThinPlace> thin_places(const SolidField& field, const BrickGrid& grid, const DualSurface& surface,
                                   const PlacedVertices& placed, const std::vector<Cut>& cuts,
                                   const std::vector<std::uint8_t>& among, const Progress& progress = {});

/// Raises the corners of thin triangles until they keep the wall, each as little as may be. They may leave their cells,
/// so `untangle` has to come after it.
void keep_wall(const BrickGrid& grid, const DualSurface& surface, const std::vector<ThinPlace>& thin,
               const std::vector<Cut>& cuts, PlacedVertices& placed);

}  // namespace fit::detail
