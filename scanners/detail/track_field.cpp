#include "scanners/detail/track_field.h"

#include <algorithm>
#include <cmath>

namespace fit {

TrackPoints track_points(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera, const Region& region,
                         int count) {
  const InRegion in_region(region.seen_from(world_from_camera));
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < surface.points.size(); ++i)
    if (surface.sound(i) && in_region(surface.points[i])) all.push_back(i);
  TrackPoints chosen;
  if (all.empty()) return chosen;
  float nearest = 1e30f;
  for (const std::size_t i : all) nearest = std::min(nearest, surface.points[i].z());
  // A step that shares no factor with the rows' length walks evenly over the image.
  const std::size_t step = std::max<std::size_t>(1, all.size() / static_cast<std::size_t>(count));
  for (std::size_t k = 0; k < all.size(); k += step) {
    const std::size_t i = all[k];
    const Eigen::Vector3f& p = surface.points[i];
    const float slant = -surface.normals[i].dot(p) / p.norm();
    const float near_square = nearest * nearest / (p.z() * p.z());
    chosen.points.push_back(p);
    chosen.normals.push_back(surface.normals[i]);
    chosen.weights.push_back(slant * slant * near_square * near_square);
  }
  return chosen;
}

PoseEquations match_field(const FieldGrid& field, const TrackPoints& points, const Eigen::Isometry3d& world_from_camera,
                          const Eigen::Vector3d& pivot_mm, double limit_mm, int stride) {
  PoseEquations equations;
  const Eigen::Matrix3f turn = world_from_camera.linear().cast<float>();
  const Eigen::Vector3f shift = world_from_camera.translation().cast<float>();
  const Eigen::Vector3f pivot = pivot_mm.cast<float>();
  FieldGrid::Sample sample;
  for (std::size_t i = 0; i < points.points.size(); i += static_cast<std::size_t>(stride)) {
    ++equations.asked;
    const Eigen::Vector3f p = turn * points.points[i] + shift;
    if (!field.sample(p, sample)) continue;
    const Eigen::Vector3f normal = turn * points.normals[i];
    if (sample.gradient.dot(normal) < 0.3f) continue;  // the other side of something thin, or where bands meet
    const double weight =
        static_cast<double>(points.weights[i]) * tukey(static_cast<double>(sample.distance_mm), limit_mm);
    if (weight <= 0) continue;
    equations.add(static_cast<double>(sample.distance_mm), normal.cast<double>(), (p - pivot).cast<double>(), weight);
  }
  equations.complete();
  return equations;
}

}  // namespace fit
