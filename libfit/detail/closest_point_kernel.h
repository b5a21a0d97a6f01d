// Included by closest_point_portable.cpp and closest_point_avx2.cpp, each with its own instructions: the same
// operations on the same numbers, so the same bits. Everything is local to the file that includes it.

#include "libfit/detail/closest_point_search.h"

#ifdef __AVX2__
#include <immintrin.h>
#endif

namespace fit::detail {

namespace {

typedef float Eight __attribute__((vector_size(32), may_alias));

inline Eight all(float value) { return Eight{} + value; }
inline Eight load(const float* from) { return *reinterpret_cast<const Eight*>(from); }
/// The second where they are equal or not numbers, as the instruction does.
inline Eight most(Eight a, Eight b) {
#ifdef __AVX2__
  return (Eight)_mm256_max_ps((__m256)a, (__m256)b);
#else
  return a > b ? a : b;
#endif
}
inline Eight least(Eight a, Eight b) {
#ifdef __AVX2__
  return (Eight)_mm256_min_ps((__m256)a, (__m256)b);
#else
  return a < b ? a : b;
#endif
}

inline Eight root(Eight a) {
#ifdef __AVX2__
  return (Eight)_mm256_sqrt_ps((__m256)a);
#else
  for (int i = 0; i < 8; ++i) a[i] = __builtin_sqrtf(a[i]);
  return a;
#endif
}

/// A bit a lane.
inline unsigned not_beyond(Eight a, float limit) {
#ifdef __AVX2__
  return static_cast<unsigned>(_mm256_movemask_ps(_mm256_cmp_ps((__m256)a, _mm256_set1_ps(limit), _CMP_LE_OQ)));
#else
  unsigned bits = 0;
  for (int i = 0; i < 8; ++i) bits |= static_cast<unsigned>(a[i] <= limit) << i;
  return bits;
#endif
}

inline float lowest_lane(Eight a) {
#ifdef __AVX2__
  const __m128 four = _mm_min_ps(_mm256_castps256_ps128((__m256)a), _mm256_extractf128_ps((__m256)a, 1));
  const __m128 two = _mm_min_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_min_ss(two, _mm_shuffle_ps(two, two, 1)));
#else
  float result = a[0];
  for (int i = 1; i < 8; ++i) result = a[i] < result ? a[i] : result;
  return result;
#endif
}

/// Squared distances that no point of a child is nearer than.
inline Eight squared_bounds(const SearchNode& node, Eight x, Eight y, Eight z) {
  const Eight zero{};
  const Eight bx = most(most(load(node.lowest[0]) - x, x - load(node.highest[0])), zero);
  const Eight by = most(most(load(node.lowest[1]) - y, y - load(node.highest[1])), zero);
  const Eight bz = most(most(load(node.lowest[2]) - z, z - load(node.highest[2])), zero);
  const Eight box = bx * bx + by * by + bz * bz;

  const Eight px = x - load(node.center[0]), py = y - load(node.center[1]), pz = z - load(node.center[2]);
  const Eight height = px * load(node.normal[0]) + py * load(node.normal[1]) + pz * load(node.normal[2]);
  const Eight outward = root(most(px * px + py * py + pz * pz - height * height, zero));
  const Eight above = most(most(height, -height) - load(node.half_thickness), zero);
  const Eight beside = most(outward - load(node.radius), zero);
  return most(box, above * above + beside * beside);
}

inline Eight squared_distances(const SearchLeaf& leaf, Eight qx, Eight qy, Eight qz) {
  const Eight zero{};
  const Eight px = qx - load(leaf.corner[0]), py = qy - load(leaf.corner[1]), pz = qz - load(leaf.corner[2]);
  const Eight ax = load(leaf.along[0]), ay = load(leaf.along[1]), az = load(leaf.along[2]);
  const Eight cx = load(leaf.across[0]), cy = load(leaf.across[1]), cz = load(leaf.across[2]);
  const Eight x = px * ax + py * ay + pz * az;
  const Eight y = px * cx + py * cy + pz * cz;
  const Eight height = px * (ay * cz - az * cy) + py * (az * cx - ax * cz) + pz * (ax * cy - ay * cx);

  const Eight length = load(leaf.length), tip_x = load(leaf.x), tip_y = load(leaf.y);
  const Eight from_ab = x - least(most(x, zero), length);
  const Eight ab = from_ab * from_ab + y * y;
  const Eight on_ac = least(most((x * tip_x + y * tip_y) * load(leaf.per_ac), zero), all(1.0f));
  const Eight ac_x = x - on_ac * tip_x, ac_y = y - on_ac * tip_y;
  const Eight ac = ac_x * ac_x + ac_y * ac_y;
  const Eight side_x = tip_x - length, beyond = x - length;
  const Eight on_bc = least(most((beyond * side_x + y * tip_y) * load(leaf.per_bc), zero), all(1.0f));
  const Eight bc_x = beyond - on_bc * side_x, bc_y = y - on_bc * tip_y;
  const Eight bc = bc_x * bc_x + bc_y * bc_y;

  // Inside where all three are positive; on the sides themselves the distances above are zero anyway.
  const Eight inner = least(least(y, tip_y * x - tip_x * y), side_x * y - tip_y * beyond);
  const Eight flat = inner > zero ? zero : least(least(ab, ac), bc);
  return flat + height * height;
}

/// False when there is no room for the leaf's candidates.
inline bool look_at_leaf(const SearchLeaf& leaf, Search& search, Eight x, Eight y, Eight z) {
  const Eight squared = squared_distances(leaf, x, y, z);
  unsigned bits = not_beyond(squared, search.limit);
  if (bits == 0) return true;
  if (search.candidate_count + 8 > Search::kMostCandidates) {
    int kept = 0;
    for (int i = 0; i < search.candidate_count; ++i)
      if (search.candidates[i].squared <= search.limit) search.candidates[kept++] = search.candidates[i];
    search.candidate_count = kept;
    if (kept + 8 > Search::kMostCandidates) return false;
  }
  const float limit = limit_of(lowest_lane(squared));
  if (limit < search.limit) {
    search.limit = limit;
    bits = not_beyond(squared, limit);
  }
  for (; bits != 0; bits &= bits - 1) {
    const int lane = __builtin_ctz(bits);
    search.candidates[search.candidate_count++] = {squared[lane], leaf.triangle[lane]};
  }
  return true;
}

/// The nearest child comes last, and is looked at first.
inline void push_children(const SearchNode& node, Search& search, Eight x, Eight y, Eight z) {
  const Eight squared = squared_bounds(node, x, y, z);
  const int start = search.waiting_count;
  for (unsigned bits = not_beyond(squared, search.limit); bits != 0; bits &= bits - 1) {
    const int lane = __builtin_ctz(bits);
    const int child = node.first_child + lane;
    int at = search.waiting_count++;
    for (; at > start && search.waiting[at - 1].squared < squared[lane]; --at)
      search.waiting[at] = search.waiting[at - 1];
    search.waiting[at].squared = squared[lane];
    search.waiting[at].node = node.over_leaves ? ~child : child;
  }
}

inline bool search_here(const SearchTree& tree, Search& search) {
  const Eight x = all(search.query[0]), y = all(search.query[1]), z = all(search.query[2]);
  while (search.waiting_count > 0) {
    const auto next = search.waiting[search.waiting_count - 1];
    if (next.squared > search.limit || next.node == search.known_leaf) {
      --search.waiting_count;
    } else if (next.node < 0) {
      if (!look_at_leaf(tree.leaves[~next.node], search, x, y, z)) return false;
      --search.waiting_count;
    } else {
      --search.waiting_count;
      push_children(tree.nodes[next.node], search, x, y, z);
    }
  }
  return true;
}

}  // namespace

}  // namespace fit::detail
