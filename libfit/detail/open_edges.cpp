#include "libfit/detail/open_edges.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace fit::detail {

std::vector<std::array<int, 2>> open_edges(const Mesh& surface) {
  // Edges bucketed by their lower vertex: a few each, so that they are matched without a sort of them all.
  std::vector<int> begin(surface.vertices.size() + 1, 0);
  for (const Eigen::Vector3i& t : surface.triangles)
    for (int side = 0; side < 3; ++side) ++begin[std::min(t[side], t[(side + 1) % 3]) + 1];
  std::partial_sum(begin.begin(), begin.end(), begin.begin());
  struct Run {
    int upper;
    int direction;
  };
  std::vector<Run> runs(3 * surface.triangles.size());
  std::vector<int> at(begin.begin(), begin.end() - 1);
  for (const Eigen::Vector3i& t : surface.triangles)
    for (int side = 0; side < 3; ++side) {
      const int from = t[side];
      const int to = t[(side + 1) % 3];
      runs[at[std::min(from, to)]++] = {std::max(from, to), from < to ? 1 : -1};
    }

  std::vector<std::array<int, 2>> open;
  for (int lower = 0; lower + 1 < static_cast<int>(begin.size()); ++lower) {
    const auto first = runs.begin() + begin[lower];
    const auto last = runs.begin() + begin[lower + 1];
    std::sort(first, last, [](const Run& a, const Run& b) { return a.upper < b.upper; });
    for (auto run = first; run != last;) {
      const int upper = run->upper;
      int balance = 0;
      for (; run != last && run->upper == upper; ++run) balance += run->direction;
      if (upper == lower) continue;
      for (; balance > 0; --balance) open.push_back({lower, upper});
      for (; balance < 0; ++balance) open.push_back({upper, lower});
    }
  }
  return open;
}

std::vector<Opening> openings(const Mesh& surface) {
  const std::vector<std::array<int, 2>> edges = open_edges(surface);
  std::map<int, int> parent;
  const auto root = [&](int vertex) {
    while (parent[vertex] != vertex) vertex = parent[vertex] = parent[parent[vertex]];
    return vertex;
  };
  for (const auto& [from, to] : edges) {
    parent.try_emplace(from, from);
    parent.try_emplace(to, to);
    const int a = root(from);
    const int b = root(to);
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::map<int, Opening> by_root;
  for (const auto& edge : edges) {
    Opening& opening = by_root[root(edge[0])];
    opening.edges.push_back(edge);
    opening.length_mm += (surface.vertices[edge[1]] - surface.vertices[edge[0]]).norm();
  }
  std::vector<Opening> result;
  for (auto& [first, opening] : by_root) result.push_back(std::move(opening));
  std::stable_sort(result.begin(), result.end(),
                   [](const Opening& a, const Opening& b) { return a.length_mm > b.length_mm; });
  return result;
}

}  // namespace fit::detail
