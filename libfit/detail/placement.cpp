#include "libfit/detail/placement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "libfit/detail/cross_section.h"
#include "libfit/error.h"
#include "libfit/measure.h"

namespace fit::detail {

namespace {

constexpr double kSpacingMm = 4.0;
constexpr double kTurn = 2.0 * std::numbers::pi;

/// A height, and an angle about the middle of the section there, from +x towards +y.
struct Spot {
  double height_mm;
  double angle_rad;
};

/// Where the ray from the middle leaves the outline for the last time, as a place along its points.
struct Exit {
  Eigen::Vector2d point;
  std::size_t segment;
};

std::optional<Exit> exit_of(const Outline& outline, const Eigen::Vector2d& middle, double angle) {
  const Eigen::Vector2d along(std::cos(angle), std::sin(angle));
  std::optional<Exit> exit;
  double farthest = 0.0;
  for (std::size_t i = 0; i < outline.points.size(); ++i) {
    const Eigen::Vector2d a = outline.points[i] - middle;
    const Eigen::Vector2d b = outline.points[(i + 1) % outline.points.size()] - middle;
    const double side_a = along.x() * a.y() - along.y() * a.x();
    const double side_b = along.x() * b.y() - along.y() * b.x();
    if ((side_a < 0.0) == (side_b < 0.0)) continue;
    const Eigen::Vector2d crossing = a + side_a / (side_a - side_b) * (b - a);
    const double distance = crossing.dot(along);
    if (distance <= farthest) continue;
    farthest = distance;
    exit = Exit{middle + crossing, i};
  }
  return exit;
}

/// A point `mm` further along a closed outline; negative goes back.
Eigen::Vector2d walked(const Outline& outline, const Exit& start, double mm) {
  const std::size_t count = outline.points.size();
  Eigen::Vector2d at = start.point;
  std::size_t segment = start.segment;
  double left = std::abs(mm);
  for (std::size_t steps = 0; steps < 2 * count; ++steps) {
    const Eigen::Vector2d& next = outline.points[mm > 0.0 ? (segment + 1) % count : segment];
    const double length = (next - at).norm();
    if (length >= left) return length > 0.0 ? Eigen::Vector2d(at + left / length * (next - at)) : at;
    left -= length;
    at = next;
    segment = mm > 0.0 ? (segment + 1) % count : (segment + count - 1) % count;
  }
  return at;
}

/// The largest closed outline at each of many heights.
class Sections {
 public:
  Sections(const Mesh& surface, std::vector<double> heights) {
    std::sort(heights.begin(), heights.end());
    heights.erase(std::unique(heights.begin(), heights.end()), heights.end());
    const auto outlines = cross_sections(surface, heights);
    for (std::size_t i = 0; i < heights.size(); ++i)
      if (const Outline* skin = largest_closed(outlines[i]); skin && skin->points.size() > 2)
        sections_.push_back({heights[i], centroid({convex_hull(skin->points)}), *skin});
  }

  struct Section {
    double height;
    Eigen::Vector2d middle;
    Outline outline;
  };

  const Section* at(double height) const {
    for (const Section& section : sections_)
      if (section.height == height) return &section;
    return nullptr;
  }

