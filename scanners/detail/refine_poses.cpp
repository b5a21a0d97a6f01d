#include "scanners/detail/refine_poses.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr double widest_deg = 60.0;  // between the directions from which two views see the subject
constexpr int point_count = 1000;    // of a view
constexpr int coarse_rounds = 2;     // with every fourth point
constexpr double still_mm = 0.02;
constexpr std::size_t most_ties = 12;  // of a view, to later ones

struct Tie {
  std::size_t source, target;
  PoseEquations equations;
};

/// The later views that may see what each view sees: the nearest ones, and of all others the best.
std::vector<Tie> ties_of(const std::vector<Eigen::Isometry3d>& poses, const Eigen::Vector3d& center) {
  std::vector<Eigen::Vector3d> from;
  for (const auto& pose : poses) from.push_back((pose.translation() - center).normalized());
  std::vector<Tie> ties;
  for (std::size_t i = 0; i < poses.size(); ++i) {
    std::vector<std::pair<double, std::size_t>> candidates;
    for (std::size_t j = i + 1; j < poses.size(); ++j) {
      const double apart = std::acos(std::clamp(from[i].dot(from[j]), -1.0, 1.0)) * 180.0 / M_PI;
      if (j == i + 1 || apart < widest_deg) candidates.emplace_back(j == i + 1 ? -1.0 : apart, j);
    }
    std::sort(candidates.begin(), candidates.end());
    // Near ones tie well and far ones hold the round together: every n-th of the order of nearness.
    const std::size_t step = std::max<std::size_t>(1, candidates.size() / most_ties);
    for (std::size_t k = 0; k < candidates.size(); k += step) ties.push_back({i, candidates[k].second, {}});
  }
  return ties;
}

void measure(std::vector<Tie>& ties, const std::vector<KeyView>& views, const std::vector<ViewPoints>& points,
             const std::vector<Eigen::Isometry3d>& poses, const ViewMatching& how, double brightness_noise) {
  parallel_for(ties.size(), 4, [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t) {
      Tie& tie = ties[t];
      const auto there =
          match_views(points[tie.source], poses[tie.source], views[tie.target].surface, poses[tie.target], how);
      const auto back =
          match_views(points[tie.target], poses[tie.target], views[tie.source].surface, poses[tie.source], how);
      tie.equations = there.shape;
      tie.equations.used += back.shape.used;
      tie.equations.weight += back.shape.weight;
      tie.equations.squares += back.shape.squares;
      // What moves the target onto the source moves the source onto the target the other way.
      tie.equations.a += back.shape.a;
      tie.equations.b -= back.shape.b;
      const double share = color_share(std::max(0.1, tie.equations.rms()), brightness_noise);
      tie.equations.a += share * (there.color.a + back.color.a);
      tie.equations.b += share * (there.color.b - back.color.b);
    }
  });
}

/// One Gauss-Newton step of all poses but the first.
std::vector<Vector6d> step_of(const std::vector<Tie>& ties, std::size_t count) {
  const auto size = static_cast<Eigen::Index>(6 * count);
  Eigen::MatrixXd a = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd b = Eigen::VectorXd::Zero(size);
  double weight = 0;
  for (const Tie& tie : ties) {
    if (tie.equations.used < 60) continue;
    const auto s = static_cast<Eigen::Index>(6 * tie.source), t = static_cast<Eigen::Index>(6 * tie.target);
    a.block<6, 6>(s, s) += tie.equations.a;
    a.block<6, 6>(t, t) += tie.equations.a;
    a.block<6, 6>(s, t) -= tie.equations.a;
    a.block<6, 6>(t, s) -= tie.equations.a;
    b.segment<6>(s) += tie.equations.b;
    b.segment<6>(t) -= tie.equations.b;
    weight += tie.equations.weight;
  }
  const double hold = 1e-5 * weight / static_cast<double>(count) + 1e-9;
  for (Eigen::Index i = 0; i < size; ++i) a(i, i) += i % 6 < 3 ? hold : hold * 2500.0;
  a.topLeftCorner<6, 6>().diagonal().array() += 1e6 * (weight + 1.0);
  const Eigen::VectorXd x = a.ldlt().solve(b);
  std::vector<Vector6d> steps;
  for (std::size_t i = 0; i < count; ++i) steps.push_back(x.segment<6>(static_cast<Eigen::Index>(6 * i)));
  return steps;
}

/// By how much a pair disagrees beyond its noise: the motion that is left over, where the surface is.
double left_over_mm(const Tie& tie) {
  const Vector6d x =
      (tie.equations.a + 1e-3 * tie.equations.weight * Matrix6d::Identity()).ldlt().solve(tie.equations.b);
  return std::sqrt(std::max(0.0, x.dot(tie.equations.a * x)) / std::max(1e-9, tie.equations.weight));
}

}  // namespace

Refined refine_poses(const std::vector<KeyView>& views, const ViewMatching& how, const Progress& progress) {
  Refined refined;
  for (const KeyView& view : views) refined.world_from_camera.push_back(view.world_from_camera);
  if (views.size() < 3) return refined;
  auto& poses = refined.world_from_camera;
  std::vector<Tie> ties = ties_of(poses, how.region.center_mm);
  std::vector<ViewPoints> points(views.size());
  parallel_for(views.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      points[i] = points_of(views[i].surface, poses[i], how.region, point_count);
  });
  constexpr int rounds = 8;
  for (int round = 0; round < rounds; ++round) {
    progress(static_cast<double>(round) / rounds);
    ViewMatching matching = how;
    matching.farthest_mm = std::max(how.farthest_mm * std::pow(0.45, round), how.farthest_mm / 5.0);
    matching.stride = round < coarse_rounds ? 4 : 1;
    measure(ties, views, points, poses, matching, 8.0);
    const std::vector<Vector6d> steps = step_of(ties, views.size());
    double largest = 0;
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (!steps[i].allFinite()) return refined;
      poses[i] = orthonormal(motion_of(steps[i], how.region.center_mm) * poses[i]);
      largest = std::max(largest, steps[i].head<3>().norm() + 50.0 * steps[i].tail<3>().norm());
    }
    if (round >= coarse_rounds && largest < still_mm) break;
  }
  std::vector<double> residuals;
  for (const Tie& tie : ties)
    if (tie.equations.used >= 60) residuals.push_back(left_over_mm(tie));
  refined.ties = residuals.size();
  if (!residuals.empty()) {
    std::nth_element(residuals.begin(), residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2),
                     residuals.end());
    refined.residual_mm = residuals[residuals.size() / 2];
  }
  double squares = 0;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Eigen::Isometry3d moved = poses[i] * views[i].world_from_camera.inverse();
    squares += (moved * how.region.center_mm - how.region.center_mm).squaredNorm() +
               2500.0 * std::pow(Eigen::AngleAxisd(moved.linear()).angle(), 2);
  }
  refined.drift_mm = std::sqrt(squares / static_cast<double>(views.size()));
  return refined;
}

}  // namespace fit
