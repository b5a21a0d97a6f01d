#include "libfit/detail/propose_landmarks.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/landmark_weights.h"

namespace fit::detail {

namespace {

constexpr std::array<double, kShaftLevels> kShaftShare{0.15, 0.3, 0.5, 0.7};
constexpr double kDistalMm = 2.0;

std::vector<double> descriptor(const RadialMap& map, const Knee& knee) {
  std::vector<double> features = knee_descriptor(map, knee);
  const double radius = map.at(knee.height_mm)[0].real();
  const std::complex<double> turn = std::polar(1.0, knee.anterior_angle - std::numbers::pi / 2.0);
  std::vector<double> imaginary;
  for (double share : kShaftShare) {
    const RadialMap::Harmonics row = map.at(share * knee.height_mm);
    std::complex<double> turned = 1.0;
    for (int order = 0; order < kShaftOrders; ++order, turned *= turn) {
      const std::complex<double> value = row[order] * turned / std::max(radius, 1.0);
      features.push_back(value.real());
      if (order > 0) imaginary.push_back(value.imag());
    }
  }
  features.insert(features.end(), imaginary.begin(), imaginary.end());
  features.push_back(knee.height_mm / std::max(radius, 1.0) / 3.0);
  return features;
}

double dot(const std::array<double, kLandmarkFeatures>& weights, const std::vector<double>& features) {
  double sum = 0.0;
  for (int i = 0; i < kLandmarkFeatures; ++i) sum += weights[i] * features[i];
  return sum;
}

}  // namespace

Landmarks propose_landmarks(const Mesh& surface, const RadialMap& map, const Knee& knee) {
  const std::vector<double> features = descriptor(map, knee);
  const double radius = map.at(knee.height_mm)[0].real();
  Landmarks landmarks;
  for (const LandmarkWeights& weights : kLandmarkWeights) {
    const double height =
        std::clamp(knee.height_mm + radius * dot(weights.height, features), map.lowest_mm(), map.highest_mm());
    const double angle =
        weights.nominal_angle + knee.anterior_angle - std::numbers::pi / 2.0 + dot(weights.angle, features);
    if (const auto point = skin_at(surface, height, angle)) landmarks[weights.landmark].point_mm = *point;
  }
  landmarks[Landmark::distal_end].point_mm = distal_end(surface);
  return landmarks;
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
  if (total > 0.0) return {sum.x() / total, sum.y() / total, lowest};
  for (const Eigen::Vector3d& vertex : surface.vertices)
    if (vertex.z() == lowest) return vertex;
  return Eigen::Vector3d::Zero();
}

}  // namespace fit::detail
