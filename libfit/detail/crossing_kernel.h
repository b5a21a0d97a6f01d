// Included by crossing_portable.cpp and crossing_avx2.cpp, each with its own instructions: the same operations on the
// same numbers, so the same bits. Everything is local to the file that includes it.

#include "libfit/detail/crossing_search.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace fit::detail {

namespace {

typedef float Eight __attribute__((vector_size(32), may_alias));
typedef int EightIndices __attribute__((vector_size(32), may_alias));
typedef double Four __attribute__((vector_size(32), may_alias));
typedef long long FourBits __attribute__((vector_size(32), may_alias));
typedef int FourIndices __attribute__((vector_size(16), may_alias));

inline Eight load8(const float* from) { return *reinterpret_cast<const Eight*>(from); }
inline EightIndices load8(const int* from) { return *reinterpret_cast<const EightIndices*>(from); }
inline Four all(double value) { return Four{} + value; }
inline Four size(Four a) { return a < 0.0 ? -a : a; }

/// A bit a lane whose comparison holds.
inline unsigned bits(EightIndices holds) {
#ifdef __AVX2__
  return static_cast<unsigned>(_mm256_movemask_ps((__m256)holds));
#else
  unsigned result = 0;
  for (int i = 0; i < 8; ++i) result |= static_cast<unsigned>(holds[i] & 1) << i;
  return result;
#endif
}

inline unsigned bits(FourBits holds) {
#ifdef __AVX2__
  return static_cast<unsigned>(_mm256_movemask_pd((__m256d)holds));
#else
  unsigned result = 0;
  for (int i = 0; i < 4; ++i) result |= static_cast<unsigned>(holds[i] & 1) << i;
  return result;
#endif
}

inline unsigned meeting(const EightBoxes& boxes, const OneBox& box) {
  EightIndices holds = EightIndices{} - 1;
  for (int axis = 0; axis < 3; ++axis) {
    holds &= load8(boxes.lowest[axis]) <= Eight{} + box.highest[axis];
    holds &= load8(boxes.highest[axis]) >= Eight{} + box.lowest[axis];
  }
  return bits(holds);
}

inline OneBox box_of(const EightBoxes& boxes, int lane) {
  OneBox box;
  for (int axis = 0; axis < 3; ++axis) {
    box.lowest[axis] = boxes.lowest[axis][lane];
    box.highest[axis] = boxes.highest[axis][lane];
  }
  return box;
}

struct Corners {
  Four at[3][3];
};

/// Lanes in which all corners of `others` but the shared ones lie on one side of the plane of `of`, for certain:
/// Shewchuk's filter for orient3d (1997, section 4.3). Those triangles do not cross.
inline FourBits apart(const Corners& of, const Corners& others, const FourBits shared[3]) {
  constexpr double epsilon = 1.0 / (1LL << 53);
  constexpr double bound = (7.0 + 56.0 * epsilon) * epsilon;
  Four u[3], v[3], normal[3], size_of_normal[3];
  for (int axis = 0; axis < 3; ++axis) {
    u[axis] = of.at[1][axis] - of.at[0][axis];
    v[axis] = of.at[2][axis] - of.at[0][axis];
  }
  for (int axis = 0; axis < 3; ++axis) {
    const int next = (axis + 1) % 3, last = (axis + 2) % 3;
    const Four left = u[next] * v[last], right = u[last] * v[next];
    normal[axis] = left - right;
    size_of_normal[axis] = bound * (size(left) + size(right));
  }
  FourBits above = FourBits{} - 1, below = above;
  for (int k = 0; k < 3; ++k) {
    Four height{}, doubt{};
    for (int axis = 0; axis < 3; ++axis) {
      const Four w = others.at[k][axis] - of.at[0][axis];
      height += w * normal[axis];
      doubt += size(w) * size_of_normal[axis];
    }
    above &= (height > doubt) | shared[k];
    below &= (height < -doubt) | shared[k];
  }
  return above | below;
}

/// Of the lanes `wanted` of a leaf, those that the filter cannot tell apart from one triangle of another.
inline unsigned doubtful(const double* vertices, const CrossingLeaf& one, int lane, const CrossingLeaf& others,
                         unsigned wanted) {
  unsigned result = 0;
  for (int half = 0; half < 8; half += 4) {
    if ((wanted >> half & 15u) == 0) continue;
    Corners a, b{};
    for (int k = 0; k < 3; ++k)
      for (int axis = 0; axis < 3; ++axis) {
        a.at[k][axis] = all(vertices[3LL * one.index[k][lane] + axis]);
        for (int i = 0; i < 4; ++i)
          if (wanted >> (half + i) & 1u) b.at[k][axis][i] = vertices[3LL * others.index[k][half + i] + axis];
      }
    FourBits shared_in_a[3]{}, shared_in_b[3]{};
    for (int i = 0; i < 3; ++i)
      for (int k = 0; k < 3; ++k) {
        const FourIndices other = *reinterpret_cast<const FourIndices*>(&others.index[k][half]);
        const FourBits same = __builtin_convertvector(other == FourIndices{} + one.index[i][lane], FourBits);
        shared_in_a[i] |= same;
        shared_in_b[k] |= same;
      }
    const FourBits one_triangle = shared_in_a[0] & shared_in_a[1] & shared_in_a[2];
    const FourBits told = (apart(a, b, shared_in_b) | apart(b, a, shared_in_a)) & ~one_triangle;
    result |= bits(~told) << half;
  }
  return result & wanted;
}

/// Lanes of `others` that share a corner with one triangle around which none cross.
inline unsigned around_a_simple_corner(const CrossingLeaf& one, int lane, const CrossingLeaf& others) {
  EightIndices same{};
  for (int i = 0; i < 3; ++i) {
    if ((one.simple[i] >> lane & 1) == 0) continue;
    for (int k = 0; k < 3; ++k) same |= load8(others.index[k]) == EightIndices{} + one.index[i][lane];
  }
  return bits(same);
}

/// Lanes of `other` whose pair with the given lane of the search's leaf is told there, and not from the other leaf.
inline unsigned told_here(const CrossingTree& tree, const CrossingSearch& search, int lane, int other) {
  if (other > search.leaf) return 0xffu;
  const unsigned first_of_pair = ~static_cast<unsigned>(tree.among[other]) & 0xffu;
  return other < search.leaf ? first_of_pair : first_of_pair | (0xffu << (lane + 1) & 0xffu);
}

inline void look_at_leaves(const CrossingTree& tree, CrossingSearch& search, int other_leaf) {
  const CrossingLeaf& leaf = tree.leaves[search.leaf];
  const CrossingLeaf& other = tree.leaves[other_leaf];
  unsigned lanes = tree.among[search.leaf] & meeting(leaf.boxes, other.around);
  for (; lanes != 0; lanes &= lanes - 1) {
    const int lane = __builtin_ctz(lanes);
    unsigned found = meeting(other.boxes, box_of(leaf.boxes, lane)) & told_here(tree, search, lane, other_leaf);
    if (other_leaf == search.leaf) found &= ~(1u << lane);
    if (found != 0) found &= ~around_a_simple_corner(leaf, lane, other);
    if (found == 0) continue;
    for (found = doubtful(tree.vertices, leaf, lane, other, found); found != 0; found &= found - 1)
      search.pairs[search.pair_count++] = {leaf.triangle[lane], other.triangle[__builtin_ctz(found)]};
  }
}

inline bool doubtful_pairs_here(const CrossingTree& tree, CrossingSearch& search) {
  const OneBox box = tree.leaves[search.leaf].around;
  while (search.waiting_count > 0) {
    const int next = search.waiting[search.waiting_count - 1];
    if (next < 0) {
      if (search.pair_count + 64 > CrossingSearch::kMostPairs) return false;
      --search.waiting_count;
      look_at_leaves(tree, search, ~next);
      continue;
    }
    --search.waiting_count;
    const CrossingNode& node = tree.nodes[next];
    for (unsigned lanes = meeting(node.boxes, box); lanes != 0; lanes &= lanes - 1) {
      const int child = node.first_child + __builtin_ctz(lanes);
      if (!node.over_leaves)
        search.waiting[search.waiting_count++] = child;
      else if (!tree.all_among || child >= search.leaf)
        search.waiting[search.waiting_count++] = ~child;
    }
  }
  return true;
}

}  // namespace

}  // namespace fit::detail
