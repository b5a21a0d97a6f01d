#include "libfit/detail/junctions.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/point_hash.h"

namespace fit::detail {

namespace {

struct OnEdge {
  int half_edge;
  double fraction;
  int vertex;
  bool operator<(const OnEdge& other) const {
    return std::tie(half_edge, fraction, vertex) < std::tie(other.half_edge, other.fraction, other.vertex);
  }
};

std::vector<int> boundary_half_edges(const std::vector<int>& opposite) {
  std::vector<int> boundary;
  for (std::size_t h = 0; h < opposite.size(); ++h)
    if (opposite[h] < 0) boundary.push_back(static_cast<int>(h));
  return boundary;
}

/// Boundary vertices strictly inside boundary edges, sorted by edge and along it.
std::vector<OnEdge> find_junctions(const Mesh& mesh, double reach_mm) {
  const std::vector<int> boundary = boundary_half_edges(pair_edges(mesh).opposite);
  std::vector<OnEdge> junctions;
  if (boundary.empty()) return junctions;
  std::vector<int> vertices;
  double length = 0.0;
  for (int h : boundary) {
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    vertices.push_back(t[h % 3]);
    vertices.push_back(t[(h + 1) % 3]);
    length += (mesh.vertices[t[h % 3]] - mesh.vertices[t[(h + 1) % 3]]).norm();
  }
  std::sort(vertices.begin(), vertices.end());
  vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  const double cell_mm = std::max(length / static_cast<double>(boundary.size()), 4.0 * reach_mm);
  PointHash hash(cell_mm, vertices.size());
  for (int v : vertices) hash.insert(mesh.vertices[v], v);
  for (int h : boundary) {
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    const Eigen::Vector3d& a = mesh.vertices[t[h % 3]];
    const Eigen::Vector3d along = mesh.vertices[t[(h + 1) % 3]] - a;
    const double squared = along.squaredNorm();
    if (squared < 4.0 * reach_mm * reach_mm) continue;
    const int steps = static_cast<int>(std::min(std::ceil(std::sqrt(squared) / cell_mm), 1e4));
    for (int step = 0; step < steps; ++step) {
      hash.near(a + along * ((step + 0.5) / steps), 0.5 * std::sqrt(squared) / steps + reach_mm, [&](int v) {
        if (v == t[0] || v == t[1] || v == t[2]) return;
        const Eigen::Vector3d from_a = mesh.vertices[v] - a;
        const double fraction = from_a.dot(along) / squared;
        if (fraction <= 0.0 || fraction >= 1.0) return;
        if ((from_a - along * fraction).squaredNorm() > reach_mm * reach_mm) return;
        junctions.push_back({h, fraction, v});
      });
    }
  }
  std::sort(junctions.begin(), junctions.end());
  junctions.erase(
      std::unique(junctions.begin(), junctions.end(),
                  [](const OnEdge& a, const OnEdge& b) { return a.half_edge == b.half_edge && a.vertex == b.vertex; }),
      junctions.end());
  return junctions;
}

}  // namespace

int remove_flat(Skin& skin, double flat_mm) {
  Mesh& mesh = skin.mesh;
  std::vector<std::uint8_t> kept(mesh.triangles.size(), 1);
  std::vector<int> renamed(mesh.vertices.size());
  for (std::size_t v = 0; v < renamed.size(); ++v) renamed[v] = static_cast<int>(v);
  const auto root = [&](int v) {
    while (renamed[v] != v) v = renamed[v] = renamed[renamed[v]];
    return v;
  };
  int flat = 0;
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    std::array<double, 3> squared;
    for (int k = 0; k < 3; ++k) squared[k] = (mesh.vertices[t[(k + 1) % 3]] - mesh.vertices[t[k]]).squaredNorm();
    const double longest = std::max({squared[0], squared[1], squared[2]});
    const Eigen::Vector3d& a = mesh.vertices[t[0]];
    const double doubled = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).norm();
    if (doubled > flat_mm * std::sqrt(longest)) continue;
    ++flat;
    kept[i] = 0;
    const int shortest = static_cast<int>(std::min_element(squared.begin(), squared.end()) - squared.begin());
    if (squared[shortest] > flat_mm * flat_mm) continue;
    const int from = root(t[shortest]), to = root(t[(shortest + 1) % 3]);
    renamed[std::max(from, to)] = std::min(from, to);
  }
  if (flat == 0) return 0;
  for (Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) t[k] = root(t[k]);
  keep_triangles(skin, kept);
  return flat;
}

int split_junctions(Skin& skin, double reach_mm) {
  Mesh& mesh = skin.mesh;
  const std::vector<OnEdge> junctions = find_junctions(mesh, reach_mm);
  int split = 0;
  int last_triangle = -1;
  for (auto at = junctions.begin(); at != junctions.end();) {
    const int h = at->half_edge;
    const auto begin = at;
    while (at != junctions.end() && at->half_edge == h) ++at;
    // A triangle's second seam waits for the next round: its corners have changed.
    if (h / 3 == last_triangle) continue;
    last_triangle = h / 3;
    ++split;
    const Eigen::Vector3i t = mesh.triangles[h / 3];
    const int end = t[(h + 1) % 3], tip = t[(h + 2) % 3];
    int from = t[h % 3];
    for (auto on = begin; on != at; ++on) {
      const Eigen::Vector3i piece(from, on->vertex, tip);
      if (on == begin) {
        mesh.triangles[h / 3] = piece;
      } else {
        mesh.triangles.push_back(piece);
        skin.invented.push_back(std::uint8_t{skin.invented[h / 3]});
      }
      from = on->vertex;
    }
    mesh.triangles.push_back({from, end, tip});
    skin.invented.push_back(std::uint8_t{skin.invented[h / 3]});
  }
  return split;
}

}  // namespace fit::detail
