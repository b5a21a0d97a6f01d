#include "libfit/units.h"

#include <algorithm>
#include <cmath>

#include "libfit/error.h"

namespace fit {

namespace {

constexpr std::array all_units{Unit::millimetre, Unit::centimetre, Unit::metre, Unit::inch};

// A residual limb, and the room around it that a scanner may have seen.
constexpr double shortest_mm = 80.0;
constexpr double longest_mm = 2000.0;

/// Longest first: between the 0.5 % lowest and highest vertices along each axis, so that a crumb far away does not
/// count.
Eigen::Vector3d extents_of(const Mesh& scan) {
  Eigen::Vector3d extents;
  std::vector<double> coordinates(scan.vertices.size());
  const auto rim = static_cast<std::ptrdiff_t>(coordinates.size() / 200);
  for (int axis = 0; axis < 3; ++axis) {
    std::ranges::transform(scan.vertices, coordinates.begin(), [axis](const Eigen::Vector3d& v) { return v[axis]; });
    const auto low = coordinates.begin() + rim;
    const auto high = coordinates.end() - 1 - rim;
    std::nth_element(coordinates.begin(), low, coordinates.end());
    const double lowest = *low;
    std::nth_element(coordinates.begin(), high, coordinates.end());
    extents[axis] = *high - lowest;
  }
  std::sort(extents.begin(), extents.end(), std::greater<>());
  return extents;
}

bool is_of_a_limb(double length_mm) { return length_mm >= shortest_mm && length_mm <= longest_mm; }

/// How far a size is from that of a common limb, about 280 mm long and 120 mm wide (widths vary less than lengths).
double strangeness(const Eigen::Vector3d& extents_mm) {
  const double length = std::log(extents_mm[0] / 280.0);
  const double width = std::log(std::max(extents_mm[1], 1.0) / 120.0);
  return length * length + 4.0 * width * width;
}

std::optional<Unit> likely_unit(const Eigen::Vector3d& extents) {
  if (is_of_a_limb(extents[0])) return Unit::millimetre;
  std::optional<Unit> likely;
  for (Unit unit : all_units) {
    const double mm = millimetres_in(unit);
    if (!is_of_a_limb(mm * extents[0])) continue;
    if (!likely || strangeness(mm * extents) < strangeness(millimetres_in(*likely) * extents)) likely = unit;
  }
  return likely;
}

Finding finding(const char* code, Severity severity, Unit unit, double length) {
  return {code,
          severity,
          {{"unit", 0.0, std::string(name_of(unit))}, {"length_mm", length * millimetres_in(unit), {}}},
          {}};
}

}  // namespace

double millimetres_in(Unit unit) {
  switch (unit) {
    case Unit::millimetre:
      return 1.0;
    case Unit::centimetre:
      return 10.0;
    case Unit::metre:
      return 1000.0;
    case Unit::inch:
      return 25.4;
  }
  return 1.0;
}

InMillimetres to_millimetres(Mesh scan, std::optional<Unit> declared, const UnitsParams& params) {
  if (scan.vertices.empty()) throw Error(ErrorKind::bad_input, "The scan has no vertices.");
  const Eigen::Vector3d extents = extents_of(scan);
  const std::optional<Unit> said = params.units ? params.units : declared;
  const std::optional<Unit> likely = likely_unit(extents);
  InMillimetres result{std::move(scan), said ? *said : likely.value_or(Unit::millimetre), {}};
  const double mm = millimetres_in(result.unit);
  if (said && !is_of_a_limb(mm * extents[0])) {
    Finding doubt = finding("units_doubtful", Severity::warn, *said, extents[0]);
    doubt.values.push_back({"likely", 0.0, likely ? std::string(name_of(*likely)) : "no unit"});
    result.findings.push_back(doubt);
  } else if (!said && !likely) {
    result.findings.push_back(
        {"units_unknown", Severity::forbid, {{"size", 0.0, fmt::format("{:.4g}", extents[0])}}, {}});
  }
  if (result.unit == Unit::millimetre) return result;
  result.findings.push_back(
      finding("units_converted", said ? Severity::note : Severity::warn, result.unit, extents[0]));
  for (Eigen::Vector3d& vertex : result.mesh.vertices) vertex *= mm;
  return result;
}

}  // namespace fit
