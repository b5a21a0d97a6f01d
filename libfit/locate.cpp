#include "libfit/locate.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/limb_axis.h"
#include "libfit/detail/propose_landmarks.h"
#include "libfit/error.h"

namespace fit {

namespace {

constexpr int kRefinements = 3;
// On 198 limbs that nothing was learned from the right side was never contradicted by more than 0.75; the wrong one is
// by more than 1.25 on about seven of eight.
constexpr double kContradiction = 1.25;
constexpr double kDoubtfulMisfit = 6.5;
// Of a knee that is seen as well as usual.
constexpr double kUsualMisfit = 4.0;
constexpr detail::Unsteadiness kUsualUnsteadiness{1.72, 0.65};
constexpr detail::Unsteadiness kLost{1000.0, 1000.0};  ///< of a knee that is none

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
  double mirrored_misfit = 1e9;  ///< of the limb in a mirror
};

/// A knee, and the frame whose axis it gives.
struct Seen {
  Eigen::Isometry3d frame_from_scan;
  detail::Knee knee;
};

[[noreturn]] void no_knee() {
  throw Error(ErrorKind::bad_input, "No knee can be found on the limb; scan more of it, or place its landmarks.");
}

/// One turn of the circle that axis and knee are: the axis up to the knee, then the knee about that axis.
Seen refined(const detail::PosedLimb& limb, const Seen& seen, bool keep_axis) {
  Seen next = seen;
  {
    const detail::InFrame here(limb, seen.frame_from_scan);
    const auto skin =
        detail::skin_at(here.surface, std::min(seen.knee.height_mm, here.top_mm), seen.knee.anterior_angle);
    if (!skin) no_knee();
    const Eigen::Vector3d tendon = seen.frame_from_scan.inverse() * *skin;
    next.frame_from_scan =
        turned_to(detail::frame_on_axis(limb, seen.frame_from_scan, tendon, 1, keep_axis), seen.knee.anterior_angle);
  }
  const detail::InFrame here(limb, next.frame_from_scan);
  const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
  next.knee = detail::refine_knee(map, {seen.knee.height_mm, std::numbers::pi / 2.0});
  return next;
}

/// The likeliest of the places where the knee may be, each with an axis of its own.
std::optional<Seen> search(const Mesh& skin, bool keep_axis) {
  const detail::PosedLimb limb(skin);
  const detail::InFrame here(limb, Eigen::Isometry3d::Identity());
  std::optional<Seen> best;
  for (const detail::Knee& knee : detail::find_knees({here.surface, here.distal_mm, here.top_mm})) {
    Seen seen{Eigen::Isometry3d::Identity(), knee};
    try {
      for (int i = 0; i < kRefinements; ++i) seen = refined(limb, seen, keep_axis);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::bad_input) throw;
      continue;  // an axis that leaves the limb shows that this was no knee
    }
    if (!best || seen.knee.misfit < best->knee.misfit) best = seen;
  }
  return best;
}

/// The knee shifted so that what it shows lies, in the mean, where a person placed it.
void steer(const detail::PosedLimb& limb, const Landmarks& placed, Seen& seen) {
  const detail::InFrame here(limb, seen.frame_from_scan);
  const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
  const Landmarks proposed = detail::propose_landmarks(here.surface, map, seen.knee);
  double up = 0.0;
  double round = 0.0;
  int count = 0;
  for (Landmark landmark : {Landmark::fibular_head, Landmark::lateral_condyle, Landmark::medial_condyle,
                            Landmark::medial_tibial_flare, Landmark::tibial_tubercle, Landmark::popliteal_fossa}) {
    if (!placed.contains(landmark) || !proposed.contains(landmark)) continue;
    const Eigen::Vector3d wanted = seen.frame_from_scan * placed.at(landmark).point_mm;
    const Eigen::Vector3d shown = proposed.at(landmark).point_mm;
    up += wanted.z() - shown.z();
    round +=
        std::remainder(std::atan2(wanted.y(), wanted.x()) - std::atan2(shown.y(), shown.x()), 2.0 * std::numbers::pi);
    ++count;
  }
  if (count == 0) return;
  seen.knee.height_mm = std::clamp(seen.knee.height_mm + up / count, map.lowest_mm(), map.highest_mm());
  seen.knee.anterior_angle += round / count;
}

