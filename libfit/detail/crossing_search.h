#pragma once

/// The search for pairs of triangles that a filter cannot tell apart, eight wide. Plain arrays without Eigen or the
/// standard library: the file compiled for AVX2 must not give the linker functions that an older processor would run.
namespace fit::detail {

/// Boxes of eight children or triangles side by side, in the tree's unit. Rounded as any coordinate is, which keeps
/// their order: boxes that touch still touch.
struct EightBoxes {
  float lowest[3][8];
  float highest[3][8];
};

struct OneBox {
  float lowest[3], highest[3];
};

struct alignas(64) CrossingNode {
  EightBoxes boxes;
  int first_child;
  int over_leaves;
};

/// Eight triangles side by side. An empty place and a triangle without area have a box that meets none.
struct alignas(64) CrossingLeaf {
  EightBoxes boxes;
  int index[3][8];  ///< of corner k
  int triangle[8];
  OneBox around;
  unsigned char simple[3];  ///< a bit a triangle: no two triangles around its corner k cross
};

struct CrossingTree {
  const CrossingNode* nodes;
  const CrossingLeaf* leaves;
  const double* vertices;      ///< x, y and z of each, mm
  const unsigned char* among;  ///< a bit a triangle of each leaf: pairs without any of them are left out
  bool all_among;
};

struct DoubtfulPair {
  int first, second;
};

/// The pairs of one leaf's triangles with others, on the way through the tree.
struct CrossingSearch {
  static constexpr int kMostPairs = 256;
  static constexpr int kMostWaiting = 128;

  int leaf;
  int waiting_count;
  int pair_count;
  int waiting[kMostWaiting];  ///< ~leaf for a leaf
  DoubtfulPair pairs[kMostPairs];
};

/// Goes on with a search: pairs of which one at least is among those asked for, each once, that may cross. True when it
/// is done, false when the list of pairs is full and must be emptied first. Both give the same pairs.
bool doubtful_pairs_portable(const CrossingTree& tree, CrossingSearch& search);
bool doubtful_pairs_avx2(const CrossingTree& tree, CrossingSearch& search);

}  // namespace fit::detail
