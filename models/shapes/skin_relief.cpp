#include "models/shapes/skin_relief.h"

#include <algorithm>
#include <cmath>

#include "models/shapes/seeded.h"

namespace fit {

namespace {

using Eigen::Vector3d;

/// Smooth noise between -1 and 1 with waves of about `wave_mm` (Perlin's improved noise, gradients by hash).
double waves(std::uint64_t seed, const Vector3d& point, double wave_mm) {
  const Vector3d p = point / wave_mm;
  const Vector3d low(std::floor(p.x()), std::floor(p.y()), std::floor(p.z())), t = p - low;
  const auto at = [&](int dx, int dy, int dz) {
    std::uint64_t hash = seed;
    for (double c : {low.x() + dx, low.y() + dy, low.z() + dz})
      hash =
          SeededDraws::mixed(hash + static_cast<std::uint64_t>(static_cast<std::int64_t>(c)) * 0x9E3779B97F4A7C15u + 1);
    const auto part = [&](int shift) { return static_cast<double>((hash >> shift) & 0x1FFFFF) * 0x1p-20 - 1.0; };
    return part(0) * (t.x() - dx) + part(21) * (t.y() - dy) + part(42) * (t.z() - dz);
  };
  const auto ease = [](double x) { return x * x * x * (x * (6.0 * x - 15.0) + 10.0); };
  const auto mix = [](double a, double b, double s) { return a + s * (b - a); };
  const double u = ease(t.x()), v = ease(t.y()), w = ease(t.z());
  return 1.2 * mix(mix(mix(at(0, 0, 0), at(1, 0, 0), u), mix(at(0, 1, 0), at(1, 1, 0), u), v),
                   mix(mix(at(0, 0, 1), at(1, 0, 1), u), mix(at(0, 1, 1), at(1, 1, 1), u), v), w);
}

double distance_to(const std::vector<Vector3d>& line, const Vector3d& point, double& end_fraction) {
  double nearest = 1e300;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vector3d edge = line[i + 1] - line[i];
    const double t = std::clamp((point - line[i]).dot(edge) / std::max(edge.squaredNorm(), 1e-12), 0.0, 1.0);
    const double d = (point - line[i] - t * edge).squaredNorm();
    if (d < nearest) {
      nearest = d;
      end_fraction = (static_cast<double>(i) + t) / static_cast<double>(line.size() - 1);
    }
  }
  return std::sqrt(nearest);
}

}  // namespace

SkinRelief::SkinRelief(const GenerateParams& params, double length_mm,
                       const std::function<Vector3d(double, double)>& skin)
    : seed_(SeededDraws::mixed(static_cast<std::uint64_t>(params.seed) + 77)),
      lumps_mm_(0.9 * params.variation),
      noise_mm_(params.skin_noise_mm) {
  SeededDraws scar(static_cast<std::uint64_t>(params.seed), 3);
  for (int i = 0; i < params.scars; ++i) {
    // The suture of a long posterior flap crosses the front of the distal end; later ones lie anywhere.
    Groove groove{{}, scar.uniform(3.0, 7.0), params.scar_depth_mm * scar.uniform(0.7, 1.0)};
    const double from = i == 0 ? scar.uniform(0.03, 0.10) : scar.uniform(0.0, 1.0),
                 span = i == 0 ? scar.uniform(0.30, 0.42) : scar.uniform(-0.2, 0.2);
    const double low = i == 0 ? scar.uniform(-0.35, 0.0) : scar.uniform(-0.5, 0.4),
                 rise = i == 0 ? scar.uniform(-0.1, 0.1) : scar.uniform(-0.3, 0.3);
    for (int k = 0; k <= 24; ++k) {
      const double t = k / 24.0,
                   along = low + rise * t +
                           0.025 * waves(seed_ + static_cast<std::uint64_t>(i), Vector3d(6.0 * t, 0.5, 0.5), 1.0);
      groove.line.push_back(skin(along < 0.0 ? std::max(along, -0.95) : along * length_mm, from + span * t));
    }
    grooves_.push_back(std::move(groove));
  }
  SeededDraws fold(static_cast<std::uint64_t>(params.seed), 4);
  for (int i = 0; i < params.invaginations; ++i) {
    Groove groove{{}, fold.uniform(6.0, 10.0), params.invagination_depth_mm * fold.uniform(0.75, 1.0)};
    const double turn = fold.uniform(0.0, 1.0), low = fold.uniform(-0.9, -0.45), twist = fold.uniform(-0.08, 0.08),
                 span = fold.uniform(0.25, 0.5);
    for (int k = 0; k <= 16; ++k)
      groove.line.push_back(skin(std::min(low + span * k / 16.0, -0.02), turn + twist * k / 16.0));
    grooves_.push_back(std::move(groove));
  }
}

double SkinRelief::unevenness(const Vector3d& point) const {
  double height = 0.0;
  if (lumps_mm_ > 0.0) height += lumps_mm_ * (waves(seed_ + 11, point, 45.0) + 0.45 * waves(seed_ + 12, point, 19.0));
  if (noise_mm_ > 0.0) height += noise_mm_ * (waves(seed_ + 13, point, 6.0) + 0.6 * waves(seed_ + 14, point, 2.5));
  return height;
}

double SkinRelief::height_mm(const Vector3d& point) const {
  double height = unevenness(point);
  for (const Groove& groove : grooves_) {
    double at = 0.0;
    const double d = distance_to(groove.line, point, at) / groove.half_width_mm;
    if (d >= 1.0) continue;
    const double tapered = std::min(1.0, 6.0 * std::min(at, 1.0 - at) + 0.25);
    const double bottom = (1.0 - d) * (1.0 - d) * (1.0 + 2.0 * d);
    height -= groove.depth_mm * tapered * bottom;
  }
  return height;
}

}  // namespace fit
