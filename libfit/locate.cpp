#include "libfit/locate.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/cross_section.h"
#include "libfit/detail/limb_axis.h"
#include "libfit/detail/propose_landmarks.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr int kRefinements = 3;
// From a small child's forearm to a bent knee with its thigh.
constexpr double kLeastWidthMm = 25.0;
constexpr double kMostWidthMm = 600.0;
// By how much the odds of the limb in a mirror must be better, in logarithms, and how good they must be.
constexpr double kContradiction = 3.0;
constexpr double kPlainKnee = 0.0;
constexpr detail::Unsteadiness kLost{1000.0, 1000.0};  ///< of a knee that is none
constexpr double kDistalEndShare = 0.4;
constexpr double kShortLimb = 0.85;    ///< width over length from which centroids lie too close together for an axis
constexpr double kTrustedLean = 0.94;  ///< cosine of the angle between two ways to see an axis, 20 degrees
constexpr double kDoubtfulKnee = 0.7;
constexpr double kLostKnee = 0.3;  ///< nothing is printed on a frame that is more likely wrong than right

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

/// The frame of the limb and what it was taken from above it, before a knee is looked for.
struct WholeFrame {
  Eigen::Isometry3d frame_from_scan;
  bool by_walls = false;  ///< its sections' centroids gave no axis that could be trusted
};

/// Along the line through the section centroids. Above a knee that is looked for next, that line need only lead there;
/// elsewhere it is the limb's axis, and on a limb as wide as long it leans anywhere: where it is far from the axis that
/// the walls show, the walls' is taken.
WholeFrame frame_of_whole(const detail::PosedLimb& limb, const RightLimb& right, bool with_knee) {
  if (right.axis)
    return {detail::frame_on_axis(limb, detail::starting_frame(limb, *right.axis), std::nullopt, 4, true)};
  if (limb.up.norm() == 0.0)
    throw Error(ErrorKind::bad_input, "The limb has no proximal opening that shows which way is up; give its axis.");
  const Eigen::Isometry3d by_walls = detail::starting_frame(limb, detail::axis_of_walls(limb.surface, limb.up));
  try {
    const Eigen::Isometry3d frame =
        detail::frame_on_axis(limb, with_knee ? detail::starting_frame(limb, limb.up) : by_walls);
    if (with_knee || frame.linear().row(2).dot(by_walls.linear().row(2)) > kTrustedLean) return {frame};
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) throw;
  }
  return {detail::frame_on_axis(limb, by_walls, std::nullopt, 1, true), true};
}

/// A limb is refused that no person has: what follows would end far from the cause.
void check_width(const detail::PosedLimb& limb, const Eigen::Isometry3d& frame_from_scan) {
  const detail::InFrame here(limb, frame_from_scan);
  const double width_mm = bounding_box(here.surface).size().head<2>().maxCoeff();
  if (width_mm < kLeastWidthMm || width_mm > kMostWidthMm)
    throw Error(ErrorKind::bad_input,
                fmt::format("What the scan holds is {:.0f} mm across, and no limb is: check that it is the scan of a "
                            "limb, and its units.",
                            width_mm));
}

Eigen::Isometry3d turned_to(Eigen::Isometry3d frame_from_scan, double anterior_angle) {
  return Eigen::AngleAxisd(std::numbers::pi / 2.0 - anterior_angle, Eigen::Vector3d::UnitZ()) * frame_from_scan;
}

/// A frame of a right limb, its landmarks in that frame, and how well the knee was seen.
struct Found {
  Eigen::Isometry3d frame_from_scan;
  Landmarks landmarks;
  std::map<Landmark, double> may_be_off_mm;
  double log_odds = 0.0;  ///< that the knee is one
  double merit = 0.0;
  double mirrored_merit = -1e9;  ///< of the limb in a mirror
};

/// A knee, and the frame whose axis it gives.
struct Seen {
  Eigen::Isometry3d frame_from_scan;
  detail::Knee knee;
  double merit = 0.0;  ///< the lowest log odds on its way to rest: a false knee wanders
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

/// Where the knee may be, seen along the axis of the limb as a whole and of its lower part: a bent knee tilts the
/// first.
std::vector<Seen> candidates(const detail::PosedLimb& limb, bool keep_axis) {
  std::vector<Seen> all;
  const detail::InFrame whole(limb, Eigen::Isometry3d::Identity());
  for (double share : {1.0, 0.75}) {
    const Eigen::Vector3d top(0.0, 0.0, whole.distal_mm + share * (whole.top_mm - whole.distal_mm));
    try {
      const Eigen::Isometry3d frame =
          share == 1.0 ? Eigen::Isometry3d::Identity()
                       : detail::frame_on_axis(limb, Eigen::Isometry3d::Identity(), top, 3, keep_axis);
      const detail::InFrame here(limb, frame);
      for (const detail::Knee& knee : detail::find_knees({here.surface, here.distal_mm, here.top_mm}))
        all.push_back({frame, knee, 0.0});
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::bad_input) throw;  // an axis that leaves the limb
    }
  }
  return all;
}

