#include "libfit/detail/cell_patches.h"

#include <gtest/gtest.h>

namespace fit::detail {
namespace {

TEST(CellPatches, CrossExactlyTheEdgesWhoseEndsDiffer) {
  for (unsigned corners = 0; corners < 256; ++corners) {
    const CellPatches& patches = plain_cell_patches(corners);
    for (int axis = 0; axis < 3; ++axis)
      for (int side = 0; side < 4; ++side) {
        const int low = (side & 1) << (axis + 1) % 3 | (side >> 1) << (axis + 2) % 3;
        const bool crosses = (corners >> low & 1) != (corners >> (low | 1 << axis) & 1);
        EXPECT_EQ(patches.patch_of_edge[4 * axis + side] >= 0, crosses);
      }
  }
}

TEST(CellPatches, KeepsInsideCornersApartUnlessTheirFaceJoinsThem) {
  // Corners 0 and 3 are across the face z = 0 of the cell.
  EXPECT_EQ(plain_cell_patches(0b1001).count, 2);
  EXPECT_EQ(cell_patches(0b1001, 1u << 4).count, 1);
}

TEST(CellPatches, JoiningAFaceInOnePatchPartsIt) {
  for (unsigned corners = 0; corners < 256; ++corners)
    for (int face = 0; face < 6; ++face) {
      if (!(alternating_faces(corners) >> face & 1)) continue;
      const CellPatches& plain = plain_cell_patches(corners);
      bool one = true;
      for (const int edge : edges_of_face(face))
        one = one && plain.patch_of_edge[edge] == plain.patch_of_edge[edges_of_face(face)[0]];
      EXPECT_EQ(cell_patches(corners, 1u << face).count, plain.count + (one ? 1 : -1));
    }
}

}  // namespace
}  // namespace fit::detail
