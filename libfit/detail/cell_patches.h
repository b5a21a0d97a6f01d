#pragma once

#include <array>
#include <cstdint>

namespace fit::detail {

/// How a surface passes through a cell of a grid, told from the signs of its corners (bit x + 2 y + 4 z of `corners`:
/// the corner is inside): each patch is one loop over the cell's edges.
///
/// An edge is 4 * axis + u + 2 * v, where u and v tell on which side it lies along the next two axes (in turn). On a
/// face whose corners alternate the inside corners are kept apart, or joined where the face's bit is set in
/// `joined_faces` (bit 2 * axis + side). Neighbouring cells with the same choice on their common face always fit
/// together: the patches form a closed surface.
struct CellPatches {
  int count = 0;
  std::array<std::int8_t, 12> patch_of_edge;  ///< -1: the edge does not cross the surface
};

CellPatches cell_patches(unsigned corners, unsigned joined_faces);

/// The same for `joined_faces` = 0, from a table.
const CellPatches& plain_cell_patches(unsigned corners);

/// The faces (bit 2 * axis + side) on which the corners alternate.
unsigned alternating_faces(unsigned corners);

/// The edges of a face, in turn around it; neighbours 0 and 1, and 2 and 3, cut off its corners 1 and 3.
std::array<int, 4> edges_of_face(int face);

}  // namespace fit::detail