/// The places where the knee may be, each with an axis of its own, the likeliest first.
std::vector<Seen> search(const Mesh& skin, bool keep_axis) {
  const detail::PosedLimb limb(skin);
  std::vector<Seen> found;
  for (Seen seen : candidates(limb, keep_axis)) {
    try {
      seen.merit = 1e9;
      for (int i = 0; i < kRefinements; ++i) {
        seen = refined(limb, seen, keep_axis);
        seen.merit = std::min(seen.merit, seen.knee.log_odds);
      }
      found.push_back(seen);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::bad_input) throw;  // an axis that leaves the limb shows that this was no knee
    }
  }
  std::stable_sort(found.begin(), found.end(), [](const Seen& a, const Seen& b) { return a.merit > b.merit; });
  return found;
}

/// The knee shifted so that what it shows lies, in the mean, where a person placed it.
void steer(const detail::PosedLimb& limb, const Landmarks& placed, Seen& seen) {
  const detail::InFrame here(limb, seen.frame_from_scan);
  const detail::RadialMap map(here.surface, here.distal_mm, here.top_mm);
  const Landmarks proposed = detail::propose_landmarks(here.surface, map, seen.knee).landmarks;
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
  detail::Proposed all = detail::propose_landmarks(here.surface, map, seen.knee);
  Found found{seen.frame_from_scan, std::move(all.landmarks), std::move(all.may_be_off_mm), seen.knee.log_odds};
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

/// The same of a knee that was found on the sampled skin; nothing where its axis leaves the limb.
std::optional<Found> with_its_landmarks(const detail::PosedLimb& limb, Seen seen, const Landmarks& placed,
                                        bool keep_axis) {
  try {
    for (int i = 0; i < 2; ++i) seen = refined(limb, seen, keep_axis);
    steer(limb, placed, seen);
    return with_landmarks(limb, seen, std::nullopt, keep_axis);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) throw;
    return std::nullopt;
  }
}

Found find_transtibial(const detail::PosedLimb& limb, const Eigen::Isometry3d& start, const RightLimb& right,
                       const Progress& progress) {
  const bool keep_axis = right.axis.has_value();
  const auto placed = right.placed.find(Landmark::mid_patellar_tendon);
  if (placed != right.placed.end()) {
    const Eigen::Vector3d tendon = placed->second.point_mm;
    const Eigen::Isometry3d frame = detail::frame_on_axis(limb, start, tendon, 6, keep_axis);
    const Eigen::Vector3d at = frame * tendon;
    return with_landmarks(limb, {turned_to(frame, std::atan2(at.y(), at.x())), {at.z(), std::numbers::pi / 2.0}, 0.0},
                          tendon, keep_axis);
  }
  const detail::InFrame here(limb, start);
  const Mesh skin = detail::sampled_skin(here.surface, here.distal_mm, here.top_mm);
  std::vector<Seen> seen, in_mirror;
  parallel_both([&] { seen = search(skin, keep_axis); },
                [&] {
                  Mesh other = flipped(skin);
                  for (Eigen::Vector3d& vertex : other.vertices) vertex = mirrored(vertex);
                  in_mirror = search(other, keep_axis);
                });
  progress(0.6);
  for (Seen knee : seen) {
    knee.frame_from_scan = knee.frame_from_scan * start;
    std::optional<Found> found = with_its_landmarks(limb, knee, right.placed, keep_axis);
    progress(0.8);
    if (!found) continue;
    found->merit = knee.merit;
    if (!in_mirror.empty()) found->mirrored_merit = in_mirror.front().merit;
    return *found;
  }
  no_knee();
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

/// How far the refiner of the knee wanders from it: what tells a knee that is hardly seen.
detail::Unsteadiness unsteadiness_of(const Found& found, const detail::PosedLimb& limb) {
  const detail::InFrame here(limb, found.frame_from_scan);
  const double height_mm = found.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  try {
    return detail::knee_unsteadiness({here.surface, here.distal_mm, here.top_mm}, {height_mm, std::numbers::pi / 2.0});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input) throw;
    return kLost;  // the frame's axis leaves the limb
  }
}

/// How the knee was seen: what tells how far to trust it.
struct Sight {
  double log_odds = 3.0;
  double over_mirror = 8.0;  ///< how much the limb's merit is over that of its mirror image
  double unsteady_mm = 1.5;
};

