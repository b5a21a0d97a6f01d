#include "scanners/detail/follow.h"

#include <algorithm>
#include <cmath>

namespace fit {

namespace {

constexpr int point_count = 2400;
constexpr int coarse_stride = 4;
constexpr double hold_mm = 1e-4;      // share of the weight that holds directions that nothing is known of
constexpr double lever_mm2 = 2500.0;  // of a rotation, against a shift
constexpr double nearly_still_mm = 0.1;
constexpr double still_mm = 0.005;
constexpr int coarse_steps = 6;
constexpr int fine_steps = 5;

double moved_mm(const Vector6d& step) { return step.head<3>().norm() + std::sqrt(lever_mm2) * step.tail<3>().norm(); }

/// How well a frame lies on the field: 1 when all its points are on its zero, 0 when none is near.
double fitness(const PoseEquations& equations, double band_mm) {
  if (equations.asked == 0) return 0.0;
  // Each point counts 1 - (residual / band)^2.
  const double mean_square = equations.weight > 0 ? equations.squares / equations.weight : 0.0;
  return std::max(0.0, 1.0 - mean_square / (band_mm * band_mm)) * equations.used / equations.asked;
}

}  // namespace

ViewPoints points_to_follow(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                            const SubjectRegion& region) {
  return points_of(surface, world_from_camera, region, point_count);
}

Followed follow(const Model& model, const ViewPoints& points, const Eigen::Isometry3d& guess,
                const std::optional<Eigen::Isometry3d>& otherwise) {
  Followed result{guess};
  ViewMatching matching;
  matching.shapes = false;
  matching.farthest_mm = 5.0;
  matching.region = model.region;
  for (int step = 0; step < coarse_steps + fine_steps; ++step) {
    const bool coarse = step < coarse_steps;
    const double limit = coarse ? 2.0 * model.band_mm : std::clamp(4.0 * result.rms_mm, 1.0, model.band_mm);
    const auto field_at = [&](const Eigen::Isometry3d& pose) {
      return match_field(*model.field, points, pose, model.region.center_mm, limit, coarse ? coarse_stride : 1);
    };
    PoseEquations equations = field_at(result.world_from_camera);
    if (const double at_guess = fitness(equations, model.band_mm); step == 0 && otherwise && at_guess < 0.8) {
      PoseEquations others = field_at(*otherwise);
      if (fitness(others, model.band_mm) > at_guess) {
        result.world_from_camera = *otherwise;
        equations = others;
      }
    }
    result.share = equations.asked > 0 ? static_cast<double>(equations.used) / equations.asked : 0.0;
    result.rms_mm = equations.rms();
    if (equations.used < 20) return result;
    if (model.key_view && !(coarse && step % 2 == 1)) {
      matching.stride = coarse ? 2 * coarse_stride : 2;
      const ViewEquations views =
          match_views(points, result.world_from_camera, *model.key_view, model.world_from_key, matching);
      result.color_rms = views.color.rms();
      if (views.color.used > 50)
        equations.add(views.color, color_share(std::max(0.2, result.rms_mm), std::max(4.0, result.color_rms)) *
                                       equations.used / views.color.used);
    }
    equations.a.diagonal().head<3>().array() += hold_mm * equations.weight;
    equations.a.diagonal().tail<3>().array() += hold_mm * lever_mm2 * equations.weight;
    const Vector6d move = equations.a.ldlt().solve(equations.b);
    if (!move.allFinite()) return result;
    result.world_from_camera = orthonormal(motion_of(move, model.region.center_mm) * result.world_from_camera);
    const double moved = moved_mm(move);
    if (coarse && moved < nearly_still_mm) step = coarse_steps - 1;
    if (!coarse && moved < still_mm) break;
  }
  return result;
}

}  // namespace fit
