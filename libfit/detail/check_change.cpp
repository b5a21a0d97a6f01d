#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/print_checks.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/measure.h"

namespace fit::detail {

namespace {

// The widest ranges in use of a regional carve (patellar tendon) and of a build-up (distal end pad): unverified
// starting values of the trade.
constexpr double kDeepestCarve = 13.0;
constexpr double kHighestBuildUp = 10.0;
// Circumference reduction reaches 9 % with a liner of 9 mm (Jasken and Hall 2018); half a percent for the stations.
constexpr double kMostReduction = 9.5;
constexpr double kMostEnlargement = 5.0;
// A relief region gives way by less than this, whatever the rest does.
constexpr double kReliefCarve = 3.0;
constexpr double kReliefRadius = 10.0;
constexpr double kSpacing = 10.0;
constexpr double kAboveTheEnd = 25.0;  // nearer to the distal end a girth is a matter of a millimetre of height

constexpr Landmark kReliefs[] = {Landmark::fibular_head, Landmark::tibial_tubercle, Landmark::tibial_crest,
                                 Landmark::anterior_distal_tibia, Landmark::distal_fibula};

Findings check_regions(const SocketCase& made) {
  const Values& change = made.rectified.change_mm;
  if (change.empty()) return {};
  const auto place = [&](auto vertex) { return made.rectified.positive.vertices[vertex - change.begin()]; };
  Findings findings;
  const auto deepest = std::min_element(change.begin(), change.end());
  if (*deepest < -kDeepestCarve)
    findings.push_back(
        {"carve_deep", Severity::warn, {{"carve_mm", -*deepest, ""}, {"most_mm", kDeepestCarve, ""}}, place(deepest)});
  const auto highest = std::max_element(change.begin(), change.end());
  if (*highest > kHighestBuildUp)
    findings.push_back({"build_up_high",
                        Severity::warn,
                        {{"build_up_mm", *highest, ""}, {"most_mm", kHighestBuildUp, ""}},
                        place(highest)});
  return findings;
}

/// A bar over the fibular head injures the peroneal nerve; over the other bones it hurts.
Findings check_reliefs(const SocketCase& made) {
  const std::vector<Eigen::Vector3d>& skin = made.limb.surface.vertices;
  const Values& change = made.rectified.change_mm;
  Findings findings;
  if (change.size() != skin.size()) return findings;
  for (const Landmark landmark : kReliefs) {
    const auto found = made.limb.landmarks.find(landmark);
    if (found == made.limb.landmarks.end()) continue;
    double deepest = 0.0;
    Eigen::Vector3d place = found->second.point_mm;
    for (std::size_t i = 0; i < skin.size(); ++i) {
      if ((skin[i] - found->second.point_mm).squaredNorm() > kReliefRadius * kReliefRadius) continue;
      if (change[i] >= deepest) continue;
      deepest = change[i];
      place = skin[i];
    }
    if (deepest >= -kReliefCarve) continue;
    std::string name(name_of(landmark));
    std::replace(name.begin(), name.end(), '_', ' ');
    findings.push_back({"relief_carved",
                        landmark == Landmark::fibular_head ? Severity::forbid : Severity::warn,
                        {{"carve_mm", -deepest, ""}, {"landmark", 0.0, name}},
                        place});
  }
  return findings;
}

Findings check_girths(const SocketCase& made, const Progress& progress) {
  const Mesh& limb = made.limb.surface;
  const Mesh& positive = made.rectified.positive;
  const double top = std::min({TrimSurface(made.trimline).lowest_mm(), top_mm(limb) - 1.0, top_mm(positive) - 1.0});
  const double bottom = std::max(bounding_box(limb).lowest.z(), bounding_box(positive).lowest.z());
  std::vector<double> heights;
  for (double height = bottom + kAboveTheEnd; height < top; height += kSpacing) heights.push_back(height);
  if (heights.empty()) return {};
  const std::vector<Slice> before = measure_at(limb, heights, progress.part(0.0, 0.5));
  const std::vector<Slice> after = measure_at(positive, heights, progress.part(0.5, 1.0));

  // A layer over the limb adds its thickness to the radius: the girth of a parallel curve (Steiner).
  const double over = 2.0 * std::numbers::pi * made.rectified.allowance_mm;
  const auto reduction = [&](std::size_t i) { return 100.0 * (1.0 - after[i].girth_mm / (before[i].girth_mm + over)); };
  std::size_t most = 0, least = 0;
  for (std::size_t i = 0; i < heights.size(); ++i) {
    if (reduction(i) > reduction(most)) most = i;
    if (reduction(i) < reduction(least)) least = i;
  }
  Findings findings;
  const auto found = [&](const char* code, double percent, double limit, std::size_t station) {
    findings.push_back({code,
                        Severity::warn,
                        {{"percent", percent, ""}, {"most_percent", limit, ""}, {"height_mm", heights[station], ""}},
                        Eigen::Vector3d(0.0, 0.0, heights[station])});
  };
  if (reduction(most) > kMostReduction) found("girth_reduced_far", reduction(most), kMostReduction, most);
  if (reduction(least) < -kMostEnlargement) found("girth_enlarged_far", -reduction(least), kMostEnlargement, least);
  return findings;
}

}  // namespace

Findings check_change(const SocketCase& made, const Progress& progress) {
  Findings findings = check_regions(made);
  for (const Findings& more : {check_reliefs(made), check_girths(made, progress)})
    findings.insert(findings.end(), more.begin(), more.end());
  return findings;
}

}  // namespace fit::detail
