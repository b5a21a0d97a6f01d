#include "libfit/rectify.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "libfit/detail/fold_bridge.h"
#include "libfit/detail/girth_reduction.h"
#include "libfit/detail/normal_flow.h"
#include "libfit/detail/region_changes.h"
#include "libfit/detail/unfold.h"
#include "libfit/measure.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"

namespace fit {

namespace {

constexpr std::size_t kGrain = 8192;
constexpr std::size_t kMostCrossings = 100000;
/// Around the walls of a fold that cross: each is tried when the one before did not do.
constexpr std::array<double, 5> kBridgeMarginsMm{6.0, 9.0, 13.0, 18.0, 25.0};

double sock_mm(const RectifyParams& params) {
  const std::vector<SockThickness>& table = params.sock_table;
  for (std::size_t i = 1; i < table.size(); ++i)
    if (!(table[i].ply > table[i - 1].ply))
      throw Error(ErrorKind::bad_params, "sock_table must be in the order of its plies, each named once.");
  if (params.sock_ply == 0) return 0.0;
  if (table.size() < 2)
    throw Error(ErrorKind::bad_params, "sock_ply is given and sock_table has fewer than two rows; fill the table.");
  // Beyond the table each ply adds what its last plies did.
  std::size_t row = 1;
  while (row + 1 < table.size() && table[row].ply < params.sock_ply) ++row;
  const SockThickness &a = table[row - 1], &b = table[row];
  return std::max(0.0, a.sock_mm + (params.sock_ply - a.ply) / (b.ply - a.ply) * (b.sock_mm - a.sock_mm));
}

double allowance_mm(const RectifyParams& params) {
  const double socks = sock_mm(params);
  return *params.scanned_over == ScannedOver::skin ? *params.liner_mm + socks : 0.0;
}

void check(const Limb& limb, const RectifyParams& params) {
  validate(params);
  std::vector<std::string> missing;
  if (!params.scanned_over) missing.push_back("scanned_over");
  if (!params.liner_mm) missing.push_back("liner_mm");
  if (!missing.empty())
    throw Error(ErrorKind::bad_params,
                fmt::format("The positive cannot be shaped without {}: nothing stands in for it.",
                            fmt::join(missing, " and ")));
  const Template& data = params.rectification;
  if (data.template_level && *data.template_level != limb.level)
    throw Error(ErrorKind::bad_params,
                fmt::format("The template '{}' is for {} limbs and this one is {}; take another.", data.template_name,
                            name_of(*data.template_level), name_of(limb.level)));
  if (limb.level == Level::transtibial && !limb.landmarks.contains(Landmark::mid_patellar_tendon))
    throw Error(ErrorKind::bad_input,
                "The limb has no mid-patellar tendon landmark, from which its stations are counted; "
                "place it.");
}

/// A reduction curve of one liner: (station, percent), ascending.
using Curve = std::vector<std::pair<double, double>>;

double at(const Curve& curve, double station) {
  if (station <= curve.front().first) return curve.front().second;
  for (std::size_t i = 1; i < curve.size(); ++i)
    if (station <= curve[i].first) {
      const double t = (station - curve[i - 1].first) / (curve[i].first - curve[i - 1].first);
      return curve[i - 1].second + t * (curve[i].second - curve[i - 1].second);
    }
  return curve.back().second;
}

/// The reductions for one liner.
Curve reduction_curve(const RectifyParams& params) {
  if (params.uniform_reduction_percent) return {{0.0, *params.uniform_reduction_percent}};
  const double kept = 1.0 + params.patellar_tendon_bearing * (params.rectification.ptb_reduction_share - 1.0);
  const double scale = kept * params.reduction_scale;
  std::map<double, Curve> by_liner;
  for (const Reduction& row : params.rectification.reductions)
    by_liner[row.for_liner_mm.value_or(-1.0)].emplace_back(row.station, scale * row.reduction_percent);
  if (by_liner.contains(-1.0) && by_liner.size() > 1)
    throw Error(ErrorKind::bad_params, "The template's reductions name a liner in some rows and none in others.");
  for (auto& [liner, curve] : by_liner) {
    std::sort(curve.begin(), curve.end());
    for (std::size_t i = 1; i < curve.size(); ++i)
      if (curve[i].first == curve[i - 1].first)
        throw Error(ErrorKind::bad_params,
                    fmt::format("The template's reductions name station {:g} twice for one liner.", curve[i].first));
  }
  if (by_liner.empty()) return {{0.0, 0.0}};
  const auto above = by_liner.lower_bound(*params.liner_mm);
  if (above == by_liner.begin()) return above->second;
  const auto below = std::prev(above);
  if (above == by_liner.end()) return below->second;
  const double t = (*params.liner_mm - below->first) / (above->first - below->first);
  std::set<double> stations;
  for (const auto* curve : {&below->second, &above->second})
    for (const auto& [station, percent] : *curve) stations.insert(station);
  Curve blend;
  for (double station : stations)
    blend.emplace_back(station, (1.0 - t) * at(below->second, station) + t * at(above->second, station));
  return blend;
}

Finding naming_landmarks(const char* code, Severity severity, const std::vector<Landmark>& landmarks,
                         const Limb& limb) {
  std::vector<std::string> names;
  for (Landmark landmark : landmarks) {
    names.emplace_back(name_of(landmark));
    std::replace(names.back().begin(), names.back().end(), '_', ' ');
  }
  return {code,
          severity,
          {{"landmarks", 0.0, fmt::format("{}", fmt::join(names, ", "))}},
          limb.landmarks.at(landmarks.front()).point_mm};
}

/// Never a wrong leg: what hangs on landmarks that no person looked at is said, and a carve on them forbids printing.
void say_unconfirmed(const Limb& limb, const RectifyParams& params, detail::RegionChanges& changes,
                     Findings& findings) {
  for (const TrimPoint& point : params.rectification.trim_points) changes.used.insert(point.landmark);
  if (limb.level == Level::transtibial) changes.used.insert(Landmark::mid_patellar_tendon);
  std::vector<Landmark> unconfirmed;
  for (Landmark landmark : changes.used) {
    const auto place = limb.landmarks.find(landmark);
    if (place != limb.landmarks.end() && !place->second.confirmed) unconfirmed.push_back(landmark);
  }
  if (unconfirmed.empty()) return;
  findings.push_back(naming_landmarks("landmarks_unconfirmed", Severity::warn, unconfirmed, limb));
  if (changes.carving.empty()) return;
  Finding carve = naming_landmarks("carve_unconfirmed", Severity::forbid, unconfirmed, limb);
  carve.values.push_back({"regions", 0.0, fmt::format("{}", fmt::join(changes.carving, ", "))});
  findings.push_back(std::move(carve));
}

void say_missed(const std::vector<detail::GirthMissed>& missed, Findings& findings) {
  const auto worst = std::max_element(missed.begin(), missed.end(), [](const auto& a, const auto& b) {
    return std::abs(a.asked_percent - a.reached_percent) < std::abs(b.asked_percent - b.reached_percent);
  });
  if (worst == missed.end()) return;
  findings.push_back({"reduction_missed",
                      Severity::warn,
                      {{"height_mm", worst->height_mm, {}},
                       {"asked_percent", worst->asked_percent, {}},
                       {"reached_percent", worst->reached_percent, {}}},
                      Eigen::Vector3d(0.0, 0.0, worst->height_mm)});
}

void say_not_placed(const std::vector<std::string>& regions, Findings& findings) {
  if (!regions.empty())
    findings.push_back(
        {"region_not_placed", Severity::warn, {{"regions", 0.0, fmt::format("{}", fmt::join(regions, ", "))}}, {}});
}

void say_crossing(const Mesh& positive, const std::vector<std::array<int, 2>>& crossings, Findings& findings) {
  findings.push_back({"positive_crosses",
                      Severity::forbid,
                      {{"pairs", static_cast<double>(crossings.size()), {}}},
                      positive.vertices[positive.triangles[crossings.front()[0]][0]]});
}

void say_bridged(const detail::FoldBridge& bridge, Findings& findings) {
  findings.push_back({"fold_bridged",
                      Severity::warn,
                      {{"depth_mm", bridge.depth_mm, {}}, {"area_cm2", bridge.area_mm2 / 100.0, {}}},
                      bridge.deepest_mm});
}

/// How far each vertex moved along the normal of the surface that it left.
Values along_normals(const Mesh& from, const Mesh& to) {
  const std::vector<Eigen::Vector3d> normals = vertex_normals(from);
  Values moved_mm(normals.size());
  parallel_for(normals.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) moved_mm[i] = normals[i].dot(to.vertices[i] - from.vertices[i]);
  });
  return moved_mm;
}

