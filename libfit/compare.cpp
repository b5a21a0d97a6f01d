#include "libfit/compare.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/spread.h"
#include "libfit/error.h"
#include "libfit/parallel.h"
#include "libfit/print_pose.h"

namespace fit {

namespace {

using Eigen::Isometry3d;
using Eigen::Vector3d;
using Vector7d = Eigen::Matrix<double, 7, 1>;

constexpr std::size_t points_taken = 6000;
constexpr int most_steps = 60;
/// The outermost of an opening is ragged and has its nearest point on the other's edge.
constexpr double below_opening_mm = 3.0;

double common_top_mm(const Mesh& older, const Mesh& newer) {
  return std::min(top_mm(older), top_mm(newer)) - below_opening_mm;
}

struct Pair {
  Vector3d point_mm, normal;
  double off_mm;
};

struct Step {
  Isometry3d motion = Isometry3d::Identity();
  double offset_mm = 0.0;
};

/// A rotation about the origin, a shift and an even offset along the normals that bring the points nearest to the
/// planes. Limbs lose or gain volume all over: without the offset a limb that tapers would be shifted along its axis
/// to make up for it.
Step step_of(const std::vector<Pair>& pairs) {
  Eigen::Matrix<double, 7, 7> normal_matrix = Eigen::Matrix<double, 7, 7>::Zero();
  Vector7d right = Vector7d::Zero();
  for (const Pair& pair : pairs) {
    Vector7d row;
    row << pair.point_mm.cross(pair.normal), pair.normal, -1.0;
    normal_matrix += row * row.transpose();
    right -= row * pair.off_mm;
  }
  // A surface of revolution does not say how it is turned: then it stays as it is.
  normal_matrix.diagonal().array() += 1e-9 * normal_matrix.diagonal().maxCoeff() + 1e-12;
  const Vector7d solved = normal_matrix.ldlt().solve(right);
  Step step;
  if (const double angle = solved.head<3>().norm(); angle > 0)
    step.motion.rotate(Eigen::AngleAxisd(angle, solved.head<3>() / angle));
  step.motion.pretranslate(solved.segment<3>(3));
  step.offset_mm = solved[6];
  return step;
}

Isometry3d laid_on(const Mesh& older, const detail::ClosestPoint& closest, const Mesh& newer,
                   const CompareParams& params, const Progress& progress) {
  const std::size_t every = std::max<std::size_t>(1, newer.vertices.size() / points_taken);
  std::vector<Vector3d> points;
  for (std::size_t i = 0; i < newer.vertices.size(); i += every) points.push_back(newer.vertices[i]);
  const double older_top_mm = top_mm(older) - below_opening_mm, newer_top_mm = top_mm(newer) - below_opening_mm;
  Isometry3d pose = Isometry3d::Identity();
  double offset_mm = 0.0;
  for (int n = 0; n < most_steps; ++n) {
    progress(static_cast<double>(n) / most_steps);
    std::vector<Pair> pairs(points.size());
    parallel_for(points.size(), 256, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        const Vector3d at = pose * points[i];
        const detail::Closest near = closest.at(at);
        const Eigen::Vector3i& t = older.triangles[static_cast<std::size_t>(near.triangle)];
        const Vector3d& a = older.vertices[t[0]];
        const Vector3d normal = (older.vertices[t[1]] - a).cross(older.vertices[t[2]] - a).normalized();
        pairs[i] = {at, normal, normal.dot(at - near.point_mm)};
        if (points[i].z() > newer_top_mm || near.point_mm.z() > older_top_mm || !normal.allFinite())
          pairs[i].off_mm = std::numeric_limits<double>::infinity();
      }
    });
    std::erase_if(pairs, [](const Pair& pair) { return !std::isfinite(pair.off_mm); });
    if (pairs.size() < 100)
      throw Error(ErrorKind::bad_input, "The two surfaces have too little in common to be laid on each other.");
    std::stable_sort(pairs.begin(), pairs.end(), [&](const Pair& a, const Pair& b) {
      return std::abs(a.off_mm - offset_mm) < std::abs(b.off_mm - offset_mm);
    });
    pairs.resize(static_cast<std::size_t>(pairs.size() * (1.0 - params.left_out_percent / 100.0)) + 1);
    const Step step = step_of(pairs);
    pose = step.motion * pose;
    offset_mm = step.offset_mm;
    if (step.motion.translation().norm() < 1e-5 && Eigen::AngleAxisd(step.motion.linear()).angle() < 1e-7) break;
  }
  pose.linear() = Eigen::Quaterniond(pose.linear()).normalized().toRotationMatrix();
  return pose;
}

Values vertex_areas(const Mesh& mesh) {
  Values areas(mesh.vertices.size(), 0.0);
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Vector3d& a = mesh.vertices[t[0]];
    const double third = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).norm() / 6.0;
    for (int k = 0; k < 3; ++k) areas[t[k]] += third;
  }
  return areas;
}

void take_statistics(const Mesh& newer, Compared& compared) {
  const Values areas = vertex_areas(newer);
  std::vector<std::pair<double, double>> changes;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (std::isfinite(compared.change_mm[i]) && areas[i] > 0.0) changes.emplace_back(compared.change_mm[i], areas[i]);
  if (changes.empty()) throw Error(ErrorKind::bad_input, "The two surfaces have no height in common.");
  const detail::Spread spread = detail::spread_of(std::move(changes));
  compared.mean_mm = spread.mean;
  compared.iqr_mm = spread.iqr;
  compared.largest_mm = spread.largest;
}

}  // namespace

Compared compare(const Mesh& older, const Mesh& newer, const CompareParams& params, const Progress& progress) {
  validate(params);
  if (older.triangles.empty() || newer.triangles.empty())
    throw Error(ErrorKind::bad_input, "A surface to compare has no triangles.");
  const detail::ClosestPoint closest(older);
  Compared compared;
  if (params.align) compared.older_from_newer = laid_on(older, closest, newer, params, progress.part(0.0, 0.7));
  const Mesh laid = moved(compared.older_from_newer, newer);
  const double top = common_top_mm(older, laid);
  compared.change_mm.assign(laid.vertices.size(), std::numeric_limits<double>::quiet_NaN());
  compared.moved_mm.assign(laid.vertices.size(), Vector3d::Constant(std::numeric_limits<double>::quiet_NaN()));
  parallel_for(laid.vertices.size(), 256, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      if (laid.vertices[i].z() > top) continue;
      const detail::Closest near = closest.at(laid.vertices[i]);
      compared.change_mm[i] = near.signed_mm;
      compared.moved_mm[i] = laid.vertices[i] - near.point_mm;
    }
  });
  progress(0.85);
  take_statistics(laid, compared);
  std::vector<double> heights_mm;
  const double first_mm = std::max(bounding_box(older).lowest.z(), bounding_box(laid).lowest.z());
  for (int k = 1; first_mm + k * params.compare_spacing_mm < top; ++k)
    heights_mm.push_back(first_mm + k * params.compare_spacing_mm);
  const std::vector<Slice> before = measure_at(older, heights_mm, progress.part(0.85, 0.92));
  const std::vector<Slice> after = measure_at(laid, heights_mm, progress.part(0.92, 1.0));
  for (std::size_t i = 0; i < heights_mm.size(); ++i) compared.stations.push_back({heights_mm[i], before[i], after[i]});
  return compared;
}

}  // namespace fit