 private:
  std::vector<Section> sections_;
};

double angle_about(const Eigen::Vector2d& middle, const Eigen::Vector2d& point) {
  return std::atan2(point.y() - middle.y(), point.x() - middle.x());
}

double height_of(const Placement& place, const Limb& limb, const LimbSize& size) {
  return limb.landmarks.at(place.landmark).point_mm.z() + place.up_length_fraction * size.length_mm +
         place.up_girth_fraction * size.girth_mm;
}

bool knows_all(const std::vector<Placement>& places, const Limb& limb) {
  return !places.empty() && std::all_of(places.begin(), places.end(), [&](const Placement& place) {
    return limb.landmarks.contains(place.landmark);
  });
}

/// Nothing where the section is cut by the opening or the limb does not reach.
std::optional<Spot> spot_of(const Placement& place, const Limb& limb, const LimbSize& size, const Sections& sections) {
  const double height = height_of(place, limb, size);
  const Sections::Section* section = sections.at(height);
  if (!section) return std::nullopt;
  const double angle = angle_about(section->middle, limb.landmarks.at(place.landmark).point_mm.head<2>());
  if (place.around_girth_fraction == 0.0) return Spot{height, angle};
  const auto start = exit_of(section->outline, section->middle, angle);
  if (!start) return std::nullopt;
  // Outlines run counter-clockwise; from anterior over lateral to posterior that is on a left limb.
  const double girth = perimeter_mm({convex_hull(section->outline.points)});
  const double walk = -lateral_sign(limb.side) * place.around_girth_fraction * girth;
  return Spot{height, angle_about(section->middle, walked(section->outline, *start, walk))};
}

/// Spots between two, at most the spacing apart.
void add_between(Spot from, Spot to, double girth_mm, std::vector<Spot>& spots) {
  to.angle_rad -= kTurn * std::round((to.angle_rad - from.angle_rad) / kTurn);
  // On the skin a turn is a girth long; skin that bulges or dips is longer, hence the half again.
  const double length =
      std::hypot(to.height_mm - from.height_mm, 1.5 * girth_mm / kTurn * (to.angle_rad - from.angle_rad));
  const int pieces = std::clamp(static_cast<int>(std::ceil(length / kSpacingMm)), 1, 500);
  for (int i = 1; i <= pieces; ++i) {
    const double share = static_cast<double>(i) / pieces;
    spots.push_back({from.height_mm + share * (to.height_mm - from.height_mm),
                     from.angle_rad + share * (to.angle_rad - from.angle_rad)});
  }
}

}  // namespace

LimbSize size_of(const Limb& limb) {
  const double top = top_mm(limb.surface);
  const double bottom = bounding_box(limb.surface).lowest.z();
  const auto tendon = limb.landmarks.find(Landmark::mid_patellar_tendon);
  const double mpt = tendon == limb.landmarks.end() ? top : tendon->second.point_mm.z();
  if (!(mpt - bottom > 10.0) || !(top - bottom > 10.0))
    throw Error(ErrorKind::bad_input, "The limb is shorter than 10 mm from its distal end; check landmarks and units.");
  const auto sections = cross_sections(limb.surface, {std::min(mpt, top - 1.0)});
  const Outline* skin = largest(sections[0]);
  if (!skin) throw Error(ErrorKind::bad_input, "The limb has no skin at its mid-patellar tendon; check the landmark.");
  return {mpt - bottom, perimeter_mm({convex_hull(skin->points)}), top};
}

std::vector<SkinLine> lines_on_skin(const Limb& limb, const LimbSize& size,
                                    const std::vector<std::vector<Placement>>& lines) {
  std::vector<double> heights;
  for (const auto& places : lines)
    if (knows_all(places, limb))
      for (const Placement& place : places) heights.push_back(height_of(place, limb, size));
  const Sections at_places(limb.surface, heights);

  std::vector<std::vector<Spot>> spots(lines.size());
  heights.clear();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!knows_all(lines[i], limb)) continue;
    for (const Placement& place : lines[i]) {
      const std::optional<Spot> spot = spot_of(place, limb, size, at_places);
      if (!spot) {
        spots[i].clear();
        break;
      }
      if (spots[i].empty()) {
        spots[i].push_back(*spot);
      } else {
        add_between(spots[i].back(), *spot, size.girth_mm, spots[i]);
      }
    }
    for (const Spot& spot : spots[i]) heights.push_back(spot.height_mm);
  }

  const Sections at_spots(limb.surface, heights);
  std::vector<SkinLine> found(lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (const Spot& spot : spots[i]) {
      const Sections::Section* section = at_spots.at(spot.height_mm);
      const auto exit = section ? exit_of(section->outline, section->middle, spot.angle_rad) : std::nullopt;
      if (exit) found[i].emplace_back(exit->point.x(), exit->point.y(), spot.height_mm);
    }
  return found;
}

}  // namespace fit::detail
