#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libfit/detail/brick_grid.h"

namespace fit::detail {

/// The surface of a grid's signs as quadrilaterals without places yet: one for every edge of the grid that crosses the
/// surface, one vertex for every patch of surface in every cell (dual marching cubes; Nielson 2004).
///
/// Always closed, oriented and 2-manifold, whatever the signs are: the quadrilaterals are the dual of marching cubes'
/// polygons, and where two cells would share two of those polygons' sides, the face between them joins its inside
/// corners instead of parting them.
struct DualSurface {
  struct Crossing {
    Eigen::Vector3i node;  ///< the lower end of the grid's edge
    int axis;
    bool leaves;  ///< the lower end is inside
    int brick;
    std::array<int, 4> corners;  ///< of its quadrilateral: vertices, counter-clockwise from outside
    std::array<int, 4>
        cell_side;  ///< of each corner's cell: bit 0 and 1 tell whether it lies below the edge along u and v
  };
  struct Vertex {
    Eigen::Vector3i cell;
    int brick;
    bool alone;  ///< the only patch of its cell
  };
  std::vector<Crossing> crossings;
  std::vector<Vertex> vertices;
  std::vector<int> first_crossing_of;  ///< a vertex's crossings: crossing_of[first_crossing_of[v]] up to that of v + 1
  std::vector<int> crossing_of;
};

/// Throws Cancelled.
DualSurface dual_surface(const BrickGrid& grid, const Progress& progress = {});

}  // namespace fit::detail