/// The landmarks that a knee shows, and the frame that their mid-patellar tendon, or the one placed, gives.
Found with_landmarks(const detail::PosedLimb& limb, const Seen& seen, const std::optional<Eigen::Vector3d>& placed,
                     bool keep_axis) {
  const detail::InFrame here(limb, seen.frame_from_scan);
  const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
  Found found{seen.frame_from_scan, detail::propose_landmarks(here.surface, map, seen.knee), seen.knee.misfit};
  const auto proposed = found.landmarks.find(Landmark::mid_patellar_tendon);
  if (!placed && proposed == found.landmarks.end()) no_knee();
  const Eigen::Vector3d tendon = placed ? *placed : seen.frame_from_scan.inverse() * proposed->second.point_mm;
  found.frame_from_scan = detail::frame_on_axis(limb, seen.frame_from_scan, tendon, 3, keep_axis);
  const Eigen::Vector3d at = found.frame_from_scan * tendon;
  found.frame_from_scan = turned_to(found.frame_from_scan, std::atan2(at.y(), at.x()));
  found.landmarks = moved(found.frame_from_scan * seen.frame_from_scan.inverse(), found.landmarks);
  found.landmarks[Landmark::mid_patellar_tendon].point_mm = found.frame_from_scan * tendon;
  return found;
}

Found find_transtibial(const detail::PosedLimb& limb, const Eigen::Isometry3d& start, const RightLimb& right,
                       const Progress& progress) {
  const bool keep_axis = right.axis.has_value();
  const auto placed = right.placed.find(Landmark::mid_patellar_tendon);
  if (placed != right.placed.end()) {
    const Eigen::Vector3d tendon = placed->second.point_mm;
    const Eigen::Isometry3d frame = detail::frame_on_axis(limb, start, tendon, 6, keep_axis);
    const Eigen::Vector3d at = frame * tendon;
    return with_landmarks(limb, {turned_to(frame, std::atan2(at.y(), at.x())), {at.z(), std::numbers::pi / 2.0, 0.0}},
                          tendon, keep_axis);
  }
  const detail::InFrame here(limb, start);
  Mesh skin = detail::sampled_skin(here.surface, here.distal_mm, here.top_mm);
  std::optional<Seen> seen = search(skin, keep_axis);
  if (!seen) no_knee();
  progress(0.4);
  for (Eigen::Vector3d& vertex : skin.vertices) vertex = mirrored(vertex);
  const std::optional<Seen> in_mirror = search(flipped(std::move(skin)), keep_axis);
  progress(0.6);
  seen->frame_from_scan = seen->frame_from_scan * start;
  for (int i = 0; i < 2; ++i) seen = refined(limb, *seen, keep_axis);
  progress(0.8);
  steer(limb, right.placed, *seen);
  Found found = with_landmarks(limb, *seen, std::nullopt, keep_axis);
  if (in_mirror) found.mirrored_misfit = in_mirror->knee.misfit;
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

/// How the knee was seen: what tells how far to trust it.
struct Sight {
  double misfit = kUsualMisfit;
  detail::Unsteadiness unsteadiness = kUsualUnsteadiness;
};

Sight sight_of(const Found& found, const detail::PosedLimb& limb) {
  const detail::InFrame here(limb, found.frame_from_scan);
  const double height_mm = found.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  try {
    return {found.misfit, detail::knee_unsteadiness({here.surface, here.distal_mm, here.top_mm},
                                                    {height_mm, std::numbers::pi / 2.0})};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) throw;
    return {found.misfit, kLost};  // the frame's axis leaves the limb
  }
}

