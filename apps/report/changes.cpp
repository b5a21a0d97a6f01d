#include "apps/report/changes.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "apps/report/texts.h"

namespace fit {

namespace {

constexpr double kTwoPi = 6.283185307179586;
constexpr double kWorthSaying = 0.05;  // mm of radius

struct Change {
  double radial_mm;
  std::string sentence;
};

/// Below it a section lies inside the socket all round.
double lowest_trim_mm(const Outputs& outputs) {
  double lowest = std::numeric_limits<double>::max();
  if (outputs.trimmed)
    for (double height : outputs.trimmed->trimline.height_mm) lowest = std::min(lowest, height);
  return lowest;
}

void add_girth(const Outputs& outputs, std::vector<Change>& changes) {
  if (!outputs.stations) return;
  const std::vector<Slice>&limb = outputs.stations->limb, &positive = outputs.stations->positive;
  double biggest = 0.0;
  std::size_t at = 0;
  const double top = lowest_trim_mm(outputs);
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

/// The volume inside the socket, below its trimline.
void add_volume(const Outputs& outputs, std::vector<Change>& changes) {
  // Over skin the two are not of the same thing.
  if (!outputs.stations || outputs.rectified->allowance_mm > 0.0) return;
  const std::vector<Slice>&limb = outputs.stations->limb, &positive = outputs.stations->positive;
  std::size_t last = 0;
  const double top_mm = lowest_trim_mm(outputs);
  for (std::size_t i = 0; i < std::min(limb.size(), positive.size()); ++i)
    if (limb[i].height_mm <= top_mm) last = i;
  if (limb.empty() || positive.empty() || !(limb[last].volume_mm3 > 0.0)) return;
  const double less_mm3 = positive[last].volume_mm3 - limb[last].volume_mm3;
  changes.push_back({std::abs(less_mm3) / (limb[last].height_mm * limb[last].girth_mm),
                     text(less_mm3 < 0.0 ? "change.volume_smaller" : "change.volume_larger",
                          {{"height", number(limb[last].height_mm, 0)},
                           {"percent", number(100.0 * std::abs(less_mm3) / limb[last].volume_mm3)},
                           {"ml", number(std::abs(less_mm3) / 1000.0, 0)}})});
}

/// Where the surface moves most, inward (`direction` -1) or outward (+1), among the vertices that are asked for.
template <class Asked>
std::optional<std::size_t> most_moved(const Outputs& outputs, double direction, Asked&& asked) {
  const Values& change = outputs.rectified->change_mm;
  const std::vector<Eigen::Vector3d>& vertices = outputs.limb->surface.vertices;
  std::optional<std::size_t> most;
  for (std::size_t i = 0; i < change.size(); ++i) {
    const Eigen::Vector3d& v = vertices[i];
    if (!(direction * change[i] > 0.0) || (most && direction * change[i] <= direction * change[*most])) continue;
    if (outputs.trimmed && v.z() > outputs.trimmed->trimline.height_at(std::atan2(v.y(), v.x()))) continue;
    if (asked(v)) most = i;
  }
  return most;
}

/// The template's carves and build-ups, and the places beside them that move most.
void add_regional(const Outputs& outputs, std::vector<Change>& changes) {
  const Rectified& rectified = *outputs.rectified;
  const std::vector<Eigen::Vector3d>& vertices = outputs.limb->surface.vertices;
  if (rectified.change_mm.size() != vertices.size()) return;
  const auto add = [&](std::size_t i, double direction, const std::string& place) {
    const double mm = std::abs(rectified.change_mm[i]);
    changes.push_back(
        {mm, text(direction < 0.0 ? "change.pressed_in" : "change.built_up", {{"mm", number(mm)}, {"place", place}})});
  };
  const auto within = [](const PlacedRegion& region, const Eigen::Vector3d& v) {
    return (region.center_mm - v).norm() <= region.reach_mm;
  };
  for (const double direction : {-1.0, 1.0}) {
    const auto changed = [&](const PlacedRegion& region) { return direction * region.change_mm > 0.0; };
    for (const PlacedRegion& region : rectified.regions)
      if (changed(region))
        if (const auto i = most_moved(outputs, direction, [&](const auto& v) { return within(region, v); }))
          add(*i, direction, text("place.region", {{"region", region.name}}));
    const auto beside = most_moved(outputs, direction, [&](const auto& v) {
      return std::none_of(rectified.regions.begin(), rectified.regions.end(),
                          [&](const PlacedRegion& region) { return changed(region) && within(region, v); });
    });
    if (beside) add(*beside, direction, place_in_words(*outputs.limb, vertices[*beside]));
  }
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
  add_volume(outputs, changes);
  add_regional(outputs, changes);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const Change& a, const Change& b) { return a.radial_mm > b.radial_mm; });
  std::vector<std::string> sentences;
  for (const Change& change : changes)
    if (change.radial_mm > kWorthSaying && sentences.size() < count) sentences.push_back(change.sentence);
  return sentences;
}

}  // namespace fit
