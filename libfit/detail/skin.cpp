#include "libfit/detail/skin.h"

#include <algorithm>
#include <array>

namespace fit::detail {

int keep_triangles(Skin& skin, const std::vector<std::uint8_t>& kept) {
  std::size_t count = 0;
  for (std::size_t t = 0; t < kept.size(); ++t) {
    if (!kept[t]) continue;
    skin.mesh.triangles[count] = skin.mesh.triangles[t];
    skin.invented[count++] = skin.invented[t];
  }
  const std::size_t removed = kept.size() - count;
  skin.mesh.triangles.resize(count);
  skin.invented.resize(count);
  return static_cast<int>(removed);
}

Removed remove_collapsed_and_repeated(Skin& skin) {
  const std::vector<Eigen::Vector3i>& triangles = skin.mesh.triangles;
  Removed removed;
  std::vector<std::uint8_t> kept(triangles.size(), 1);
  struct Key {
    int middle, high, triangle;
  };
  // Counting sort by the lowest corner, then the few in a bucket by the others.
  std::vector<int> first(skin.mesh.vertices.size() + 1, 0);
  for (const Eigen::Vector3i& t : triangles) ++first[t.minCoeff() + 1];
  for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
  std::vector<int> at(first.begin(), first.end() - 1);
  std::vector<Key> keys(triangles.size());
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    const Eigen::Vector3i& t = triangles[i];
    const int low = t.minCoeff(), high = t.maxCoeff();
    const int middle = static_cast<int>(static_cast<long long>(t[0]) + t[1] + t[2] - low - high);
    keys[at[low]++] = {middle, high, static_cast<int>(i)};
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0]) {
      kept[i] = 0;
      ++removed.collapsed;
    }
  }
  for (std::size_t v = 0; v + 1 < first.size(); ++v) {
    Key* const begin = keys.data() + first[v];
    Key* const end = keys.data() + first[v + 1];
    std::sort(begin, end, [](const Key& a, const Key& b) {
      return std::array{a.middle, a.high, a.triangle} < std::array{b.middle, b.high, b.triangle};
    });
    for (Key* key = begin; key != end && key + 1 != end; ++key) {
      if (key->middle != key[1].middle || key->high != key[1].high || !kept[key[1].triangle]) continue;
      kept[key[1].triangle] = 0;
      ++removed.repeated;
    }
  }
  if (removed.collapsed + removed.repeated > 0) keep_triangles(skin, kept);
  return removed;
}

Parts connected_parts(const std::vector<int>& opposite) {
  const int triangles = static_cast<int>(opposite.size() / 3);
  Parts parts{std::vector<int>(triangles, -1), 0};
  std::vector<int> stack;
  for (int seed = 0; seed < triangles; ++seed) {
    if (parts.of_triangle[seed] >= 0) continue;
    parts.of_triangle[seed] = parts.count;
    stack.push_back(seed);
    while (!stack.empty()) {
      const int t = stack.back();
      stack.pop_back();
      for (int k = 0; k < 3; ++k) {
        const int across = opposite[3 * t + k];
        if (across < 0 || parts.of_triangle[across / 3] >= 0) continue;
        parts.of_triangle[across / 3] = parts.count;
        stack.push_back(across / 3);
      }
    }
    ++parts.count;
  }
  return parts;
}

}  // namespace fit::detail
