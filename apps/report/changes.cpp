#include "apps/report/changes.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "apps/report/texts.h"

namespace fit {

namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr double kWorthSaying = 0.05;  // mm of radius

struct Change {
  double radial_mm;
  std::string sentence;
};

void add_girth(const Outputs& outputs, std::vector<Change>& changes) {
  if (!outputs.stations) return;
  const std::vector<Slice>&limb = outputs.stations->limb, &positive = outputs.stations->positive;
  double biggest = 0.0;
  std::size_t at = 0;
  // Inside the socket all round.
  double top = 1e300;
  if (outputs.trimmed)
    for (double height : outputs.trimmed->trimline.height_mm) top = std::min(top, height);
  for (std::size_t i = 0; i < std::min(limb.size(), positive.size()); ++i) {
    if (limb[i].height_mm > top) break;
    const double percent = std::abs(girth_change_percent(limb[i], positive[i], outputs.rectified->allowance_mm));
    if (percent > biggest) {
      biggest = percent;
      at = i;
    }
  }
  if (biggest == 0.0) return;
  const double percent = girth_change_percent(limb[at], positive[at], outputs.rectified->allowance_mm);
  const double mm = std::abs(percent) / 100.0 * (limb[at].girth_mm + kTwoPi * outputs.rectified->allowance_mm);
  changes.push_back(
      {mm / kTwoPi,
       text(percent < 0.0 ? "change.girth_smaller" : "change.girth_larger",
            {{"height", number(limb[at].height_mm, 0)}, {"percent", number(std::abs(percent))}, {"mm", number(mm)}})});
}

/// The template's region that changes the place in this direction; else where it is on the limb.
std::string region_in_words(const Outputs& outputs, const Eigen::Vector3d& point_mm, double change_mm) {
  const PlacedRegion* nearest = nullptr;
  double least = 1.0;
  for (const PlacedRegion& region : outputs.rectified->regions) {
    const double away = (region.center_mm - point_mm).norm() / std::max(region.reach_mm, 1.0);
    if (region.change_mm * change_mm <= 0.0 || away > least) continue;
    least = away;
    nearest = &region;
  }
  return nearest ? text("place.region", {{"region", nearest->name}}) : place_in_words(*outputs.limb, point_mm);
}

void add_regional(const Outputs& outputs, std::vector<Change>& changes) {
  const Values& change = outputs.rectified->change_mm;
  const std::vector<Eigen::Vector3d>& vertices = outputs.limb->surface.vertices;
  if (change.empty() || change.size() != vertices.size()) return;
  const auto trimmed_away = [&](const Eigen::Vector3d& v) {
    return outputs.trimmed && v.z() > outputs.trimmed->trimline.height_at(std::atan2(v.y(), v.x()));
  };
  std::size_t deepest = change.size(), highest = change.size();
  for (std::size_t i = 0; i < change.size(); ++i) {
    if (!std::isfinite(change[i]) || trimmed_away(vertices[i])) continue;
    if (deepest == change.size() || change[i] < change[deepest]) deepest = i;
    if (highest == change.size() || change[i] > change[highest]) highest = i;
  }
  const auto add = [&](std::size_t i, const char* key) {
    changes.push_back({std::abs(change[i]), text(key, {{"mm", number(std::abs(change[i]))},
                                                       {"place", region_in_words(outputs, vertices[i], change[i])}})});
  };
  if (deepest < change.size() && change[deepest] < 0.0) add(deepest, "change.pressed_in");
  if (highest < change.size() && change[highest] > 0.0) add(highest, "change.built_up");
}

}  // namespace

double girth_change_percent(const Slice& limb, const Slice& positive, double allowance_mm) {
  const double over_liner = limb.girth_mm + kTwoPi * allowance_mm;
  return 100.0 * (positive.girth_mm - over_liner) / over_liner;
}

std::string direction_in_words(const Limb& limb, const Eigen::Vector3d& point_mm) {
  const double lateral = lateral_sign(limb.side) * point_mm.x();
  if (std::abs(point_mm.y()) >= std::abs(lateral))
    return text(point_mm.y() >= 0.0 ? "direction.anterior" : "direction.posterior");
  return text(lateral >= 0.0 ? "direction.lateral" : "direction.medial");
}

std::string place_in_words(const Limb& limb, const Eigen::Vector3d& point_mm) {
  double nearest = 35.0;
  std::string place =
      text("place.at_height", {{"height", number(point_mm.z(), 0)}, {"direction", direction_in_words(limb, point_mm)}});
  for (const auto& [landmark, at] : limb.landmarks) {
    const double distance = (at.point_mm - point_mm).norm();
    if (distance >= nearest) continue;
    nearest = distance;
    place = text("place.near", {{"landmark", text("landmark." + std::string(name_of(landmark)))}});
  }
  return place;
}

std::vector<std::string> biggest_changes(const Outputs& outputs, std::size_t count) {
  std::vector<Change> changes;
  add_girth(outputs, changes);
  add_regional(outputs, changes);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.radial_mm > b.radial_mm; });
  std::vector<std::string> sentences;
  for (const Change& change : changes)
    if (change.radial_mm > kWorthSaying && sentences.size() < count) sentences.push_back(change.sentence);
  return sentences;
}

}  // namespace fit
