#include "apps/gallery/coarse_mesh.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace fit {

namespace {

/// For each vertex the number of its cell, cells counted in the order of their keys.
std::vector<int> cells_of(const Mesh& mesh, double cell_mm, int& count) {
  const Eigen::Vector3d lowest = bounding_box(mesh).lowest;
  std::vector<std::uint64_t> keys(mesh.vertices.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Eigen::Vector3d at = (mesh.vertices[i] - lowest) / cell_mm;
    keys[i] = static_cast<std::uint64_t>(at.z()) << 42 | static_cast<std::uint64_t>(at.y()) << 21 |
              static_cast<std::uint64_t>(at.x());
  }
  std::vector<std::uint64_t> sorted = keys;
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  count = static_cast<int>(sorted.size());
  std::vector<int> cells(keys.size());
  for (std::size_t i = 0; i < keys.size(); ++i)
    cells[i] = static_cast<int>(std::lower_bound(sorted.begin(), sorted.end(), keys[i]) - sorted.begin());
  return cells;
}

/// The mesh over given groups of vertices, without triangles that lost a corner.
CoarseMesh grouped(const Mesh& mesh, const std::vector<int>& group, int count) {
  CoarseMesh coarse;
  std::vector<int> number(static_cast<std::size_t>(count), -1);
  int next = 0;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    Eigen::Vector3i corners(group[t[0]], group[t[1]], group[t[2]]);
    if (corners[0] == corners[1] || corners[1] == corners[2] || corners[2] == corners[0]) continue;
    for (int k = 0; k < 3; ++k) {
      if (number[corners[k]] < 0) number[corners[k]] = next++;
      corners[k] = number[corners[k]];
    }
    coarse.mesh.triangles.push_back(corners);
  }
  coarse.mesh.vertices.assign(static_cast<std::size_t>(next), Eigen::Vector3d::Zero());
  std::vector<int> members(static_cast<std::size_t>(next), 0);
  coarse.coarse_of.resize(group.size());
  for (std::size_t i = 0; i < group.size(); ++i) {
    const int vertex = coarse.coarse_of[i] = number[group[i]];
    if (vertex < 0) continue;
    coarse.mesh.vertices[vertex] += mesh.vertices[i];
    ++members[vertex];
  }
  for (std::size_t v = 0; v < members.size(); ++v) coarse.mesh.vertices[v] /= members[v];
  return coarse;
}

}  // namespace

CoarseMesh coarse_mesh(const Mesh& mesh, std::size_t triangles) {
  std::vector<int> own(mesh.vertices.size());
  std::iota(own.begin(), own.end(), 0);
  if (mesh.triangles.size() <= triangles) return grouped(mesh, own, static_cast<int>(own.size()));
  // A surface of area A in cells of side h meets about 1.5 A / h^2 of them, and has twice as many triangles as
  // vertices.
  double cell_mm = std::max(std::sqrt(3.0 * area_mm2(mesh) / static_cast<double>(triangles)),
                            bounding_box(mesh).size().maxCoeff() / 2e6);
  for (int tries = 0;; ++tries, cell_mm *= 1.2) {
    int count = 0;
    const std::vector<int> cells = cells_of(mesh, cell_mm, count);
    CoarseMesh coarse = grouped(mesh, cells, count);
    if (coarse.mesh.triangles.size() <= triangles || tries == 10) return coarse;
  }
}

Values coarse_values(const CoarseMesh& coarse, const Values& values) {
  Values sums(coarse.mesh.vertices.size(), 0.0);
  std::vector<int> members(sums.size(), 0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int vertex = coarse.coarse_of[i];
    if (vertex < 0 || !std::isfinite(values[i])) continue;
    sums[vertex] += values[i];
    ++members[vertex];
  }
  for (std::size_t v = 0; v < sums.size(); ++v)
    sums[v] = members[v] ? sums[v] / members[v] : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

}  // namespace fit
