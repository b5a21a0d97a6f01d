#pragma once

#include <cstdint>
#include <vector>

#include "libfit/detail/dual_surface.h"

namespace fit::detail {

/// Where the vertices of a dual surface lie: each within its own cell.
struct PlacedVertices {
  /// Of every vertex: on the surface, and on its edges and corners where it has them; behind these, where the surface
  /// crosses each of the grid's edges.
  std::vector<Eigen::Vector3d> point;
  /// Hardly ever in the way of others: of every vertex the mean of its crossings, then the crossings.
  std::vector<Eigen::Vector3d> safe;
  std::vector<std::uint8_t> on_feature;  ///< 1: the vertex was put on an edge or a corner
};

/// Throws Cancelled.
PlacedVertices place_vertices(const SolidField& field, const BrickGrid& grid, const DualSurface& surface,
                              const Progress& progress = {});

}  // namespace fit::detail
