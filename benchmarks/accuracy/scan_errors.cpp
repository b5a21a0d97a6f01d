#include "benchmarks/accuracy/scan_errors.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/cross_section.h"
#include "libfit/measure.h"
#include "libfit/repair.h"
#include "libfit/tape.h"

namespace fit {

namespace {

constexpr double rim_mm = 8.0;        // below the limb's open rim nothing is compared
constexpr double least_facing = 0.3;  // cosine: seen more askew, a place counts as not seen

void compare_surface(const Mesh& scan, const Mesh& limb, ScanError& error) {
  const detail::ClosestPoint truth(limb);
  const double top = bounding_box(limb).highest.z() - rim_mm;
  std::vector<double> off;
  double sum = 0, signed_sum = 0;
  for (const auto& p : scan.vertices) {
    if (p.z() > top) continue;
    const double d = truth.at(p).signed_mm;
    off.push_back(std::abs(d));
    sum += std::abs(d);
    signed_sum += d;
  }
  if (off.empty()) return;
  error.mean_mm = sum / static_cast<double>(off.size());
  error.bias_mm = signed_sum / static_cast<double>(off.size());
  const auto p95 = off.begin() + static_cast<std::ptrdiff_t>(off.size() * 95 / 100);
  std::nth_element(off.begin(), p95, off.end());
  error.p95_mm = *p95;
}

void compare_girths(const Mesh& scan, const Mesh& limb, ScanError& error) {
  const Box bounds = bounding_box(limb);
  std::vector<double> heights;
  for (int i = 1; i <= 10; ++i) heights.push_back(bounds.lowest.z() + (0.1 + 0.075 * i) * bounds.size().z());
  const auto of_scan = detail::cross_sections(scan, heights), of_limb = detail::cross_sections(limb, heights);
  double volumes[2] = {};
  for (std::size_t i = 0; i < heights.size(); ++i) {
    const auto *a = detail::largest(of_scan[i]), *b = detail::largest(of_limb[i]);
    if (!a || !b || !a->closed || !b->closed) continue;
    const auto girth = [](const detail::Outline& outline) {
      return detail::perimeter_mm({detail::convex_hull(outline.points), true});
    };
    error.girth_percent = std::max(error.girth_percent, 100.0 * std::abs(girth(*a) / girth(*b) - 1.0));
    volumes[0] += detail::area_mm2(*a);
    volumes[1] += detail::area_mm2(*b);
  }
  if (volumes[1] > 0) error.volume_percent = 100.0 * (volumes[0] / volumes[1] - 1.0);
}

/// Where the scan believes each camera stood against where it was, as seen from the limb (which may sway).
void compare_poses(const Scan& scan, const KnownScan& known, ScanError& error) {
  const Mesh& limb = known.limb.surface;
  double twist = 0, carried = 0, count = 0, points = 0;
  for (std::size_t i = 0; i < known.limb_from_camera.size(); ++i) {
    if (!scan.world_from_camera[i]) continue;
    const Eigen::Isometry3d off =
        known.limb_from_camera.front() * *scan.world_from_camera[i] * known.limb_from_camera[i].inverse();
    const double about_z = std::atan2(off.linear()(1, 0) - off.linear()(0, 1), off.linear()(0, 0) + off.linear()(1, 1));
    twist += about_z * about_z;
    ++count;
    for (std::size_t v = 0; v < limb.vertices.size(); v += limb.vertices.size() / 50) {
      carried += (off * limb.vertices[v] - limb.vertices[v]).squaredNorm();
      ++points;
    }
  }
  error.twist_deg = std::sqrt(twist / std::max(1.0, count)) * 180.0 / M_PI;
  error.carried_mm = std::sqrt(carried / std::max(1.0, points));
}

/// Where a place on the skin lies in the scan, in the limb's frame: there where the frames that saw it put its pixel,
/// the more the less askew. False where none saw it.
bool carry(const Scan& scan, const KnownScan& known, const Eigen::Vector3d& place, const Eigen::Vector3d& normal,
           Eigen::Vector3d& carried) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  double weights = 0;
  for (std::size_t i = 0; i < known.limb_from_camera.size(); ++i) {
    if (!scan.world_from_camera[i]) continue;
    const Eigen::Isometry3d camera_from_limb = known.limb_from_camera[i].inverse();
    const Eigen::Vector3d seen = camera_from_limb * place;
    const double facing = -(camera_from_limb.linear() * normal).dot(seen) / seen.norm();
    if (facing < least_facing) continue;
    const Eigen::Vector3d believed(known.focal_scale * seen.x(), known.focal_scale * seen.y(), seen.z());
    sum += facing * facing * (known.limb_from_camera.front() * (*scan.world_from_camera[i] * believed));
    weights += facing * facing;
  }
  if (weights > 0) carried = sum / weights;
  return weights > 0;
}

Landmarks carried_landmarks(const Scan& scan, const KnownScan& known) {
  const detail::ClosestPoint skin(known.limb.surface);
  const std::vector<Eigen::Vector3d> normals = vertex_normals(known.limb.surface);
  Landmarks found;
  for (const auto& [landmark, place] : known.limb.landmarks) {
    const auto at = static_cast<std::size_t>(skin.at(place.point_mm).triangle);
    const auto corner = static_cast<std::size_t>(known.limb.surface.triangles[at][0]);
    LandmarkPlace carried = place;
    if (carry(scan, known, place.point_mm, normals[corner], carried.point_mm)) found[landmark] = carried;
  }
  return found;
}

void compare_landmarks(const Landmarks& found, const Landmarks& truth, ScanError& error) {
  for (const auto& [landmark, place] : found) {
    const double off = (place.point_mm - truth.at(landmark).point_mm).norm();
    error.landmarks_mm += off / static_cast<double>(found.size());
    error.landmark_worst_mm = std::max(error.landmark_worst_mm, off);
  }
}

/// What is left of the girths' error once the scan is scaled to a tape, as the pipeline does: four girths of the true
/// limb, ten stations to compare, all counted from the mid-patellar tendon.
double off_after_tape(const Limb& scan, const Limb& limb, TapeScaling scaling) {
  const double tendon = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  const double length = tendon - bounding_box(limb.surface).lowest.z();
  const auto girth = [](const Limb& of, double below) {
    const double height = of.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z() - below;
    return measure_at(of.surface, {height}).front().girth_mm;
  };
  TapeParams params;
  params.tape_scaling = scaling;
  for (const double share : {0.1, 0.35, 0.6, 0.8}) params.tape.push_back({share * length, girth(limb, share * length)});
  const ScaledToTape scaled = scale_to_tape(scan, params, ScannedOver::skin, 0.0);
  double worst = 0.0;
  for (int i = 0; i < 10; ++i) {
    const double below = (0.05 + 0.08 * i) * length;
    worst = std::max(worst, 100.0 * std::abs(girth(scaled.limb, below) / girth(limb, below) - 1.0));
  }
  return worst;
}

void compare_with_tape(const Mesh& surface, const Landmarks& found, const Limb& limb, ScanError& error) {
  error.tape_percent = error.tape_graded_percent = std::numeric_limits<double>::quiet_NaN();
  try {
    Limb scan = limb;
    scan.landmarks = found;
    scan.surface = repair(surface).surface;
    error.tape_percent = off_after_tape(scan, limb, TapeScaling::one_factor);
    error.tape_graded_percent = off_after_tape(scan, limb, TapeScaling::graded);
  } catch (const Error&) {  // half a limb has no girth
  }
}

}  // namespace

void compare(const Scan& scan, const KnownScan& known, ScanError& error) {
  Mesh surface = scan.surface;
  for (auto& v : surface.vertices) v = known.limb_from_camera.front() * v;
  compare_surface(surface, known.limb.surface, error);
  compare_girths(surface, known.limb.surface, error);
  compare_poses(scan, known, error);
  const Landmarks found = carried_landmarks(scan, known);
  compare_landmarks(found, known.limb.landmarks, error);
  compare_with_tape(surface, found, known.limb, error);
}

}  // namespace fit
