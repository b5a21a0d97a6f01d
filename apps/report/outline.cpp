#include "apps/report/outline.h"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <cmath>
#include <map>

namespace fit {

namespace {

using Edge = std::pair<int, int>;

/// One triangle's share of the cut: it enters over one edge and leaves over another.
struct Step {
  Edge from, to;
};

}  // namespace

std::vector<std::vector<Eigen::Vector2d>> outlines(const Mesh& mesh, const CutPlane& plane) {
  const Eigen::Vector3d normal = plane.right.cross(plane.up);
  std::vector<double> height;
  height.reserve(mesh.vertices.size());
  for (const Eigen::Vector3d& v : mesh.vertices) height.push_back((v - plane.point_mm).dot(normal));
  const auto above = [&](int v) { return height[static_cast<std::size_t>(v)] >= 0.0; };

  std::vector<Step> steps;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    if (above(t[0]) == above(t[1]) && above(t[1]) == above(t[2])) continue;
    Step step;
    for (int i = 0; i < 3; ++i) {
      const int a = t[i], b = t[(i + 1) % 3];
      if (above(a) == above(b)) continue;
      (above(a) ? step.from : step.to) = std::minmax(a, b);
    }
    steps.push_back(step);
  }

  std::multimap<Edge, std::size_t> starting;
  std::map<Edge, int> ending;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    starting.emplace(steps[i].from, i);
    ++ending[steps[i].to];
  }
  const auto point = [&](const Edge& edge) {
    const auto a = static_cast<std::size_t>(edge.first), b = static_cast<std::size_t>(edge.second);
    const Eigen::Vector3d p = mesh.vertices[a] +
                              (mesh.vertices[b] - mesh.vertices[a]) * (height[a] / (height[a] - height[b])) -
                              plane.point_mm;
    return Eigen::Vector2d(p.dot(plane.right), p.dot(plane.up));
  };
  std::vector<char> used(steps.size(), 0);
  std::vector<std::vector<Eigen::Vector2d>> lines;
  const auto follow = [&](std::size_t first) {
    std::vector<Eigen::Vector2d> line{point(steps[first].from)};
    for (std::size_t i = first;;) {
      used[i] = 1;
      line.push_back(point(steps[i].to));
      auto [next, end] = starting.equal_range(steps[i].to);
      while (next != end && used[next->second]) ++next;
      if (next == end) break;
      i = next->second;
    }
    lines.push_back(std::move(line));
  };
  // Open lines from their ends, then the closed ones.
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!used[i] && !ending.count(steps[i].from)) follow(i);
  for (std::size_t i = 0; i < steps.size(); ++i)
    if (!used[i]) follow(i);
  return lines;
}

std::string svg_path(const std::vector<std::vector<Eigen::Vector2d>>& lines, double least_mm) {
  std::string path;
  const auto tenths = [](double v) { return std::lround(10.0 * v); };
  for (const std::vector<Eigen::Vector2d>& line : lines) {
    Eigen::Vector2d last = line.front();
    path += fmt::format("M{} {}", tenths(last.x()), tenths(-last.y()));
    for (std::size_t i = 1; i < line.size(); ++i) {
      if ((line[i] - last).norm() < least_mm && i + 1 < line.size()) continue;
      last = line[i];
      path += fmt::format("L{} {}", tenths(last.x()), tenths(-last.y()));
    }
    if ((line.front() - line.back()).norm() < 1e-9) path += 'Z';
  }
  return path;
}

}  // namespace fit
