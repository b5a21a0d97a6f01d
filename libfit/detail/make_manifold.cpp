#include "libfit/detail/make_manifold.h"

#include <Eigen/Geometry>

#include "libfit/detail/edge_pairs.h"

namespace fit::detail {

namespace {

double doubled_area(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[triangle];
  const Eigen::Vector3d& a = mesh.vertices[t[0]];
  return (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).norm();
}

/// Whether two paired half-edges run along their edge in the same direction: one of the triangles is turned over.
bool same_direction(const Mesh& mesh, int h, int across) {
  return mesh.triangles[h / 3][h % 3] == mesh.triangles[across / 3][across % 3];
}

/// 1 for each triangle to be turned over so that each part faces one way; pairs that no choice satisfies are undone.
std::vector<std::uint8_t> choose_flips(const Mesh& mesh, std::vector<int>& opposite, int& twisted) {
  const int triangles = static_cast<int>(mesh.triangles.size());
  std::vector<std::uint8_t> flip(triangles, 0);
  std::vector<std::uint8_t> seen(triangles, 0);
  std::vector<int> part;
  for (int seed = 0; seed < triangles; ++seed) {
    if (seen[seed]) continue;
    part.assign(1, seed);
    seen[seed] = 1;
    double kept_area = 0.0, flipped_area = 0.0;
    // Breadth first, so that a wrong pairing far away decides nothing near the seed.
    for (std::size_t i = 0; i < part.size(); ++i) {
      const int t = part[i];
      (flip[t] ? flipped_area : kept_area) += doubled_area(mesh, t);
      for (int k = 0; k < 3; ++k) {
        const int across = opposite[3 * t + k];
        if (across < 0) continue;
        const std::uint8_t wanted = flip[t] ^ static_cast<std::uint8_t>(same_direction(mesh, 3 * t + k, across));
        if (!seen[across / 3]) {
          seen[across / 3] = 1;
          flip[across / 3] = wanted;
          part.push_back(across / 3);
        } else if (flip[across / 3] != wanted) {
          opposite[3 * t + k] = opposite[across] = -1;
          ++twisted;
        }
      }
    }
    if (flipped_area > kept_area)
      for (int t : part) flip[t] ^= 1;
  }
  return flip;
}

int find_root(std::vector<int>& parent, int i) {
  while (parent[i] != i) i = parent[i] = parent[parent[i]];
  return i;
}

/// Gives each fan of triangles around a vertex a vertex of its own; the first fan keeps the old one.
int split_fans(Mesh& mesh, const std::vector<int>& opposite) {
  const int corners = static_cast<int>(opposite.size());
  std::vector<int> parent(corners);
  for (int c = 0; c < corners; ++c) parent[c] = c;
  const auto unite = [&](int a, int b) {
    a = find_root(parent, a);
    b = find_root(parent, b);
    if (a != b) parent[std::max(a, b)] = std::min(a, b);
  };
  const auto vertex = [&](int corner) { return mesh.triangles[corner / 3][corner % 3]; };
  const auto next = [](int corner) { return corner % 3 == 2 ? corner - 2 : corner + 1; };
  for (int h = 0; h < corners; ++h) {
    const int across = opposite[h];
    if (across < h) continue;
    const bool same = vertex(h) == vertex(across);
    unite(h, same ? across : next(across));
    unite(next(h), same ? next(across) : across);
  }
  std::vector<int> fan_of_vertex(mesh.vertices.size(), -1);
  std::vector<int> vertex_of_fan(corners, -1);
  int split = 0;
  for (int c = 0; c < corners; ++c) {
    const int fan = find_root(parent, c);
    if (vertex_of_fan[fan] < 0) {
      const int v = vertex(c);
      if (fan_of_vertex[v] < 0) {
        fan_of_vertex[v] = fan;
        vertex_of_fan[fan] = v;
      } else {
        vertex_of_fan[fan] = static_cast<int>(mesh.vertices.size());
        mesh.vertices.push_back(Eigen::Vector3d(mesh.vertices[v]));
        if (!mesh.colors.empty()) mesh.colors.push_back(Eigen::Vector3d(mesh.colors[v]));
        ++split;
      }
    }
  }
  for (int c = 0; c < corners; ++c) mesh.triangles[c / 3][c % 3] = vertex_of_fan[find_root(parent, c)];
  return split;
}

void cut_and_turn(Mesh& mesh, EdgePairs& pairs, MadeManifold& made) {
  const std::vector<std::uint8_t> flip = choose_flips(mesh, pairs.opposite, made.twisted_edges);
  made.split_vertices += split_fans(mesh, pairs.opposite);
  for (std::size_t t = 0; t < flip.size(); ++t) {
    if (!flip[t]) continue;
    std::swap(mesh.triangles[t][1], mesh.triangles[t][2]);
    ++made.flipped;
  }
}

}  // namespace

MadeManifold make_manifold(Skin& skin) {
  MadeManifold made;
  EdgePairs pairs = pair_edges(skin.mesh);
  made.crowded_edges = pairs.crowded_edges;
  cut_and_turn(skin.mesh, pairs, made);
  // Sheets that were cut from each other at an edge may still share both its ends, all the way round: that knot goes.
  pairs = pair_edges(skin.mesh);
  std::vector<std::uint8_t> kept(skin.mesh.triangles.size(), 1);
  for (int h : pairs.crowded) kept[h / 3] = 0;
  for (std::size_t h = 0; h < pairs.opposite.size(); ++h)
    if (pairs.opposite[h] >= 0 && same_direction(skin.mesh, static_cast<int>(h), pairs.opposite[h])) kept[h / 3] = 0;
  if (keep_triangles(skin, kept) > 0) {
    pairs = pair_edges(skin.mesh);
    cut_and_turn(skin.mesh, pairs, made);
  }
  return made;
}

}  // namespace fit::detail
