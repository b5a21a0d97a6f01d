#include "libfit/detail/unfold.h"

#include <Eigen/Geometry>
#include <algorithm>

#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr double kLeastArea = 0.05;  ///< of the area before, seen along the normal before
constexpr int kMostRounds = 30;
constexpr int kRings = 2;

Eigen::Vector3d twice_area(const Mesh& surface, const Eigen::Vector3i& t) {
  const Eigen::Vector3d& a = surface.vertices[t[0]];
  return (surface.vertices[t[1]] - a).cross(surface.vertices[t[2]] - a);
}

std::vector<int> folded(const Mesh& before, const Mesh& moved) {
  std::vector<char> is_folded(before.triangles.size(), 0);
  parallel_for(before.triangles.size(), 16384, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3d normal = twice_area(before, before.triangles[i]);
      is_folded[i] = twice_area(moved, moved.triangles[i]).dot(normal) < kLeastArea * normal.squaredNorm();
    }
  });
  std::vector<int> triangles;
  for (std::size_t i = 0; i < is_folded.size(); ++i)
    if (is_folded[i]) triangles.push_back(static_cast<int>(i));
  return triangles;
}

/// The corners of some triangles and the vertices within some rings of them, ascending.
std::vector<int> vertices_near(const Mesh& surface, const TrianglesAround& around, const std::vector<int>& triangles) {
  std::vector<int> vertices;
  const auto add = [&](int triangle) {
    for (int corner = 0; corner < 3; ++corner) vertices.push_back(surface.triangles[triangle][corner]);
  };
  const auto tidy = [&] {
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
  };
  for (int triangle : triangles) add(triangle);
  tidy();
  for (int ring = 0; ring < kRings; ++ring) {
    for (const int vertex : std::vector<int>(vertices))
      for (int i = around.begin[vertex]; i < around.begin[vertex + 1]; ++i) add(around.triangle[i]);
    tidy();
  }
  return vertices;
}

}  // namespace

void unfold(const Mesh& before, Mesh& moved) {
  std::vector<int> left = folded(before, moved);
  if (left.empty()) return;
  const TrianglesAround around = triangles_around(before);
  for (int round = 0; round < kMostRounds && !left.empty(); ++round) {
    const std::vector<int> vertices = vertices_near(before, around, left);
    std::vector<Eigen::Vector3d> evened;
    for (int vertex : vertices) {
      Eigen::Vector3d sum = Eigen::Vector3d::Zero();
      int count = 0;
      for (int i = around.begin[vertex]; i < around.begin[vertex + 1]; ++i)
        for (int corner = 0; corner < 3; ++corner) {
          const int other = before.triangles[around.triangle[i]][corner];
          sum += moved.vertices[other] - before.vertices[other];
          ++count;
        }
      evened.push_back(before.vertices[vertex] + sum / count);
    }
    for (std::size_t k = 0; k < vertices.size(); ++k) moved.vertices[vertices[k]] = evened[k];
    left = folded(before, moved);
  }
}

}  // namespace fit::detail