/// The log odds that a landmark lies more than 10 mm off where the knee was seen as well as usual.
double usual_log_odds(Landmark landmark) {
  switch (landmark) {
    case Landmark::mid_patellar_tendon:
      return -4.30;
    case Landmark::fibular_head:
      return -5.44;
    case Landmark::lateral_condyle:
      return -5.60;
    case Landmark::medial_tibial_flare:
      return -5.78;
    case Landmark::tibial_tubercle:
      return -2.68;
    case Landmark::popliteal_fossa:
    case Landmark::anterior_distal_tibia:
      return -5.17;
    case Landmark::distal_end:
      return -7.58;
    default:  // medial condyle, tibial crest, distal fibula
      return -4.91;
  }
}

/// The chance that a landmark lies within 10 mm of the truth: logistic regression on 460 limbs drawn from the OpenLimb
/// shape model, 160 within 0.8 times its people's range and 300 within all of it (none that the regressors were learned
/// from): of those given a doubt of 1 to 2, 2 to 5, 5 to 10, 10 to 20, 20 to 50 and over 50 %, 1, 4, 8, 19, 29 and 56 %
/// were off.
double confidence_of(Landmark landmark, const Sight& sight) {
  const auto over_usual = [](double mm, double usual_mm) { return std::log1p(mm) - std::log1p(usual_mm); };
  const double log_odds = usual_log_odds(landmark) + 0.69 * (sight.misfit - kUsualMisfit) +
                          0.97 * over_usual(sight.unsteadiness.up_mm, kUsualUnsteadiness.up_mm) +
                          1.19 * over_usual(sight.unsteadiness.round_mm, kUsualUnsteadiness.round_mm);
  return 1.0 / (1.0 + std::exp(log_odds));
}

/// Fills in how far frame and landmarks can be trusted, and what a person should look at.
void judge(const Landmarks& placed, const Found& found, const detail::PosedLimb& limb, Located& located) {
  const bool tendon_placed = placed.contains(Landmark::mid_patellar_tendon);
  const Sight sight = tendon_placed ? Sight{} : sight_of(found, limb);
  located.frame_confidence = tendon_placed ? 1.0 : confidence_of(Landmark::mid_patellar_tendon, sight);
  std::string doubtful;
  for (auto& [landmark, place] : located.limb.landmarks) {
    if (placed.contains(landmark)) continue;
    place.confidence = confidence_of(landmark, sight);
    if (place.confidence >= kLowConfidence) continue;
    std::string name(name_of(landmark));
    std::replace(name.begin(), name.end(), '_', ' ');
    doubtful += (doubtful.empty() ? "" : ", ") + name;
  }
  if (!doubtful.empty())
    located.findings.push_back({"landmarks_doubtful", Severity::warn, {{"landmarks", 0.0, doubtful}}, {}});
  if (located.frame_confidence < 0.7)
    located.findings.push_back(
        {"knee_doubtful", Severity::warn, {{"sure_percent", 100.0 * located.frame_confidence, ""}}, {}});
  const bool contradicted =
      found.misfit - found.mirrored_misfit > kContradiction && found.mirrored_misfit < kDoubtfulMisfit;
  if (!tendon_placed && contradicted)
    located.findings.push_back({"side_contradicted",
                                Severity::forbid,
                                {{"given", 0.0, std::string(name_of(located.limb.side))},
                                 {"seen", 0.0, located.limb.side == Side::left ? "right" : "left"}},
                                {}});
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
  Found found = *params.level == Level::transtibial ? find_transtibial(limb, start, right, progress.part(0.3, 0.9))
                                                    : Found{start, {}};
  found.landmarks[Landmark::distal_end].point_mm =
      detail::distal_end(detail::InFrame(limb, found.frame_from_scan).surface);
  Located located = on_side(scan, placed, params, found);
  if (*params.level == Level::transtibial) {
    judge(placed, found, limb, located);
  } else {
    located.frame_confidence = 0.5;
    located.findings.push_back({"anterior_by_convention", Severity::warn, {}, {}});
  }
  progress(1.0);
  return located;
}

}  // namespace fit
