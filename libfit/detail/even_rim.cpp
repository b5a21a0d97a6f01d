#include "libfit/detail/even_rim.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numbers>
#include <optional>
#include <vector>

#include "libfit/detail/edge_pairs.h"

namespace fit::detail {

namespace {

constexpr int kSamples = 360;
constexpr int kSpread = 10;  ///< samples on either side
constexpr double kLeastRoughnessMm = 1.0;
constexpr double kBelowMm = 0.5;   ///< the curve lies under the notches
constexpr double kMostSkin = 0.5;  ///< of the opening's area
constexpr double kSnap = 0.08;     ///< of an edge: nearer than that a vertex counts as on the curve
constexpr double kTurn = 2.0 * std::numbers::pi;

/// Heights and angles about the opening's axis.
struct Axis {
  Eigen::Vector3d middle, up, x, y;
  double area_mm2 = 0.0;

  Axis(const Mesh& mesh, const std::vector<int>& rim) : middle(Eigen::Vector3d::Zero()), up(Eigen::Vector3d::Zero()) {
    for (int vertex : rim) middle += mesh.vertices[vertex] / static_cast<double>(rim.size());
    for (std::size_t i = 0; i < rim.size(); ++i)
      up += 0.5 * (mesh.vertices[rim[(i + 1) % rim.size()]] - middle).cross(mesh.vertices[rim[i]] - middle);
    area_mm2 = up.norm();
    up /= std::max(area_mm2, 1e-12);
    x = up.unitOrthogonal();
    y = up.cross(x);
  }

  double height(const Eigen::Vector3d& point) const { return up.dot(point - middle); }

  /// In samples, from 0 to kSamples.
  double sample(const Eigen::Vector3d& point) const {
    const double turns = std::atan2(y.dot(point - middle), x.dot(point - middle)) / kTurn;
    return (turns - std::floor(turns)) * kSamples;
  }
};

/// Of the values within kSpread samples of each: start, picked with each in turn.
template <class Pick>
std::vector<double> over_neighbours(const std::vector<double>& values, double start, Pick pick) {
  std::vector<double> result(kSamples, start);
  for (int k = 0; k < kSamples; ++k)
    for (int i = -kSpread; i <= kSpread; ++i) result[k] = pick(result[k], values[(k + i + kSamples) % kSamples]);
  return result;
}

std::vector<double> mean_of_neighbours(const std::vector<double>& values) {
  std::vector<double> mean = over_neighbours(values, 0.0, [](double a, double b) { return a + b; });
  for (double& value : mean) value /= 2 * kSpread + 1;
  return mean;
}

/// Lowest and highest place of the rim at each sample's angle; none where the rim does not go round its axis.
struct Reach {
  std::vector<double> lowest, highest;
};

std::optional<Reach> reach_of(const Mesh& mesh, const std::vector<int>& rim, const Axis& axis) {
  Reach reach{std::vector<double>(kSamples, 1e300), std::vector<double>(kSamples, -1e300)};
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const Eigen::Vector3d &a = mesh.vertices[rim[i]], &b = mesh.vertices[rim[(i + 1) % rim.size()]];
    const double start = axis.sample(a);
    const double turn = std::remainder(axis.sample(b) - start, static_cast<double>(kSamples));
    const long last = std::lround(std::floor(std::max(start, start + turn)));
    for (long k = std::lround(std::ceil(std::min(start, start + turn))); k <= last; ++k) {
      const double t = turn == 0.0 ? 0.0 : (static_cast<double>(k) - start) / turn;
      const double height = (1.0 - t) * axis.height(a) + t * axis.height(b);
      const std::size_t at = static_cast<std::size_t>((k + kSamples) % kSamples);
      reach.lowest[at] = std::min(reach.lowest[at], height);
      reach.highest[at] = std::max(reach.highest[at], height);
    }
  }
  if (*std::max_element(reach.lowest.begin(), reach.lowest.end()) > 1e299) return std::nullopt;
  return reach;
}

/// How far the rim departs from its mean nearby, at most.
double roughness_mm(const Reach& reach) {
  double roughness = 0.0;
  for (const auto* rim : {&reach.lowest, &reach.highest}) {
    const std::vector<double> mean = mean_of_neighbours(*rim);
    for (int k = 0; k < kSamples; ++k) roughness = std::max(roughness, std::abs((*rim)[k] - mean[k]));
  }
  for (int k = 0; k < kSamples; ++k) roughness = std::max(roughness, reach.highest[k] - reach.lowest[k]);
  return roughness;
}

/// A smooth curve nowhere above the notches: the mean of the lowest nearby.
std::vector<double> curve_below(const std::vector<double>& lowest) {
  std::vector<double> curve =
      mean_of_neighbours(over_neighbours(lowest, 1e300, [](double a, double b) { return std::min(a, b); }));
  for (double& height : curve) height -= kBelowMm;
  return curve;
}

/// Height of each vertex over the curve; vertices near it, against their edges, count as on it.
std::vector<double> over_curve(const Mesh& mesh, const Axis& axis, const std::vector<double>& curve) {
  std::vector<double> over(mesh.vertices.size());
  for (std::size_t i = 0; i < over.size(); ++i) {
    const double place = axis.sample(mesh.vertices[i]);
    const int k = std::min(static_cast<int>(place), kSamples - 1);
    const double t = place - k;
    over[i] = axis.height(mesh.vertices[i]) - ((1.0 - t) * curve[k] + t * curve[(k + 1) % kSamples]);
  }
  std::vector<char> snapped(over.size(), 0);
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) {
      const double a = over[t[k]], b = over[t[(k + 1) % 3]];
      if ((a < 0.0) == (b < 0.0)) continue;
      const double share = a / (a - b);
      if (share < kSnap) snapped[t[k]] = 1;
      if (share > 1.0 - kSnap) snapped[t[(k + 1) % 3]] = 1;
    }
  for (std::size_t i = 0; i < over.size(); ++i)
    if (snapped[i]) over[i] = 0.0;
  return over;
}

