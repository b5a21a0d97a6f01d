#include "libfit/detail/place_identifier.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>

#include "libfit/detail/cross_section.h"
#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr double kBelowTrimlineMm = 20.0;
constexpr double kAboveBlockMm = 8.0;
constexpr double kSmallestLetterMm = 4.0;
constexpr std::size_t kLongestLine = 40;
/// The text may go this far around its axis.
constexpr double kWidestRad = 2.2;

std::vector<std::string> lines_of(const Identifier& identifier) {
  std::vector<std::string> lines;
  const bool both = !identifier.identifier_code.empty() && !identifier.identifier_side.empty();
  const std::string first = identifier.identifier_code + (both ? " " : "") + identifier.identifier_side;
  for (const std::string& line : {first, identifier.identifier_date})
    if (!line.empty()) lines.push_back(line);
  for (const std::string& line : lines)
    if (line.size() > kLongestLine)
      throw Error(ErrorKind::bad_params,
                  fmt::format("The identifier '{}' is longer than {} characters; shorten it.", line, kLongestLine));
  return lines;
}

/// Where the free outer surface begins above block and distal end.
double lowest_free_height(const SolidField::Shape& shape, double distal_mm) {
  double lowest = distal_mm + 10.0;
  for (const PlacedPart& part : shape.parts)
    if (!part.cut()) lowest = std::max(lowest, part.center_mm().z() + part.radius_mm() / 2.0 + part.fillet_mm());
  return lowest + kAboveBlockMm;
}

std::optional<RaisedText::Place> place_at(double height_mm, const Vector3d& outward, const SolidField::Shape& shape) {
  const std::vector<std::vector<Outline>> sections = cross_sections(*shape.positive, {height_mm});
  const Outline* section = largest(sections[0]);
  if (section == nullptr) return std::nullopt;
  RaisedText::Place place;
  place.outward = outward;
  place.axis_mm << centroid(*section), height_mm;
  // Out to where the wall ends.
  int triangle = -1;
  for (int step = 0; step < 50; ++step) {
    const Vector3d point = place.axis_mm + place.radius_mm * outward;
    const Closest closest = shape.to_positive->at(point, triangle);
    triangle = closest.triangle;
    const double left = shape.wall->at(point, shape.trim.above(point)).value - closest.signed_mm;
    if (left < 0.01) break;
    place.radius_mm += 0.9 * left;
  }
  return place;
}

}  // namespace

bool has_text(const Identifier& identifier) { return !lines_of(identifier).empty(); }

std::optional<RaisedText> place_identifier(const Identifier& identifier, const SolidField::Shape& shape) {
  const std::vector<std::string> lines = lines_of(identifier);
  for (const std::string& line : lines) strokes(line);
  if (lines.empty() || !shape.wall) return std::nullopt;
  const bool posterior = identifier.identifier_place == IdentifierPlace::posterior;
  const Vector3d outward = Vector3d::UnitY() * (posterior ? -1.0 : 1.0);
  const double angle = (posterior ? 1.5 : 0.5) * std::numbers::pi;
  const Box box = bounding_box(*shape.positive);
  const double highest = shape.trim.height_and_slope(angle).first - kBelowTrimlineMm;
  const double lowest = lowest_free_height(shape, box.lowest.z());
  double letter = std::min(identifier.letter_height_mm, (highest - lowest) / RaisedText::height_mm(lines, 1.0));
  if (letter < kSmallestLetterMm) return std::nullopt;
  const double middle = highest - RaisedText::height_mm(lines, letter) / 2.0;
  const std::optional<RaisedText::Place> place = place_at(middle, outward, shape);
  if (!place) return std::nullopt;
  letter = std::min(letter, kWidestRad * place->radius_mm / RaisedText::width_mm(lines, 1.0));
  if (letter < kSmallestLetterMm) return std::nullopt;
  return RaisedText(lines, letter, *place);
}

}  // namespace fit::detail
