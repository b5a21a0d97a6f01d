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
  float residual, slope_u, slope_v, z;
  Eigen::Vector3f in_target;
};

}  // namespace

double color_share(double noise_mm, double brightness_noise) {
  return noise_mm * noise_mm / (brightness_noise * brightness_noise);
}

ViewEquations match_views(const FrameSurface& source, const Eigen::Isometry3d& world_from_source,
                          const FrameSurface& target, const Eigen::Isometry3d& world_from_target,
                          const ViewMatching& how) {
  ViewEquations result;
  const Eigen::Isometry3f to_target = (world_from_target.inverse() * world_from_source).cast<float>();
  const Eigen::Matrix3d turn = world_from_target.linear();
  const Region region = how.region.seen_from(world_from_target);
  const InRegion in_region(region);
  const Eigen::Vector3f center = region.center_mm.cast<float>();
  const auto fx = static_cast<float>(target.grid.fx_px), fy = static_cast<float>(target.grid.fy_px);
  const auto cx = static_cast<float>(target.grid.cx_px), cy = static_cast<float>(target.grid.cy_px);
  std::vector<Match> bright;
  for (int v = source.box.top; v < source.box.bottom; v += how.stride)
    for (int u = source.box.left; u < source.box.right; u += how.stride) {
      const std::size_t i = source.at(u, v);
      if (!source.sound(i)) continue;
      const Eigen::Vector3f p = to_target * source.points[i];
      if (p.z() < 1.0f || !in_region(p)) continue;
      const float tu = fx * p.x() / p.z() + cx, tv = fy * p.y() / p.z() + cy;
      const int nu = static_cast<int>(std::floor(tu + 0.5f)), nv = static_cast<int>(std::floor(tv + 0.5f));
      if (!target.holds(nu, nv)) continue;
      ++result.shape.asked;
      const std::size_t j = target.at(nu, nv);
      if (!target.sound(j)) continue;
      const Eigen::Vector3f& n = target.normals[j];
      const Eigen::Vector3f apart = p - target.points[j];
      if (apart.squaredNorm() > static_cast<float>(how.farthest_mm * how.farthest_mm)) continue;
      const Eigen::Vector3f own_normal = to_target.linear() * source.normals[i];
      if (own_normal.dot(n) < 0.7f) continue;
      if (how.shapes) {
        // Seen askew on either side, the match is as doubtful as its slant.
        const float slant = std::min(-n.dot(p), -own_normal.dot(p)) / p.norm();
        const double residual = static_cast<double>(apart.dot(n));
        const double weight = tukey(residual, how.farthest_mm) * static_cast<double>(std::max(slant, 0.1f));
        result.shape.add(residual, turn * n.cast<double>(), turn * (p - center).cast<double>(), weight);
      }
      if (!how.colors || source.brightness[i] < 0) continue;
      Match match{0, 0, 0, p.z(), p};
      float there = 0;
      if (!brightness_at(target, tu, tv, there, match.slope_u, match.slope_v)) continue;
      match.residual = there - source.brightness[i];
      bright.push_back(match);
    }
  result.shape.complete();
  if (bright.size() < 50) return result;
  // Exposure differs from frame to frame: what all points share says nothing of the motion.
  std::vector<float> sorted(bright.size());
  std::transform(bright.begin(), bright.end(), sorted.begin(), [](const Match& m) { return m.residual; });
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const float offset = sorted[sorted.size() / 2];
  for (const Match& m : bright) {
    const Eigen::Vector3f& p = m.in_target;
    const Eigen::Vector3f slope(m.slope_u * fx / m.z, m.slope_v * fy / m.z,
                                -(m.slope_u * fx * p.x() + m.slope_v * fy * p.y()) / (m.z * m.z));
    const double residual = static_cast<double>(m.residual - offset);
    result.color.add(residual, turn * slope.cast<double>(), turn * (p - center).cast<double>(),
                     tukey(residual, how.brightness_limit));
  }
  result.color.complete();
  return result;
}

Aligned align_views(const FrameSurface& source, const Eigen::Isometry3d& guess, const FrameSurface& target,
                    const Eigen::Isometry3d& world_from_target, ViewMatching how) {
  Aligned aligned{guess, 0.0, 0.0, 0.0};
  const int finest = how.stride;
  const double narrow_mm = how.farthest_mm / 4.0;
  constexpr int steps = 14;
  for (int step = 0; step < steps; ++step) {
    const bool coarse = step < steps - 4;
    how.stride = coarse ? 4 * finest : 2 * finest;
    how.farthest_mm = coarse ? 4.0 * narrow_mm : narrow_mm;
    const ViewEquations equations = match_views(source, aligned.world_from_source, target, world_from_target, how);
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
