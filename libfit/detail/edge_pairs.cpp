#include "libfit/detail/edge_pairs.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <tuple>

namespace fit::detail {

namespace {

struct Side {
  int other_end;
  int half_edge;
};

/// Unit direction from the edge into the triangle, normal to the edge.
Eigen::Vector3d into_triangle(const Mesh& mesh, int half_edge) {
  const Eigen::Vector3i& t = mesh.triangles[half_edge / 3];
  const int k = half_edge % 3;
  const Eigen::Vector3d& a = mesh.vertices[t[k]];
  const Eigen::Vector3d along = (mesh.vertices[t[(k + 1) % 3]] - a).normalized();
  const Eigen::Vector3d to_tip = mesh.vertices[t[(k + 2) % 3]] - a;
  return (to_tip - along * along.dot(to_tip)).normalized();
}

void pair_crowded(const Mesh& mesh, const Side* begin, const Side* end, std::vector<int>& opposite) {
  struct Candidate {
    double cosine;
    int first, second;
    bool operator<(const Candidate& other) const {
      return std::tie(cosine, first, second) < std::tie(other.cosine, other.first, other.second);
    }
  };
  // A fan of hundreds of sheets is no surface; its sheets all end here.
  if (end - begin > 16) return;
  std::vector<Candidate> candidates;
  for (const Side* i = begin; i != end; ++i)
    for (const Side* j = i + 1; j != end; ++j) {
      const double cosine = into_triangle(mesh, i->half_edge).dot(into_triangle(mesh, j->half_edge));
      // Beyond 60 degrees of a full fold two sheets lie on each other rather than continue each other.
      if (cosine < 0.5) candidates.push_back({cosine, i->half_edge, j->half_edge});
    }
  std::sort(candidates.begin(), candidates.end());
  for (const Candidate& candidate : candidates) {
    if (opposite[candidate.first] >= 0 || opposite[candidate.second] >= 0) continue;
    opposite[candidate.first] = candidate.second;
    opposite[candidate.second] = candidate.first;
  }
}

}  // namespace

EdgePairs pair_edges(const Mesh& mesh) {
  const int sides = static_cast<int>(3 * mesh.triangles.size());
  // Counting sort by the lower end: each bucket is a handful of sides.
  std::vector<int> first(mesh.vertices.size() + 1, 0);
  for (int h = 0; h < sides; ++h) {
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    ++first[std::min(t[h % 3], t[(h % 3 + 1) % 3]) + 1];
  }
  for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
  std::vector<Side> sorted(sides);
  std::vector<int> at(first.begin(), first.end() - 1);
  for (int h = 0; h < sides; ++h) {
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    const int a = t[h % 3], b = t[(h % 3 + 1) % 3];
    sorted[at[std::min(a, b)]++] = {std::max(a, b), h};
  }
  EdgePairs pairs{std::vector<int>(sides, -1), {}, 0};
  for (std::size_t v = 0; v + 1 < first.size(); ++v) {
    Side* const begin = sorted.data() + first[v];
    Side* const end = sorted.data() + first[v + 1];
    std::sort(begin, end, [](const Side& a, const Side& b) {
      return a.other_end != b.other_end ? a.other_end < b.other_end : a.half_edge < b.half_edge;
    });
    for (const Side* i = begin; i != end;) {
      const Side* j = i;
      while (j != end && j->other_end == i->other_end) ++j;
      if (j - i == 2) {
        pairs.opposite[i[0].half_edge] = i[1].half_edge;
        pairs.opposite[i[1].half_edge] = i[0].half_edge;
      } else if (j - i > 2) {
        ++pairs.crowded_edges;
        for (const Side* side = i; side != j; ++side) pairs.crowded.push_back(side->half_edge);
        pair_crowded(mesh, i, j, pairs.opposite);
      }
      i = j;
    }
  }
  return pairs;
}

}  // namespace fit::detail
