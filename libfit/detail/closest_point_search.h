#pragma once

#include <cstddef>

/// The search for triangles that may be nearest, in single precision and eight wide. Plain arrays without Eigen or the
/// standard library: the file compiled for AVX2 must not give the linker functions that an older processor would run.
/// All lengths are in the tree's own unit, the reach of the mesh, about its center.
namespace fit::detail {

/// What a single-precision distance may be wrong by: this much of the reach and this share of itself. The roundings of
/// about ten operations on coordinates in [-1, 1] stay below half of it.
constexpr float kSearchSlack = 1.0f / (1 << 19);

/// Bounds of eight children side by side: a box, and a disc of some thickness, which is far tighter for a patch of
/// skin.
struct alignas(64) SearchNode {
  float lowest[3][8];
  float highest[3][8];
  float center[3][8];
  float normal[3][8];
  float half_thickness[8];
  float radius[8];
  int first_child;
  int over_leaves;
};

/// Eight triangles side by side, each in a frame of its own: corners at 0, (length, 0) and (x, y), y >= 0.
/// An empty place is a point far away.
struct alignas(64) SearchLeaf {
  float corner[3][8];
  float along[3][8];   ///< unit vector to the second corner
  float across[3][8];  ///< unit vector in the plane, normal to it
  float length[8];
  float x[8];
  float y[8];
  float per_ac[8];  ///< 1 / squared length of the side from the first corner to the third; 0 for none
  float per_bc[8];
  int triangle[8];
};

struct SearchTree {
  const SearchNode* nodes;
  const SearchLeaf* leaves;
};

struct Candidate {
  float squared;
  int triangle;
};

/// A query on its way through the tree.
struct Search {
  static constexpr int kNoLeaf = 0x7fffffff;
  static constexpr int kMostCandidates = 64;
  static constexpr int kMostWaiting = 128;

  float query[3];
  float limit;     ///< what has a larger squared distance, in single precision, cannot be nearest
  int known_leaf;  ///< looked at already, as ~leaf; kNoLeaf: none
  int waiting_count;
  int candidate_count;
  struct {
    float squared;
    int node;  ///< ~leaf for a leaf
  } waiting[kMostWaiting];
  Candidate candidates[kMostCandidates];
};

/// What may still be nearest when a triangle was found at this squared distance: squared, too.
inline float limit_of(float squared) {
  const float distance = __builtin_sqrtf(squared) * (1.0f + 2.0f * kSearchSlack) + 2.0f * kSearchSlack;
  return distance * distance;
}

/// Goes on with a search; true when it is done, false when the list of candidates is full and must be emptied first.
/// Both give the same candidates.
bool search_portable(const SearchTree& tree, Search& search);
bool search_avx2(const SearchTree& tree, Search& search);

}  // namespace fit::detail
