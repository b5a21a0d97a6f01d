#include "libfit/detail/geodesic.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <unordered_map>

namespace fit::detail {

namespace {

constexpr double kExactMm = 5.0;

double distance_to(const std::vector<Eigen::Vector3d>& line, const Eigen::Vector3d& point) {
  double nearest = (point - line[0]).norm();
  for (std::size_t i = 1; i < line.size(); ++i) {
    const Eigen::Vector3d along = line[i] - line[i - 1];
    const double length = along.squaredNorm();
    const double t = length > 0.0 ? std::clamp((point - line[i - 1]).dot(along) / length, 0.0, 1.0) : 0.0;
    nearest = std::min(nearest, (point - line[i - 1] - t * along).norm());
  }
  return nearest;
}

/// Where a straight front that passed a and b at the times ta and tb reaches c; infinite when it comes from outside the
/// angle at c. (The triangle laid flat, a and b seen from the source that is as far from both.)
double front_through(const Eigen::Vector3d& a, double ta, const Eigen::Vector3d& b, double tb,
                     const Eigen::Vector3d& c) {
  const double base = (b - a).norm();
  const double never = std::numeric_limits<double>::infinity();
  if (!(base > 0.0)) return never;
  // In the plane: a at the origin, b on +x, c above; the source below, at the distances ta and tb.
  const Eigen::Vector3d x_axis = (b - a) / base;
  const double cx = (c - a).dot(x_axis);
  const double cy = std::sqrt(std::max(0.0, (c - a).squaredNorm() - cx * cx));
  const double sx = (base * base + ta * ta - tb * tb) / (2.0 * base);
  const double below = ta * ta - sx * sx;
  if (below < 0.0) return never;
  const double sy = -std::sqrt(below);
  const double crosses = sx + (cx - sx) * (-sy) / (cy - sy);  // of the straight way and the edge
  if (!(crosses >= 0.0 && crosses <= base)) return never;
  return std::hypot(cx - sx, cy - sy);
}

/// Distances of the vertices met so far. A small part of the surface is met: a table of all would cost more than the
/// march.
class Front {
 public:
  Front(const Mesh& surface, const TrianglesAround& around) : surface_(surface), around_(around) {}

  void offer(int vertex, double distance) {
    const auto [entry, is_new] = met_.try_emplace(vertex, Met{distance, false});
    if (!is_new) {
      if (entry->second.settled || distance >= entry->second.distance) return;
      entry->second.distance = distance;
    }
    queue_.push({distance, vertex});
  }

  bool is_met(int vertex) const { return met_.contains(vertex); }

  std::vector<Reached> march(double reach) {
    std::vector<Reached> reached;
    while (!queue_.empty() && queue_.top().first <= reach) {
      const auto [distance, vertex] = queue_.top();
      queue_.pop();
      Met& met = met_.at(vertex);
      if (met.settled) continue;
      met.settled = true;
      reached.push_back({vertex, distance});
      for (int i = around_.begin[vertex]; i < around_.begin[vertex + 1]; ++i)
        pass_on(vertex, distance, around_.triangle[i]);
    }
    return reached;
  }

 private:
  struct Met {
    double distance;
    bool settled;
  };

  void pass_on(int vertex, double distance, int triangle) {
    const Eigen::Vector3i& t = surface_.triangles[triangle];
    const int corner = t[0] == vertex ? 0 : t[1] == vertex ? 1 : 2;
    const int others[2] = {t[(corner + 1) % 3], t[(corner + 2) % 3]};
    for (int k = 0; k < 2; ++k) {
      const int target = others[k];
      const int second = others[1 - k];
      const Eigen::Vector3d& c = surface_.vertices[target];
      double arrival = distance + (c - surface_.vertices[vertex]).norm();
      const auto known = met_.find(second);
      if (known != met_.end() && known->second.settled)
        arrival = std::min(arrival, front_through(surface_.vertices[vertex], distance, surface_.vertices[second],
                                                  known->second.distance, c));
      offer(target, arrival);
    }
  }

  const Mesh& surface_;
  const TrianglesAround& around_;
  std::unordered_map<int, Met> met_;
  std::priority_queue<std::pair<double, int>, std::vector<std::pair<double, int>>, std::greater<>> queue_;
};

int nearest_vertex(const Mesh& surface, const Eigen::Vector3d& point) {
  const auto nearest = std::min_element(
      surface.vertices.begin(), surface.vertices.end(),
      [&](const auto& a, const auto& b) { return (a - point).squaredNorm() < (b - point).squaredNorm(); });
  return static_cast<int>(nearest - surface.vertices.begin());
}

/// Goes from a vertex to the neighbour that is nearest to the point as long as that is nearer.
int walked_to(const Mesh& surface, const TrianglesAround& around, int vertex, const Eigen::Vector3d& point) {
  for (double least = (surface.vertices[vertex] - point).squaredNorm();;) {
    const int from = vertex;
    for (int i = around.begin[from]; i < around.begin[from + 1]; ++i)
      for (int corner = 0; corner < 3; ++corner) {
        const int next = surface.triangles[around.triangle[i]][corner];
        const double distance = (surface.vertices[next] - point).squaredNorm();
        if (distance < least) {
          least = distance;
          vertex = next;
        }
      }
    if (vertex == from) return vertex;
  }
}

}  // namespace

TrianglesAround triangles_around(const Mesh& surface) {
  TrianglesAround around;
  around.begin.assign(surface.vertices.size() + 1, 0);
  for (const Eigen::Vector3i& t : surface.triangles)
    for (int corner = 0; corner < 3; ++corner) ++around.begin[t[corner] + 1];
  for (std::size_t i = 1; i < around.begin.size(); ++i) around.begin[i] += around.begin[i - 1];
  around.triangle.resize(3 * surface.triangles.size());
  std::vector<int> at(around.begin.begin(), around.begin.end() - 1);
  for (std::size_t i = 0; i < surface.triangles.size(); ++i)
    for (int corner = 0; corner < 3; ++corner)
      around.triangle[at[surface.triangles[i][corner]]++] = static_cast<int>(i);
  return around;
}

std::vector<Reached> reached_within(const Mesh& surface, const TrianglesAround& around,
                                    const std::vector<Eigen::Vector3d>& line, double reach_mm) {
  Front front(surface, around);
  // Grown over the surface from the line's own vertices, so that skin that is near through the air is not taken.
  std::vector<int> grown{nearest_vertex(surface, line[0])};
  for (std::size_t i = 1; i < line.size(); ++i) grown.push_back(walked_to(surface, around, grown.back(), line[i]));
  for (int vertex : grown) front.offer(vertex, distance_to(line, surface.vertices[vertex]));
  for (std::size_t k = 0; k < grown.size(); ++k)
    for (int i = around.begin[grown[k]]; i < around.begin[grown[k] + 1]; ++i)
      for (int corner = 0; corner < 3; ++corner) {
        const int vertex = surface.triangles[around.triangle[i]][corner];
        const double distance = distance_to(line, surface.vertices[vertex]);
        if (distance > kExactMm || front.is_met(vertex)) continue;
        front.offer(vertex, distance);
        grown.push_back(vertex);
      }
  return front.march(reach_mm);
}

}  // namespace fit::detail
