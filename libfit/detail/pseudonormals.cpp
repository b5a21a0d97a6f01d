#include "libfit/detail/pseudonormals.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <vector>

#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

constexpr std::size_t kGrain = 8192;

/// Sides that lie on one edge, each naming the next: a ring. A side on the rim of an open mesh names itself.
LargeVector<int> rings_around_edges(const Mesh& mesh) {
  // Sides are sorted by their lower vertex with one counting pass; at a vertex they are so few that each is compared
  // with the others.
  std::vector<int> first(mesh.vertices.size() + 1, 0);
  for (const Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) ++first[std::min(t[k], t[(k + 1) % 3]) + 1];
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  struct Side {
    int other, side;
    bool operator<(const Side& right) const { return other != right.other ? other < right.other : side < right.side; }
  };
  LargeVector<Side> sides(3 * mesh.triangles.size());
  std::vector<int> filled(first.begin(), first.end() - 1);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int k = 0; k < 3; ++k) {
      const int from = mesh.triangles[i][k];
      const int to = mesh.triangles[i][(k + 1) % 3];
      sides[filled[std::min(from, to)]++] = {std::max(from, to), static_cast<int>(3 * i) + k};
    }
  LargeVector<int> next(sides.size());
  parallel_for(mesh.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t vertex = begin; vertex < end; ++vertex) {
      const auto at_first = sides.begin() + first[vertex];
      const auto at_last = sides.begin() + first[vertex + 1];
      std::sort(at_first, at_last);
      for (auto ring = at_first; ring != at_last;) {
        auto side = ring;
        for (; side + 1 != at_last && side[1].other == ring->other; ++side) next[side->side] = side[1].side;
        next[side->side] = ring->side;
        ring = side + 1;
      }
    }
  });
  return next;
}

double angle_at(const Vector3d& corner, const Vector3d& left, const Vector3d& right) {
  const Vector3d a = left - corner;
  const Vector3d b = right - corner;
  return std::atan2(a.cross(b).norm(), a.dot(b));
}

}  // namespace

Pseudonormals::Pseudonormals(const Mesh& mesh)
    : triangles_(mesh.triangles.begin(), mesh.triangles.end()),
      faces_(mesh.triangles.size()),
      vertices_(mesh.vertices.size(), Vector3d::Zero()),
      next_around_edge_(rings_around_edges(mesh)) {
  LargeVector<Vector3d> angles(mesh.triangles.size());
  parallel_for(mesh.triangles.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Vector3i& t = mesh.triangles[i];
      const Vector3d& a = mesh.vertices[t[0]];
      const Vector3d& b = mesh.vertices[t[1]];
      const Vector3d& c = mesh.vertices[t[2]];
      faces_[i] = (b - a).cross(c - a).stableNormalized();
      angles[i] = Vector3d(angle_at(a, b, c), angle_at(b, c, a), angle_at(c, a, b));
    }
  });
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int k = 0; k < 3; ++k) vertices_[mesh.triangles[i][k]] += angles[i][k] * faces_[i];
}

Vector3d Pseudonormals::at(int triangle, TrianglePart part) const {
  if (part == TrianglePart::face) return faces_[triangle];
  if (part >= TrianglePart::vertex_a)
    return vertices_[triangles_[triangle][static_cast<int>(part) - static_cast<int>(TrianglePart::vertex_a)]];
  const int start = 3 * triangle + static_cast<int>(part) - static_cast<int>(TrianglePart::edge_ab);
  Vector3d sum = faces_[triangle];
  for (int side = next_around_edge_[start]; side != start; side = next_around_edge_[side]) sum += faces_[side / 3];
  return sum;
}

}  // namespace fit::detail