void say_notes(const RectifyParams& params, Findings& findings) {
  if (*params.scanned_over == ScannedOver::liner && params.sock_ply > 0)
    findings.push_back(
        {"socks_not_added", Severity::note, {{"sock_ply", static_cast<double>(params.sock_ply), {}}}, {}});
  const std::vector<std::string> unverified = unverified_values(params.rectification);
  if (!unverified.empty())
    findings.push_back({"template_unverified",
                        Severity::note,
                        {{"template", 0.0, params.rectification.template_name},
                         {"values", 0.0, fmt::format("{}", fmt::join(unverified, ", "))}},
                        {}});
}

}  // namespace

namespace {

/// What a skin becomes, and where that crosses itself.
struct Shaped {
  Mesh over_liner;
  Mesh positive;
  std::vector<detail::GirthMissed> missed;
  std::vector<std::array<int, 2>> crossings;
};

Shaped shaped(const Mesh& skin, const Curve& curve, double length_mm, double allowance_mm,
              const detail::RegionChanges& changes, const Progress& progress) {
  Shaped made;
  made.over_liner = skin;
  detail::move_along_normals(made.over_liner, Values(skin.vertices.size(), allowance_mm), progress.part(0.0, 0.35));
  made.positive = made.over_liner;
  const double bottom = bounding_box(skin).lowest.z();
  const auto percent_at = [&](double height_mm) { return at(curve, (height_mm - bottom) / length_mm); };
  made.missed =
      detail::reduce_girths(made.positive, top_mm(made.positive), percent_at, changes.free, progress.part(0.35, 0.65));
  detail::move_along_normals(made.positive, changes.change_mm, progress.part(0.65, 0.9));
  detail::unfold(skin, made.positive);
  made.crossings = self_crossings(made.positive, kMostCrossings, progress.part(0.9, 1.0));
  return made;
}

}  // namespace

