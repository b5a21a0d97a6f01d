#include "libfit/detail/propose_landmarks.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "libfit/detail/knee_weights.h"

namespace fit::detail {

namespace {

constexpr double kDistalMm = 2.0;

/// Where a line along z leaves the surface below.
std::optional<Eigen::Vector3d> lowest_skin_at(const Mesh& surface, const Eigen::Vector2d& at) {
  std::optional<Eigen::Vector3d> lowest;
  for (const Eigen::Vector3i& t : surface.triangles) {
    const Eigen::Vector3d &a = surface.vertices[t[0]], &b = surface.vertices[t[1]], &c = surface.vertices[t[2]];
    const auto twice = [](const Eigen::Vector2d& u, const Eigen::Vector2d& v) { return u.x() * v.y() - u.y() * v.x(); };
    const Eigen::Vector2d to_b = b.head<2>() - a.head<2>(), to_c = c.head<2>() - a.head<2>(), to_at = at - a.head<2>();
    const double whole = twice(to_b, to_c);
    if (whole == 0.0) continue;
    const double u = twice(to_at, to_c) / whole, v = twice(to_b, to_at) / whole;
    if (u < 0.0 || v < 0.0 || u + v > 1.0) continue;
    const Eigen::Vector3d point = a + u * (b - a) + v * (c - a);
    if (!lowest || point.z() < lowest->z()) lowest = point;
  }
  return lowest;
}

}  // namespace

Proposed propose_landmarks(const Mesh& surface, const RadialMap& map, const Knee& knee) {
  const KneeView view = knee_view(map, knee);
  const double radius = map.at(knee.height_mm)[0].real();
  std::array<std::array<double, 3 * kPlaces>, kSurveyors> said;
  for (int i = 0; i < kSurveyors; ++i) said[i] = said_by(kKneeWeights.surveyors[i], view);
  Proposed proposed;
  for (int i = 0; i < kPlaces; ++i) {
    Eigen::Vector2d mean = Eigen::Vector2d::Zero();
    double square = 0.0, own_variance = 0.0;
    for (const auto& one : said) {
      const Eigen::Vector2d place(one[i], one[kPlaces + i]);
      mean += place / kSurveyors;
      square += place.squaredNorm() / kSurveyors;
      // A Laplace distribution in the plane of this width.
      own_variance += 6.0 * std::exp(2.0 * std::clamp(one[2 * kPlaces + i], -5.5, 3.0)) / kSurveyors;
    }
    const double height = std::clamp(knee.height_mm + radius * mean[0], map.lowest_mm(), map.highest_mm());
    const double angle = kKneeWeights.nominal_angle[i] + knee.anterior_angle - std::numbers::pi / 2.0 + mean[1];
    const auto point = skin_at(surface, height, angle);
    if (!point) continue;
    proposed.landmarks[kKneeWeights.place[i]].point_mm = *point;
    proposed.may_be_off_mm[kKneeWeights.place[i]] =
        radius * std::sqrt(own_variance + std::max(0.0, square - mean.squaredNorm()));
  }
  return proposed;
}

Eigen::Vector3d distal_end(const Mesh& surface) {
  const double lowest = bounding_box(surface).lowest.z();
  // Weights that fade towards the upper edge, and areas instead of vertices, so that neither a vertex more nor the pose
  // matters.
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  double total = 0.0;
  for (const Eigen::Vector3i& t : surface.triangles) {
    const Eigen::Vector3d& a = surface.vertices[t[0]];
    const Eigen::Vector3d& b = surface.vertices[t[1]];
    const Eigen::Vector3d& c = surface.vertices[t[2]];
    const Eigen::Vector3d middle = (a + b + c) / 3.0;
    const double weight = (b - a).cross(c - a).norm() * std::max(0.0, lowest + kDistalMm - middle.z());
    sum += weight * middle.head<2>();
    total += weight;
  }
  if (total > 0.0)
    if (const auto skin = lowest_skin_at(surface, sum / total)) return *skin;
  for (const Eigen::Vector3d& vertex : surface.vertices)
    if (vertex.z() == lowest) return vertex;
  return Eigen::Vector3d::Zero();
}

}  // namespace fit::detail
