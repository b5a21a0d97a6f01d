#include "libfit/detail/eight_tree.h"

#include <algorithm>
#include <utility>

#include "libfit/detail/large_pages.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

struct alignas(16) Middle {
  float at[3];
  int triangle;
};

/// Leaves from `first` on, as many as `count`.
struct Leaves {
  int first;
  int count;
};

/// Middles with the tree's center as origin and its reach as unit: a surface of any size and place keeps its digits.
LargeVector<Middle> middles(const Mesh& mesh, const EightTree& tree) {
  LargeVector<Middle> result(mesh.triangles.size());
  parallel_for(mesh.triangles.size(), 8192, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3i& t = mesh.triangles[i];
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      for (int k = 0; k < 3; ++k) sum += (mesh.vertices[t[k]] - tree.center_mm) / tree.reach_mm;
      result[i] = {{static_cast<float>(sum[0]), static_cast<float>(sum[1]), static_cast<float>(sum[2])},
                   static_cast<int>(i)};
    }
  });
  return result;
}

/// A vertex far away that no triangle uses must not cost digits.
void find_place(const Mesh& mesh, EightTree& tree) {
  Box box;
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) {
      box.lowest = box.lowest.cwiseMin(mesh.vertices[t[k]]);
      box.highest = box.highest.cwiseMax(mesh.vertices[t[k]]);
    }
  tree.center_mm = 0.5 * box.lowest + 0.5 * box.highest;
  tree.reach_mm = (0.5 * box.highest - 0.5 * box.lowest).maxCoeff();
  if (!(tree.reach_mm > 0.0)) tree.reach_mm = 1.0;
}

int longest_axis(const Middle* begin, const Middle* end) {
  // All four numbers of a middle at a time; what the last, its triangle, gives is not looked at.
  typedef float Four __attribute__((vector_size(16), may_alias));
  const auto load = [](const Middle* middle) { return *reinterpret_cast<const Four*>(middle); };
  Four lowest = load(begin), highest = lowest;
  for (const Middle* middle = begin; middle != end; ++middle) {
    const Four place = load(middle);
    lowest = place < lowest ? place : lowest;
    highest = place > highest ? place : highest;
  }
  const Four size = highest - lowest;
  int longest = 0;
  for (int axis = 1; axis < 3; ++axis)
    if (size[axis] > size[longest]) longest = axis;
  return longest;
}

/// As std::nth_element along an axis, in a third of the time: no branch hangs on a comparison (the loop is Lomuto's
/// partition with the test turned into an addition).
void split_at(Middle* begin, Middle* nth, Middle* end, int axis) {
  const auto before = [axis](const Middle& a, const Middle& b) { return a.at[axis] < b.at[axis]; };
  // A pivot that takes nothing off, as among equals, leaves the rest to the library.
  for (int round = 0; end - begin > 64 && round < 64; ++round) {
    Middle sample[9];
    for (int i = 0; i < 9; ++i) sample[i] = begin[(end - begin - 1) * i / 8];
    // The sample of the rank that the split has among all brings the pivot near it.
    const auto rank = std::clamp<std::ptrdiff_t>(9 * (nth - begin) / (end - begin), 1, 7);
    std::nth_element(sample, sample + rank, sample + 9, before);
    const float pivot = sample[rank].at[axis];
    Middle* low = begin;
    for (Middle* i = begin; i != end; ++i) {
      const Middle middle = *i;
      *i = *low;
      *low = middle;
      low += middle.at[axis] < pivot;
    }
    if (low == begin) break;
    (low <= nth ? begin : end) = low;
  }
  std::nth_element(begin, nth, end, before);
}

/// Orders `leaves` into `parts` parts of about one size; each is a child.
void split(LargeVector<Middle>& order, Leaves leaves, int parts, std::vector<Leaves>& children) {
  if (parts == 1) {
    children.push_back(leaves);
    return;
  }
  const int left_parts = parts / 2;
  const int left = static_cast<int>(static_cast<long long>(leaves.count) * left_parts / parts);
  Middle* const begin = order.data() + 8LL * leaves.first;
  Middle* const end = order.data() + std::min<long long>(8LL * (leaves.first + leaves.count), order.size());
  split_at(begin, begin + 8LL * left, end, longest_axis(begin, end));
  split(order, {leaves.first, left}, left_parts, children);
  split(order, {leaves.first + left, leaves.count - left}, parts - left_parts, children);
}

}  // namespace

EightTree gather_by_eight(const Mesh& mesh) {
  EightTree tree;
  find_place(mesh, tree);
  LargeVector<Middle> order = middles(mesh, tree);
  tree.triangles.resize(order.size());
  int capacity = 1;  // leaves below a child
  while (8LL * capacity < tree.leaf_count()) capacity *= 8;

  std::vector<Leaves> level{{0, tree.leaf_count()}};
  for (; !level.empty(); capacity /= 8) {
    std::vector<std::vector<Leaves>> children(level.size());
    parallel_for(level.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        split(order, level[i], (level[i].count + capacity - 1) / capacity, children[i]);
    });
    const bool over_leaves = capacity == 1;
    int first = over_leaves ? 0 : static_cast<int>(tree.nodes.size() + level.size());
    std::vector<Leaves> below;
    for (std::size_t i = 0; i < level.size(); ++i) {
      tree.nodes.push_back({first, static_cast<int>(children[i].size()), over_leaves, level[i].first, level[i].count});
      first += static_cast<int>(children[i].size());
      if (!over_leaves) below.insert(below.end(), children[i].begin(), children[i].end());
    }
    level = std::move(below);
  }
  for (std::size_t i = 0; i < order.size(); ++i) tree.triangles[i] = order[i].triangle;
  return tree;
}

}  // namespace fit::detail