Rectified rectify(const Limb& limb, const RectifyParams& params, const Progress& progress) {
  progress(0.0);
  check(limb, params);
  const Curve curve = reduction_curve(params);
  Rectified result;
  result.allowance_mm = allowance_mm(params);
  const detail::LimbSize size = detail::size_of(limb);
  detail::RegionChanges changes = detail::region_changes(limb, size, params, progress.part(0.0, 0.3));

  const auto shape = [&](const Mesh& skin, const Progress& shaping) {
    return shaped(skin, curve, size.length_mm, result.allowance_mm, changes, shaping);
  };
  Shaped made = shape(limb.surface, progress.part(0.3, 0.95));
  std::vector<std::uint8_t> crossing(limb.surface.triangles.size(), 0);
  std::optional<detail::FoldBridge> bridge;
  for (std::size_t round = 0; round < kBridgeMarginsMm.size() && !made.crossings.empty(); ++round) {
    for (const auto& pair : made.crossings)
      for (int triangle : pair) crossing[triangle] = 1;
    Mesh skin = limb.surface;
    bridge = detail::bridge_folds(skin, crossing, kBridgeMarginsMm[round]);
    made = shape(skin, progress.part(0.95, 1.0));
  }
  if (bridge) say_bridged(*bridge, result.findings);
  if (!made.crossings.empty()) say_crossing(made.positive, made.crossings, result.findings);
  say_missed(made.missed, result.findings);
  result.change_mm = along_normals(made.over_liner, made.positive);
  result.positive = std::move(made.positive);
  result.over_liner = std::move(made.over_liner.vertices);
  say_not_placed(changes.not_placed, result.findings);
  say_unconfirmed(limb, params, changes, result.findings);
  say_notes(params, result.findings);
  result.regions = std::move(changes.placed);
  for (std::size_t i = 0; i < result.regions.size(); ++i)
    result.regions[i].center_mm = result.positive.vertices[changes.middle_vertex[i]];
  progress(1.0);
  return result;
}

Rectified as_given(const Limb& positive, const Progress& progress) {
  Rectified given;
  given.positive = positive.surface;
  given.over_liner = positive.surface.vertices;
  given.change_mm.assign(positive.surface.vertices.size(), 0.0);
  const auto crossings = self_crossings(given.positive, kMostCrossings, progress);
  if (!crossings.empty()) say_crossing(given.positive, crossings, given.findings);
  return given;
}

std::vector<std::string> unverified_values(const Template& rectification) {
  std::vector<std::string> names;
  const auto any_of = [](const auto& rows) {
    return std::any_of(rows.begin(), rows.end(), [](const auto& row) { return is_unverified(row.provenance); });
  };
  if (any_of(rectification.reductions)) names.emplace_back("circumference reduction");
  for (const Region& region : rectification.regions)
    if (is_unverified(region.provenance)) names.push_back(region.name);
  const bool clears = rectification.tsb_distal_clearance_mm > 0.0 || rectification.ptb_distal_clearance_mm > 0.0;
  if (clears && is_unverified(rectification.distal_clearance_provenance)) names.emplace_back("distal clearance");
  if (any_of(rectification.trim_points)) names.emplace_back("trimline");
  return names;
}

}  // namespace fit