/// The skin below the curve.
Skin cut(const Skin& skin, const std::vector<double>& over) {
  Skin below{{skin.mesh.vertices, {}, skin.mesh.colors}, {}};
  std::map<std::array<int, 2>, int> crossing;
  const auto between = [&](int a, int b) {
    if (a > b) std::swap(a, b);
    const auto [at, is_new] = crossing.try_emplace({a, b}, static_cast<int>(below.mesh.vertices.size()));
    if (is_new) {
      const double t = over[a] / (over[a] - over[b]);
      const auto carry = [&](std::vector<Eigen::Vector3d>& of) { of.push_back(of[a] + t * (of[b] - of[a])); };
      carry(below.mesh.vertices);
      if (!below.mesh.colors.empty()) carry(below.mesh.colors);
    }
    return at->second;
  };
  for (std::size_t i = 0; i < skin.mesh.triangles.size(); ++i) {
    const Eigen::Vector3i& t = skin.mesh.triangles[i];
    std::vector<int> kept;
    bool any_below = false;
    for (int k = 0; k < 3; ++k) {
      const int a = t[k], b = t[(k + 1) % 3];
      any_below = any_below || over[a] < 0.0;
      if (over[a] <= 0.0) kept.push_back(a);
      if ((over[a] < 0.0 && over[b] > 0.0) || (over[a] > 0.0 && over[b] < 0.0)) kept.push_back(between(a, b));
    }
    if (!any_below) continue;
    for (std::size_t k = 2; k < kept.size(); ++k) {
      below.mesh.triangles.emplace_back(kept[0], kept[k - 1], kept[k]);
      below.invented.push_back(skin.invented[i]);
    }
  }
  return below;
}

}  // namespace

EvenedRim even_rim(Skin& skin) {
  const std::vector<std::vector<int>> loops = boundary_loops(skin.mesh);
  if (loops.size() != 1) return {};
  const Axis axis(skin.mesh, loops[0]);
  const std::optional<Reach> reach = reach_of(skin.mesh, loops[0], axis);
  if (!reach) return {};
  const double roughness = roughness_mm(*reach);
  if (roughness < kLeastRoughnessMm) return {};
  Skin below = cut(skin, over_curve(skin.mesh, axis, curve_below(reach->lowest)));
  const double lost_mm2 = area_mm2(skin.mesh) - area_mm2(below.mesh);
  remove_unused_vertices(below.mesh);
  const bool whole = connected_parts(pair_edges(below.mesh).opposite).count == 1;
  if (lost_mm2 > kMostSkin * axis.area_mm2 || !whole || boundary_loops(below.mesh).size() != 1) return {};
  skin = std::move(below);
  return {roughness, lost_mm2};
}

}  // namespace fit::detail
