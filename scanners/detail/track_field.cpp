#include "scanners/detail/track_field.h"

#include <algorithm>
#include <cmath>

namespace fit {

PoseEquations match_field(const FieldGrid& field, const ViewPoints& points, const Eigen::Isometry3d& world_from_camera,
                          const Eigen::Vector3d& pivot_mm, double limit_mm, int stride) {
  PoseEquations equations;
  const Eigen::Matrix3f turn = world_from_camera.linear().cast<float>();
  const Eigen::Vector3f shift = world_from_camera.translation().cast<float>();
  const Eigen::Vector3f pivot = pivot_mm.cast<float>();
  const auto pivot_z = static_cast<float>((world_from_camera.inverse() * pivot_mm).z());
  FieldGrid::Sample sample;
  for (std::size_t i = 0; i < points.size(); i += static_cast<std::size_t>(stride)) {
    ++equations.asked;
    const Eigen::Vector3f p = turn * points[i].point + shift;
    if (!field.sample(p, sample)) continue;
    const Eigen::Vector3f normal = turn * points[i].normal;
    if (sample.gradient.dot(normal) < 0.3f) continue;  // the other side of something thin, or where bands meet
    const float near = pivot_z / points[i].point.z();
    const auto certain = static_cast<double>(points[i].slant * points[i].slant * (near * near) * (near * near));
    const double weight = certain * tukey(static_cast<double>(sample.distance_mm), limit_mm);
    if (weight <= 0) continue;
    equations.add(static_cast<double>(sample.distance_mm), normal.cast<double>(), (p - pivot).cast<double>(), weight);
  }
  equations.complete();
  return equations;
}

}  // namespace fit
