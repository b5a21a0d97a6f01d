#include "libfit/mesh.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <unordered_map>

#include "libfit/detail/corners.h"
#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr std::size_t kGrain = 16384;

}  // namespace

Box bounding_box(const Mesh& mesh) {
  Box box;
  for (const Eigen::Vector3d& vertex : mesh.vertices) {
    box.lowest = box.lowest.cwiseMin(vertex);
    box.highest = box.highest.cwiseMax(vertex);
  }
  return box;
}

double volume_mm3(const Mesh& mesh) {
  if (mesh.triangles.empty()) return 0.0;
  // About a point of the surface, not the origin: a limb far from the origin would lose digits.
  const Eigen::Vector3d origin = mesh.vertices[mesh.triangles[0][0]];
  return parallel_sum(mesh.triangles.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    double sum = 0.0;
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3i& t = mesh.triangles[i];
      const Eigen::Vector3d a = mesh.vertices[t[0]] - origin;
      sum += a.dot((mesh.vertices[t[1]] - origin).cross(mesh.vertices[t[2]] - origin));
    }
    return sum / 6.0;
  });
}

double area_mm2(const Mesh& mesh) {
  return parallel_sum(mesh.triangles.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    double sum = 0.0;
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3i& t = mesh.triangles[i];
      const Eigen::Vector3d& a = mesh.vertices[t[0]];
      sum += (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).norm();
    }
    return sum / 2.0;
  });
}

std::vector<Eigen::Vector3d> vertex_normals(const Mesh& mesh) {
  std::vector<Eigen::Vector3d> normals(mesh.vertices.size(), Eigen::Vector3d::Zero());
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Eigen::Vector3d& a = mesh.vertices[t[0]];
    const Eigen::Vector3d normal = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a);
    for (int corner = 0; corner < 3; ++corner) normals[t[corner]] += normal;
  }
  for (Eigen::Vector3d& normal : normals) {
    const double length = normal.norm();
    if (length > 0.0) normal /= length;
  }
  return normals;
}

std::vector<std::vector<int>> boundary_loops(const Mesh& mesh) {
  const detail::Corners corners(mesh);
  std::vector<int> entered_from(mesh.vertices.size(), -1);  // the last vertex looked at that a side from here enters
  std::unordered_map<int, std::vector<int>> next;
  std::vector<int> starts;
  for (int vertex = 0; vertex < static_cast<int>(mesh.vertices.size()); ++vertex) {
    const auto begin = corners.at.begin() + corners.first[vertex], end = corners.at.begin() + corners.first[vertex + 1];
    for (auto corner = begin; corner != end; ++corner) entered_from[corner->before] = vertex;
    const std::size_t found = starts.size();
    for (auto corner = begin; corner != end; ++corner)
      if (entered_from[corner->next] != vertex) {
        next[vertex].push_back(corner->next);
        starts.push_back(vertex);
      }
    if (starts.size() > found + 1) std::sort(next[vertex].begin(), next[vertex].end());
  }

  std::vector<std::vector<int>> loops;
  for (int start : starts) {
    if (next[start].empty()) continue;
    std::vector<int> loop;
    std::unordered_map<int, std::size_t> position;
    int at = start;
    while (true) {
      const auto seen = position.find(at);
      if (seen != position.end()) {
        const std::size_t first = seen->second;  // `seen` goes with the places
        loops.emplace_back(loop.begin() + static_cast<std::ptrdiff_t>(first), loop.end());
        for (std::size_t i = first; i < loop.size(); ++i) position.erase(loop[i]);
        loop.resize(first);
      }
      std::vector<int>& out = next[at];
      if (out.empty()) break;
      position[at] = loop.size();
      loop.push_back(at);
      at = out.back();
      out.pop_back();
    }
  }
  return loops;
}

Mesh flipped(Mesh mesh) {
  for (Eigen::Vector3i& t : mesh.triangles) std::swap(t[1], t[2]);
  return mesh;
}

std::vector<int> remove_unused_vertices(Mesh& mesh) {
  std::vector<int> renamed(mesh.vertices.size(), -1);
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int corner = 0; corner < 3; ++corner) renamed[t[corner]] = 0;
  std::vector<int> kept;
  for (std::size_t i = 0; i < renamed.size(); ++i) {
    if (renamed[i] < 0) continue;
    renamed[i] = static_cast<int>(kept.size());
    mesh.vertices[kept.size()] = mesh.vertices[i];
    if (!mesh.colors.empty()) mesh.colors[kept.size()] = mesh.colors[i];
    kept.push_back(static_cast<int>(i));
  }
  mesh.vertices.resize(kept.size());
  if (!mesh.colors.empty()) mesh.colors.resize(kept.size());
  for (Eigen::Vector3i& t : mesh.triangles)
    for (int corner = 0; corner < 3; ++corner) t[corner] = renamed[t[corner]];
  return kept;
}

}  // namespace fit
