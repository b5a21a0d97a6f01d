#include "libfit/detail/part_wall.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/reported_loop.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kExact = 0.02;
constexpr double kFirstStep = 0.5;
// A walk that runs along a wall makes small steps only.
constexpr int kMostSteps = 60;

/// Walks from a point of the surface into the body, each time as far as nothing can be in the way (sphere tracing: Hart
/// 1996), until it stands before the surface behind. As long as the nearest surface is the one it comes from, the way
/// doubles with each step.
double walk(const ClosestPoint& surface, const Vector3d& from, const Vector3d& inward, double most_mm) {
  double gone = kFirstStep;
  int hint = -1;
  for (int step = 0; step < kMostSteps && gone < most_mm; ++step) {
    const Closest near = surface.at(from + gone * inward, hint);
    hint = near.triangle;
    if (near.signed_mm >= 0.0) return gone;
    if (-near.signed_mm < kExact) return gone - near.signed_mm;
    gone -= near.signed_mm;
  }
  return kNaN;
}

struct Side {
  int low, high, triangle;
  bool operator<(const Side& other) const {
    return low != other.low ? low < other.low : high != other.high ? high < other.high : triangle < other.triangle;
  }
};

std::vector<Side> sides_of(const Mesh& body) {
  std::vector<Side> sides;
  sides.reserve(3 * body.triangles.size());
  for (std::size_t i = 0; i < body.triangles.size(); ++i)
    for (int k = 0; k < 3; ++k) {
      const int a = body.triangles[i][k], b = body.triangles[i][(k + 1) % 3];
      sides.push_back({std::min(a, b), std::max(a, b), static_cast<int>(i)});
    }
  std::sort(sides.begin(), sides.end());
  return sides;
}

/// Patches that grow together.
class Patches {
 public:
  explicit Patches(std::vector<double> areas) : parent_(areas.size()), area_(std::move(areas)) {
    std::iota(parent_.begin(), parent_.end(), 0);
  }
  int of(int triangle) {
    while (parent_[triangle] != triangle) triangle = parent_[triangle] = parent_[parent_[triangle]];
    return triangle;
  }
  void join(int a, int b) {
    a = of(a);
    b = of(b);
    if (a == b) return;
    if (area_[a] < area_[b]) std::swap(a, b);
    parent_[b] = a;
    area_[a] += area_[b];
  }
  double area(int triangle) { return area_[of(triangle)]; }

 private:
  std::vector<int> parent_;
  std::vector<double> area_;
};

}  // namespace

Values thickness_behind(const Mesh& body, double most_mm, const Progress& progress) {
  const ClosestPoint surface(body);
  Values thickness(body.triangles.size(), kNaN);
  reported_for(thickness.size(), 256, progress, [&](std::size_t i) {
    const Eigen::Vector3i& t = body.triangles[i];
    const Vector3d &a = body.vertices[t[0]], &b = body.vertices[t[1]], &c = body.vertices[t[2]];
    const Vector3d normal = (b - a).cross(c - a);
    if (normal.norm() > 0.0) thickness[i] = walk(surface, (a + b + c) / 3.0, -normal.normalized(), most_mm);
  });
  return thickness;
}

double least_over_a_patch(const Mesh& body, const Values& triangle_values, double patch_mm2) {
  std::vector<double> areas;
  for (const Eigen::Vector3i& t : body.triangles) {
    const Vector3d& a = body.vertices[t[0]];
    areas.push_back(0.5 * (body.vertices[t[1]] - a).cross(body.vertices[t[2]] - a).norm());
  }
  std::vector<std::array<int, 3>> beside(body.triangles.size(), {-1, -1, -1});
  const std::vector<Side> sides = sides_of(body);
  for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
    if (sides[i].low != sides[i + 1].low || sides[i].high != sides[i + 1].high) continue;
    for (const auto& [one, other] :
         {std::pair(sides[i].triangle, sides[i + 1].triangle), std::pair(sides[i + 1].triangle, sides[i].triangle)})
      *std::find(beside[one].begin(), beside[one].end() - 1, -1) = other;
  }
  std::vector<int> order(areas.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](int i) { return std::isnan(triangle_values[i]); });
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return triangle_values[a] < triangle_values[b]; });
  Patches patches(areas);
  std::vector<bool> in(areas.size(), false);
  for (const int triangle : order) {
    in[triangle] = true;
    for (const int other : beside[triangle])
      if (other >= 0 && in[other]) patches.join(triangle, other);
    if (patches.area(triangle) >= patch_mm2) return triangle_values[triangle];
  }
  return kNaN;
}

}  // namespace fit::detail
