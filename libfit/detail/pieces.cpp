#include "libfit/detail/pieces.h"

#include <Eigen/Geometry>
#include <numeric>
#include <utility>

namespace fit::detail {

std::vector<Piece> pieces(const Mesh& mesh, std::vector<int>& piece_of) {
  std::vector<int> root(mesh.vertices.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int vertex) {
    while (root[vertex] != vertex) vertex = root[vertex] = root[root[vertex]];
    return vertex;
  };
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int side = 0; side < 2; ++side) {
      const int a = find(t[side]), b = find(t[side + 1]);
      root[std::max(a, b)] = std::min(a, b);
    }
  std::vector<Piece> found;
  std::vector<Box> boxes;
  piece_of.assign(mesh.vertices.size(), -1);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    int& piece = piece_of[find(t[0])];
    if (piece < 0) {
      piece = static_cast<int>(found.size());
      found.push_back({0.0, Eigen::Vector3d::Zero(), static_cast<int>(i)});
      boxes.emplace_back();
    }
    const int index = piece;
    for (const int vertex : t) {
      piece_of[vertex] = index;
      boxes[index].lowest = boxes[index].lowest.cwiseMin(mesh.vertices[vertex]);
      boxes[index].highest = boxes[index].highest.cwiseMax(mesh.vertices[vertex]);
    }
    found[index].volume_mm3 += mesh.vertices[t[0]].dot(mesh.vertices[t[1]].cross(mesh.vertices[t[2]])) / 6.0;
  }
  for (std::size_t i = 0; i < found.size(); ++i) found[i].middle_mm = (boxes[i].lowest + boxes[i].highest) / 2.0;
  return found;
}

Mesh without_pieces(const Mesh& mesh, const std::vector<int>& piece_of, const std::vector<bool>& dropped) {
  Mesh kept;
  kept.vertices = mesh.vertices;
  for (const Eigen::Vector3i& t : mesh.triangles)
    if (!dropped[piece_of[t[0]]]) kept.triangles.push_back(t);
  remove_unused_vertices(kept);
  return kept;
}

}  // namespace fit::detail
