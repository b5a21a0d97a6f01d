#include "scanners/detail/align_views.h"

#include <algorithm>
#include <cmath>

namespace fit {

namespace {

/// Brightness between four points, and its slope a point along u and v; false where one of them is not known.
bool brightness_at(const FrameSurface& view, float u, float v, float& value, float& along_u, float& along_v) {
  const int left = static_cast<int>(std::floor(u)), top = static_cast<int>(std::floor(v));
  if (!view.holds(left, top) || !view.holds(left + 1, top + 1)) return false;
  const std::size_t i = view.at(left, top), j = view.at(left, top + 1);
  const float a = view.brightness[i], b = view.brightness[i + 1], c = view.brightness[j], d = view.brightness[j + 1];
  if (a < 0 || b < 0 || c < 0 || d < 0) return false;
  const float s = u - static_cast<float>(left), t = v - static_cast<float>(top);
  value = (1 - t) * (a + s * (b - a)) + t * (c + s * (d - c));
  along_u = (1 - t) * (b - a) + t * (d - c);
  along_v = (1 - s) * (c - a) + s * (d - b);
  return true;
}

struct Match {
  float residual, slope_u, slope_v;
  Eigen::Vector3f in_target;
};

/// The median of every fourth.
float middle_residual(const std::vector<Match>& matches) {
  std::vector<float> residuals;
  residuals.reserve(matches.size() / 4 + 1);
  for (std::size_t i = 0; i < matches.size(); i += 4) residuals.push_back(matches[i].residual);
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  return *middle;
}

}  // namespace

double color_share(double noise_mm, double brightness_noise) {
  return noise_mm * noise_mm / (brightness_noise * brightness_noise);
}

ViewEquations match_views(const ViewPoints& source, const Eigen::Isometry3d& world_from_source,
                          const FrameSurface& target, const Eigen::Isometry3d& world_from_target,
                          const ViewMatching& how) {
  ViewEquations result;
  const Eigen::Isometry3f to_target = (world_from_target.inverse() * world_from_source).cast<float>();
  const Eigen::Matrix3d turn = world_from_target.linear();
  const SubjectRegion region = how.region.seen_from(world_from_target);
  const InRegion in_region(region);
  const Eigen::Vector3f center = region.center_mm.cast<float>();
  const auto fx = static_cast<float>(target.grid.fx_px), fy = static_cast<float>(target.grid.fy_px);
  const auto cx = static_cast<float>(target.grid.cx_px), cy = static_cast<float>(target.grid.cy_px);
  const auto farthest = static_cast<float>(how.farthest_mm);
  const bool colors = how.colors && !target.brightness.empty();
  std::vector<Match> bright;
  for (std::size_t i = 0; i < source.size(); i += static_cast<std::size_t>(how.stride)) {
    const Eigen::Vector3f p = to_target * source[i].point;
    if (p.z() < 1.0f || !in_region(p)) continue;
    const float per_z = 1.0f / p.z();
    const float tu = fx * p.x() * per_z + cx, tv = fy * p.y() * per_z + cy;
    const int nu = static_cast<int>(std::floor(tu + 0.5f)), nv = static_cast<int>(std::floor(tv + 0.5f));
    if (!target.holds(nu, nv)) continue;
    ++result.shape.asked;
    const std::size_t j = target.at(nu, nv);
    if (!target.sound(j) || std::abs(p.z() * target.inverse[j] - 1.0f) > farthest * target.inverse[j]) continue;
    const Eigen::Vector3f n = target.normal(j);
    const Eigen::Vector3f own_normal = to_target.linear() * source[i].normal;
    if (own_normal.dot(n) < 0.7f) continue;
    if (how.shapes) {
      // Seen askew on either side, the match is as doubtful as its slant.
      const float beyond = n.dot(p), slant = std::min(-beyond, -own_normal.dot(p)) / p.norm();
      const double residual = static_cast<double>(beyond + target.planes[4 * j + 3]);
      const double weight = tukey(residual, how.farthest_mm) * static_cast<double>(std::max(slant, 0.1f));
      result.shape.add(residual, n.cast<double>(), (p - center).cast<double>(), weight);
    }
    Match match{0, 0, 0, p};
    float there = 0;
    if (!colors || source[i].brightness < 0 || !brightness_at(target, tu, tv, there, match.slope_u, match.slope_v))
      continue;
    match.residual = there - source[i].brightness;
    bright.push_back(match);
  }
  if (bright.size() >= 50) {
    // Exposure differs from frame to frame: what all points share says nothing of the motion.
    const float offset = middle_residual(bright);
    for (const Match& m : bright) {
      const Eigen::Vector3f& p = m.in_target;
      const float per_z = 1.0f / p.z();
      const float slope_x = m.slope_u * fx * per_z, slope_y = m.slope_v * fy * per_z;
      const Eigen::Vector3f slope(slope_x, slope_y, -(slope_x * p.x() + slope_y * p.y()) * per_z);
      const double residual = static_cast<double>(m.residual - offset);
      const double weight = tukey(residual, how.brightness_limit);
      if (weight > 0) result.color.add(residual, slope.cast<double>(), (p - center).cast<double>(), weight);
    }
  }
  result.shape.complete(turn);
  result.color.complete(turn);
  return result;
}

Aligned align_views(const FrameSurface& source, const Eigen::Isometry3d& guess, const FrameSurface& target,
                    const Eigen::Isometry3d& world_from_target, ViewMatching how) {
  Aligned aligned{guess, 0.0, 0.0, 0.0};
  const double narrow_mm = how.farthest_mm / 4.0;
  constexpr int steps = 14;
  const ViewPoints points = points_of(source, 2 * how.stride);
  for (int step = 0; step < steps; ++step) {
    const bool coarse = step < steps - 4;
    how.stride = coarse ? 4 : 1;
    how.farthest_mm = coarse ? 4.0 * narrow_mm : narrow_mm;
    const ViewEquations equations = match_views(points, aligned.world_from_source, target, world_from_target, how);
    aligned.share = equations.shape.asked > 0 ? double(equations.shape.used) / equations.shape.asked : 0.0;
    aligned.rms_mm = equations.shape.rms();
    aligned.color_rms = equations.color.rms();
    if (equations.shape.used < 30) break;
    PoseEquations sum = equations.shape;
    sum.add(equations.color, color_share(0.5, 10.0));
    sum.a.diagonal().head<3>().array() += 1e-3 * sum.weight;
    sum.a.diagonal().tail<3>().array() += 1e-3 * sum.weight * 100.0;
    const Vector6d move = sum.a.ldlt().solve(sum.b);
    if (!move.allFinite()) break;
    aligned.world_from_source = orthonormal(motion_of(move, how.region.center_mm) * aligned.world_from_source);
  }
  return aligned;
}

}  // namespace fit