Sight sight_of(const Found& found, const detail::PosedLimb& limb) {
  return {found.log_odds, found.merit - found.mirrored_merit, unsteadiness_of(found, limb).up_mm};
}

/// The chance that a landmark lies within 10 mm of the truth, by how far off the surveyors say that it may be and how
/// the knee was seen: logistic regression on 285 limbs drawn from the OpenLimb shape model and 175 of Fit's own, none
/// that the networks were learned from. The odds of an error are doubled, as real limbs are stranger than draws. The
/// logarithms stop counting where a knee is as plain as they come.
double confidence_of(double may_be_off_mm, const Sight& sight) {
  const double log_odds = -7.20 + 3.72 * std::log(may_be_off_mm) - 0.12 * std::min(sight.log_odds, 3.0) -
                          0.20 * std::min(sight.over_mirror, 8.0) + 0.30 * std::log1p(sight.unsteady_mm);
  return 1.0 / (1.0 + std::exp(log_odds));
}

/// A limb about as wide as long is said: the centroids that its axis goes through lie close together.
void note_short_limb(Located& located) {
  const double length_mm = located.limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  const auto sections = detail::cross_sections(located.limb.surface, {0.5 * length_mm});
  const detail::Outline* skin = detail::largest_closed(sections[0]);
  if (!skin) return;
  const double width_mm = detail::perimeter_mm({detail::convex_hull(skin->points)}) / std::numbers::pi;
  if (width_mm < kShortLimb * length_mm) return;
  located.findings.push_back(
      {"axis_of_short_limb", Severity::warn, {{"length_mm", length_mm, ""}, {"width_mm", width_mm, ""}}, {}});
}

/// Fills in how far frame and landmarks can be trusted, and what a person should look at.
void judge(const Landmarks& placed, const Found& found, const detail::PosedLimb& limb, Located& located) {
  const bool tendon_placed = placed.contains(Landmark::mid_patellar_tendon);
  const Sight sight = tendon_placed ? Sight{} : sight_of(found, limb);
  const auto confidence = [&](Landmark landmark) {
    const auto off_mm = found.may_be_off_mm.find(landmark);
    if (off_mm != found.may_be_off_mm.end()) return confidence_of(off_mm->second, sight);
    // The distal end hangs on the axis alone, and so on the tendon, less than all else.
    const auto tendon_off_mm = found.may_be_off_mm.find(Landmark::mid_patellar_tendon);
    return confidence_of(tendon_off_mm == found.may_be_off_mm.end() ? 1.0 : kDistalEndShare * tendon_off_mm->second,
                         sight);
  };
  located.frame_confidence = tendon_placed ? 1.0 : confidence(Landmark::mid_patellar_tendon);
  std::string doubtful;
  for (auto& [landmark, place] : located.limb.landmarks) {
    if (placed.contains(landmark)) continue;
    place.confidence = confidence(landmark);
    if (place.confidence >= kLowConfidence) continue;
    std::string name(name_of(landmark));
    std::replace(name.begin(), name.end(), '_', ' ');
    doubtful += (doubtful.empty() ? "" : ", ") + name;
  }
  if (!doubtful.empty())
    located.findings.push_back({"landmarks_doubtful", Severity::warn, {{"landmarks", 0.0, doubtful}}, {}});
  if (located.frame_confidence < kDoubtfulKnee)
    located.findings.push_back({"knee_doubtful",
                                located.frame_confidence < kLostKnee ? Severity::forbid : Severity::warn,
                                {{"sure_percent", 100.0 * located.frame_confidence, ""}},
                                {}});
  const bool contradicted = found.mirrored_merit - found.merit > kContradiction && found.mirrored_merit > kPlainKnee;
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
  progress(0.1);
  const WholeFrame whole = frame_of_whole(limb, right, *params.level == Level::transtibial);
  check_width(limb, whole.frame_from_scan);
  progress(0.3);
  Found found = *params.level == Level::transtibial
                    ? find_transtibial(limb, whole.frame_from_scan, right, progress.part(0.3, 0.9))
                    : Found{whole.frame_from_scan, {}, {}};
  found.landmarks[Landmark::distal_end].point_mm =
      detail::distal_end(detail::InFrame(limb, found.frame_from_scan).surface);
  Located located = on_side(scan, placed, params, found);
  if (*params.level == Level::transtibial) {
    judge(placed, found, limb, located);
    if (!params.axis) note_short_limb(located);
  } else {
    located.frame_confidence = 0.5;
    located.findings.push_back({"anterior_by_convention", Severity::warn, {}, {}});
    if (whole.by_walls) located.findings.push_back({"axis_by_walls", Severity::warn, {}, {}});
  }
  progress(1.0);
  return located;
}

}  // namespace fit
