#include "libfit/detail/cell_patches.h"

#include <utility>

namespace fit::detail {

namespace {

struct Face {
  std::array<int, 4> corner;  ///< counter-clockwise seen from outside the cell
  std::array<int, 4> edge;    ///< edge[i] joins corner[i] and corner[i + 1]
};

int edge_between(int corner, int other) {
  const int difference = corner ^ other;
  const int axis = difference == 1 ? 0 : difference == 2 ? 1 : 2;
  const int low = corner & ~difference;
  const int u = low >> (axis + 1) % 3 & 1, v = low >> (axis + 2) % 3 & 1;
  return 4 * axis + u + 2 * v;
}

std::array<Face, 6> make_faces() {
  std::array<Face, 6> faces;
  for (int axis = 0; axis < 3; ++axis)
    for (int side = 0; side < 2; ++side) {
      const int u = 1 << (axis + 1) % 3, v = 1 << (axis + 2) % 3;
      std::array<int, 4> corner{0, u, u | v, v};
      if (side == 0) std::swap(corner[1], corner[3]);
      for (int& c : corner) c |= side << axis;
      Face& face = faces[2 * axis + side];
      face.corner = corner;
      for (int i = 0; i < 4; ++i) face.edge[i] = edge_between(corner[i], corner[(i + 1) % 4]);
    }
  return faces;
}

const std::array<Face, 6>& faces() {
  static const std::array<Face, 6> made = make_faces();
  return made;
}

bool inside(unsigned corners, int corner) { return corners >> corner & 1; }

}  // namespace

CellPatches cell_patches(unsigned corners, unsigned joined_faces) {
  // Going around each face, the surface enters the cell's inside across one edge and leaves it across another: these
  // two are neighbours in a loop, and the next face turns the roles about.
  std::array<int, 12> next;
  next.fill(-1);
  for (int f = 0; f < 6; ++f) {
    const Face& face = faces()[f];
    const int step = joined_faces >> f & 1 ? 3 : 1;
    for (int i = 0; i < 4; ++i) {
      if (inside(corners, face.corner[i]) || !inside(corners, face.corner[(i + 1) % 4])) continue;
      int j = (i + step) % 4;
      while (!inside(corners, face.corner[j]) || inside(corners, face.corner[(j + 1) % 4])) j = (j + step) % 4;
      next[face.edge[i]] = face.edge[j];
    }
  }
  CellPatches patches;
  patches.patch_of_edge.fill(-1);
  for (int start = 0; start < 12; ++start) {
    if (next[start] < 0 || patches.patch_of_edge[start] >= 0) continue;
    for (int edge = start; patches.patch_of_edge[edge] < 0; edge = next[edge])
      patches.patch_of_edge[edge] = static_cast<std::int8_t>(patches.count);
    ++patches.count;
  }
  return patches;
}

const CellPatches& plain_cell_patches(unsigned corners) {
  static const std::array<CellPatches, 256> table = [] {
    std::array<CellPatches, 256> made;
    for (unsigned i = 0; i < 256; ++i) made[i] = cell_patches(i, 0);
    return made;
  }();
  return table[corners];
}

unsigned alternating_faces(unsigned corners) {
  unsigned result = 0;
  for (int f = 0; f < 6; ++f) {
    const std::array<int, 4>& c = faces()[f].corner;
    if (inside(corners, c[0]) == inside(corners, c[2]) && inside(corners, c[1]) == inside(corners, c[3]) &&
        inside(corners, c[0]) != inside(corners, c[1]))
      result |= 1u << f;
  }
  return result;
}

std::array<int, 4> edges_of_face(int face) { return faces()[face].edge; }

}  // namespace fit::detail
