#include "libfit/detail/join_parts.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "libfit/detail/point_hash.h"

namespace fit::detail {

namespace {

constexpr double kLeastArea_mm2 = 50.0;
constexpr double kOver_mm = 4.0;  ///< skin this near, and not at a rim, is the same skin seen twice

class Joiner {
 public:
  Joiner(Skin& skin, const Parts& parts, const std::vector<Rim>& rims, double gap_mm)
      : skin_(skin), parts_(parts), rims_(rims), gap_mm_(gap_mm), at_rim_(skin.mesh.vertices.size(), 0) {
    for (const Rim& rim : rims)
      for (int h : rim) at_rim_[start(h)] = 1;
  }

  /// Joins `part` to what belongs to the limb so far, if it is skin.
  bool join(int part, int limb) {
    std::vector<int> own, theirs;
    for (const Rim& rim : rims_) {
      const int of = parts_.of_triangle[rim[0] / 3];
      if (of == part) own.insert(own.end(), rim.begin(), rim.end());
      if (of == limb) theirs.insert(theirs.end(), rim.begin(), rim.end());
    }
    return !own.empty() && !theirs.empty() && bridge(part, own, theirs, limb);
  }

 private:
  int start(int h) const { return skin_.mesh.triangles[h / 3][h % 3]; }
  int end(int h) const { return skin_.mesh.triangles[h / 3][(h + 1) % 3]; }
  Eigen::Vector3d middle(int h) const { return 0.5 * (skin_.mesh.vertices[start(h)] + skin_.mesh.vertices[end(h)]); }

  Eigen::Vector3d normal(int h) const {
    const Eigen::Vector3i& t = skin_.mesh.triangles[h / 3];
    const Eigen::Vector3d& a = skin_.mesh.vertices[t[0]];
    return (skin_.mesh.vertices[t[1]] - a).cross(skin_.mesh.vertices[t[2]] - a).normalized();
  }

  std::vector<int> vertices_of(auto&& wanted) const {
    std::vector<int> vertices;
    for (std::size_t t = 0; t < skin_.mesh.triangles.size(); ++t)
      if (wanted(parts_.of_triangle[t]))
        for (int k = 0; k < 3; ++k) vertices.push_back(skin_.mesh.triangles[t][k]);
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    return vertices;
  }

  /// Whether more than a fifth of the part has limb that is not a rim right beside it.
  bool lies_over(int part, int limb) const {
    const std::vector<int> present = vertices_of([&](int of) { return of == limb; });
    const std::vector<int> own = vertices_of([&](int of) { return of == part; });
    PointHash hash(2.0 * kOver_mm, present.size());
    for (int v : present)
      if (!at_rim_[v]) hash.insert(skin_.mesh.vertices[v], v);
    std::size_t over = 0;
    for (int v : own) {
      bool near = false;
      hash.near(skin_.mesh.vertices[v], kOver_mm, [&](int other) {
        near = near || (skin_.mesh.vertices[other] - skin_.mesh.vertices[v]).norm() < kOver_mm;
      });
      over += near;
    }
    return 5 * over > own.size();
  }

  bool bridge(int part, const std::vector<int>& own, const std::vector<int>& theirs, int limb) {
    PointHash hash(gap_mm_, theirs.size());
    for (int h : theirs) hash.insert(middle(h), h);
    std::vector<std::pair<int, int>> beside;
    double agreement = 0.0;
    for (int h : own) {
      int nearest = -1;
      double least = gap_mm_;
      hash.near(middle(h), gap_mm_, [&](int other) {
        const double apart = (middle(other) - middle(h)).norm();
        if (apart > least || (apart == least && other > nearest)) return;
        least = apart;
        nearest = other;
      });
      if (nearest < 0) continue;
      beside.emplace_back(h, nearest);
      agreement += normal(h).dot(normal(nearest));
    }
    // A third of the rim: a band that closes a gap all round has a second rim, that is the limb's other end or opening.
    if (3 * beside.size() < own.size() || std::abs(agreement) < 0.6 * static_cast<double>(beside.size())) return false;
    const bool turned = agreement < 0.0;
    int best = -1;
    double shortest = 1e300;
    for (std::size_t i = 0; i < beside.size(); ++i) {
      const auto [h, other] = beside[i];
      const Eigen::Vector3d &a = skin_.mesh.vertices[start(other)], &b = skin_.mesh.vertices[end(other)];
      const Eigen::Vector3d& c = skin_.mesh.vertices[turned ? end(h) : start(h)];
      const Eigen::Vector3d& d = skin_.mesh.vertices[turned ? start(h) : end(h)];
      const double length = (a - d).norm() + (b - c).norm();
      if (length >= shortest || (b - a).dot(d - c) >= 0.0) continue;
      shortest = length;
      best = static_cast<int>(i);
    }
    if (best < 0 || lies_over(part, limb)) return false;
    const auto [h, other] = beside[best];
    const int a = start(other), b = end(other), c = turned ? end(h) : start(h), d = turned ? start(h) : end(h);
    if (turned)
      for (std::size_t t = 0; t < parts_.of_triangle.size(); ++t)
        if (parts_.of_triangle[t] == part) std::swap(skin_.mesh.triangles[t][1], skin_.mesh.triangles[t][2]);
    skin_.mesh.triangles.push_back({b, a, d});
    skin_.mesh.triangles.push_back({b, d, c});
    skin_.invented.insert(skin_.invented.end(), 2, 1);
    return true;
  }

  Skin& skin_;
  const Parts& parts_;
  const std::vector<Rim>& rims_;
  double gap_mm_;
  std::vector<std::uint8_t> at_rim_;
};

}  // namespace

double join_part(Skin& skin, const Parts& parts, const std::vector<Rim>& rims, int limb, double gap_mm) {
  std::vector<double> area(parts.count, 0.0);
  for (std::size_t t = 0; t < parts.of_triangle.size(); ++t) {
    const Eigen::Vector3i& corner = skin.mesh.triangles[t];
    const Eigen::Vector3d& a = skin.mesh.vertices[corner[0]];
    area[parts.of_triangle[t]] +=
        0.5 * (skin.mesh.vertices[corner[1]] - a).cross(skin.mesh.vertices[corner[2]] - a).norm();
  }
  // The largest first: a small piece may touch the limb through it.
  std::vector<int> others;
  for (int part = 0; part < parts.count; ++part)
    if (part != limb && area[part] > kLeastArea_mm2) others.push_back(part);
  std::stable_sort(others.begin(), others.end(), [&](int a, int b) { return area[a] > area[b]; });
  constexpr std::size_t kMost = 50;
  if (others.size() > kMost) others.resize(kMost);
  Joiner joiner(skin, parts, rims, gap_mm);
  for (int part : others)
    if (joiner.join(part, limb)) return area[part];
  return 0.0;
}

}  // namespace fit::detail
