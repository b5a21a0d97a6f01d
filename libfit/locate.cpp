#include "libfit/locate.h"

#include <cmath>
#include <numbers>

#include "libfit/detail/limb_axis.h"
#include "libfit/detail/propose_landmarks.h"
#include "libfit/error.h"

namespace fit {

namespace {

constexpr int kRefinements = 5;

Eigen::Vector3d mirrored(const Eigen::Vector3d& point) { return {-point.x(), point.y(), point.z()}; }

/// A left limb is looked for as the right limb that it is in a mirror.
struct RightLimb {
  Mesh surface;
  Landmarks placed;
  std::optional<Eigen::Vector3d> axis;
};

RightLimb as_right(const Mesh& surface, const Landmarks& placed, const LocateParams& params) {
  RightLimb limb{surface, placed, params.axis};
  limb.surface.colors.clear();
  if (*params.side == Side::right) return limb;
  limb.surface = flipped(std::move(limb.surface));
  for (Eigen::Vector3d& vertex : limb.surface.vertices) vertex = mirrored(vertex);
  for (auto& [landmark, place] : limb.placed) place.point_mm = mirrored(place.point_mm);
  if (limb.axis) limb.axis = mirrored(*limb.axis);
  return limb;
}

void check(const LocateParams& params, const Mesh& surface) {
  validate(params);
  if (!params.side || !params.level)
    throw Error(ErrorKind::bad_params, !params.side && !params.level
                                           ? "The limb's side and level are not given; say both."
                                       : !params.side ? "The limb's side is not given; say left or right."
                                                      : "The limb's level is not given; say transtibial or which.");
  if (params.axis && params.axis->norm() < 1e-9)
    throw Error(ErrorKind::bad_params, "axis is zero; give the direction up the limb.");
  if (surface.triangles.empty()) throw Error(ErrorKind::bad_input, "The scan has no surface to find a limb on.");
}

Eigen::Isometry3d turned_to(Eigen::Isometry3d frame_from_scan, double anterior_angle) {
  return Eigen::AngleAxisd(std::numbers::pi / 2.0 - anterior_angle, Eigen::Vector3d::UnitZ()) * frame_from_scan;
}

/// A frame of a right limb, its landmarks in that frame, and how well the knee was seen.
struct Found {
  Eigen::Isometry3d frame_from_scan;
  Landmarks landmarks;
  double misfit = 0.0;
};

Found on_skin(const detail::PosedLimb& limb, const Eigen::Isometry3d& frame, const Eigen::Vector3d& tendon) {
  const Eigen::Vector3d at = frame * tendon;
  Found found{turned_to(frame, std::atan2(at.y(), at.x())), {}, 0.0};
  const detail::InFrame here(limb, found.frame_from_scan);
  const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
  const detail::Knee knee{at.z(), std::numbers::pi / 2.0};
  found.landmarks = detail::propose_landmarks(here.surface, map, knee);
  found.landmarks[Landmark::mid_patellar_tendon].point_mm = found.frame_from_scan * tendon;
  return found;
}

Found find_transtibial(const detail::PosedLimb& limb, Eigen::Isometry3d frame, const RightLimb& right,
                       const Progress& progress) {
  const bool keep = right.axis.has_value();
  const auto placed = right.placed.find(Landmark::mid_patellar_tendon);
  if (placed != right.placed.end()) {
    frame = detail::frame_on_axis(limb, frame, placed->second.point_mm, 6, keep);
    return on_skin(limb, frame, placed->second.point_mm);
  }
  detail::Knee knee;
  Eigen::Vector3d tendon = Eigen::Vector3d::Zero();
  for (int i = 0; i <= kRefinements; ++i) {
    progress(static_cast<double>(i) / kRefinements);
    const detail::InFrame here(limb, frame);
    const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
    knee = i == 0 ? detail::find_knee(map) : detail::refine_knee(map, {knee.height_mm, std::numbers::pi / 2.0});
    const auto skin = detail::skin_at(here.surface, knee.height_mm, knee.anterior_angle);
    if (!skin)
      throw Error(ErrorKind::bad_input, "No knee can be found on the limb; scan more of it, or place its landmarks.");
    tendon = frame.inverse() * *skin;
    frame = turned_to(detail::frame_on_axis(limb, frame, tendon, i == kRefinements ? 3 : 1, keep), knee.anterior_angle);
  }
  Found found = on_skin(limb, frame, tendon);
  found.misfit = knee.misfit;
  return found;
}

Found find_generic(const detail::PosedLimb& limb, const Eigen::Isometry3d& frame) {
  Found found{frame, {}, 0.0};
  const detail::InFrame here(limb, frame);
  found.landmarks[Landmark::distal_end].point_mm = detail::distal_end(here.surface);
  return found;
}

/// The result on the side that the limb is on, in the scan's own frame.
Located on_side(const Repaired& scan, const Landmarks& placed, const LocateParams& params, const Found& found) {
  Located located;
  located.limb.side = *params.side;
  located.limb.level = *params.level;
  located.limb.invented = scan.invented;
  located.limb_from_scan = found.frame_from_scan;
  located.limb.landmarks = found.landmarks;
  if (*params.side == Side::left) {
    const Eigen::Vector3d mirror(-1.0, 1.0, 1.0);
    located.limb_from_scan.linear() = mirror.asDiagonal() * found.frame_from_scan.linear() * mirror.asDiagonal();
    located.limb_from_scan.translation() = mirror.cwiseProduct(found.frame_from_scan.translation());
    for (auto& [landmark, place] : located.limb.landmarks) place.point_mm = mirrored(place.point_mm);
  }
  located.limb.surface = scan.surface;
  for (Eigen::Vector3d& vertex : located.limb.surface.vertices) vertex = located.limb_from_scan * vertex;
  for (const auto& [landmark, place] : moved(located.limb_from_scan, placed)) located.limb.landmarks[landmark] = place;
  return located;
}

}  // namespace

Located locate(const Repaired& scan, const Landmarks& placed, const LocateParams& params, const Progress& progress) {
  check(params, scan.surface);
  progress(0.0);
  const RightLimb right = as_right(scan.surface, placed, params);
  const detail::PosedLimb limb(right.surface);
  const Eigen::Vector3d up = right.axis.value_or(limb.up);
  if (up.norm() == 0.0)
    throw Error(ErrorKind::bad_input, "The limb has no proximal opening that shows which way is up; give its axis.");
  progress(0.1);
  const Eigen::Isometry3d start =
      detail::frame_on_axis(limb, detail::starting_frame(limb, up), std::nullopt, 4, right.axis.has_value());
  progress(0.3);
  const Found found = *params.level == Level::transtibial
                          ? find_transtibial(limb, start, right, progress.part(0.3, 0.9))
                          : find_generic(limb, start);
  Located located = on_side(scan, placed, params, found);
  const double sure = std::exp(-0.5 * std::pow(found.misfit / 4.0, 2));
  located.frame_confidence = sure;
  for (auto& [landmark, place] : located.limb.landmarks)
    if (!placed.contains(landmark)) place.confidence = sure;
  progress(1.0);
  return located;
}

}  // namespace fit
