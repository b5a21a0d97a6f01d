#include "libfit/detail/patch.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <map>

namespace fit::detail {

namespace {

std::uint64_t key(int a, int b) {
  return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | static_cast<std::uint32_t>(std::max(a, b));
}

double cotangent(const Eigen::Vector3d& tip, const Eigen::Vector3d& a, const Eigen::Vector3d& b) {
  const Eigen::Vector3d u = a - tip, v = b - tip;
  return u.dot(v) / std::max(u.cross(v).norm(), 1e-300);
}

}  // namespace

Patch::Patch(std::vector<Eigen::Vector3d> points, const std::vector<Eigen::Vector3i>& triangles,
             const std::vector<std::array<int, 2>>& taken)
    : points_(std::move(points)), triangles_(triangles) {
  for (const auto& [a, b] : taken) edges_.insert(key(a, b));
  pair_up();
}

void Patch::pair_up() {
  std::map<std::pair<int, int>, std::pair<int, int>> sides;
  across_.assign(triangles_.size(), {-1, -1, -1});
  for (std::size_t t = 0; t < triangles_.size(); ++t)
    for (int k = 0; k < 3; ++k) {
      const int a = triangles_[t][k], b = triangles_[t][(k + 1) % 3];
      edges_.insert(key(a, b));
      const auto other = sides.find({b, a});
      if (other == sides.end()) {
        sides[{a, b}] = {static_cast<int>(t), k};
      } else {
        across_[t][k] = other->second.first;
        across_[other->second.first][other->second.second] = static_cast<int>(t);
      }
    }
}

bool Patch::flip(int t, int k) {
  const int u = across_[t][k];
  if (u < 0) return false;
  const int a = triangles_[t][k], b = triangles_[t][(k + 1) % 3], c = triangles_[t][(k + 2) % 3];
  int j = 0;
  while (triangles_[u][j] != b) ++j;
  const int d = triangles_[u][(j + 2) % 3];
  if (edges_.count(key(c, d))) return false;
  // (a b c), (b a d) become (a d c), (d b c).
  const int beyond_bc = across_[t][(k + 1) % 3], beyond_ca = across_[t][(k + 2) % 3];
  const int beyond_ad = across_[u][(j + 1) % 3], beyond_db = across_[u][(j + 2) % 3];
  triangles_[t] = {a, d, c};
  across_[t] = {beyond_ad, u, beyond_ca};
  triangles_[u] = {d, b, c};
  across_[u] = {beyond_db, beyond_bc, t};
  const auto redirect = [&](int triangle, int from, int to) {
    if (triangle < 0) return;
    for (int& side : across_[triangle])
      if (side == from) {
        side = to;
        return;
      }
  };
  redirect(beyond_ad, u, t);
  redirect(beyond_bc, t, u);
  edges_.erase(key(a, b));
  edges_.insert(key(c, d));
  return true;
}

void Patch::flip_to_delaunay() {
  for (int round = 0; round < 50; ++round) {
    bool any = false;
    for (std::size_t t = 0; t < triangles_.size(); ++t)
      for (int k = 0; k < 3; ++k) {
        const int u = across_[t][k];
        if (u < 0) continue;
        const int a = triangles_[t][k], b = triangles_[t][(k + 1) % 3], c = triangles_[t][(k + 2) % 3];
        int j = 0;
        while (triangles_[u][j] != b) ++j;
        const int d = triangles_[u][(j + 2) % 3];
        const Eigen::Vector3d &pa = points_[a], &pb = points_[b], &pc = points_[c], &pd = points_[d];
        if (cotangent(pc, pa, pb) + cotangent(pd, pa, pb) >= -1e-9) continue;
        // Across a crease a flip would fold the surface.
        const Eigen::Vector3d before = (pb - pa).cross(pc - pa).normalized() + (pa - pb).cross(pd - pb).normalized();
        if ((pd - pa).cross(pc - pa).dot(before) <= 0.0 || (pb - pd).cross(pc - pd).dot(before) <= 0.0) continue;
        any = flip(static_cast<int>(t), k) || any;
      }
    if (!any) return;
  }
}

void Patch::split(int t) {
  const Eigen::Vector3i corner = triangles_[t];
  const std::array<int, 3> beyond = across_[t];
  const int centre = static_cast<int>(points_.size());
  points_.push_back((points_[corner[0]] + points_[corner[1]] + points_[corner[2]]) / 3.0);
  size_mm_.push_back((size_mm_[corner[0]] + size_mm_[corner[1]] + size_mm_[corner[2]]) / 3.0);
  const int second = static_cast<int>(triangles_.size()), third = second + 1;
  triangles_[t] = {corner[0], corner[1], centre};
  triangles_.push_back({corner[1], corner[2], centre});
  triangles_.push_back({corner[2], corner[0], centre});
  across_[t] = {beyond[0], second, third};
  across_.push_back({beyond[1], third, t});
  across_.push_back({beyond[2], t, second});
  const auto redirect = [&](int triangle, int to) {
    if (triangle < 0) return;
    for (int& side : across_[triangle])
      if (side == t) {
        side = to;
        return;
      }
  };
  redirect(beyond[1], second);
  redirect(beyond[2], third);
  for (int k = 0; k < 3; ++k) edges_.insert(key(corner[k], centre));
}

void Patch::refine(const std::vector<double>& size_mm, std::size_t most) {
  size_mm_.resize(points_.size());
  std::copy(size_mm.begin(), size_mm.end(), size_mm_.begin());
  for (int round = 0; round < 30; ++round) {
    bool any = false;
    const int count = static_cast<int>(triangles_.size());
    for (int t = 0; t < count && points_.size() < most; ++t) {
      const Eigen::Vector3i& corner = triangles_[t];
      const Eigen::Vector3d centre = (points_[corner[0]] + points_[corner[1]] + points_[corner[2]]) / 3.0;
      const double size = (size_mm_[corner[0]] + size_mm_[corner[1]] + size_mm_[corner[2]]) / 3.0;
      bool large = true;
      for (int k = 0; k < 3 && large; ++k) {
        const double reach = std::sqrt(2.0) * (points_[corner[k]] - centre).norm();
        large = reach > size && reach > size_mm_[corner[k]];
      }
      if (!large) continue;
      split(t);
      any = true;
    }
    flip_to_delaunay();
    if (!any) return;
  }
}

}  // namespace fit::detail
