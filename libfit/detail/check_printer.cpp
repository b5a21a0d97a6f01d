#include <fmt/format.h>
#include <fmt/ranges.h>

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include "libfit/detail/print_checks.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr int kDirections = 36;  // every 5 degrees of half a turn
constexpr double kStep = std::numbers::pi / kDirections;
constexpr double kSteepest = 0.70710678118654752;  // sine of the 45 degrees that print without support
constexpr double kOnTheBed = 0.4;                  // what the first layer holds
constexpr double kMuchOverhang = 2.0;              // percent of the surface

/// How far a body reaches in the directions of half a turn, and how high it is.
struct Extents {
  std::array<double, kDirections> width_mm;
  double height_mm;

  bool fit(const Printer& printer, int turn) const {
    // Turned by an angle, the bed's x lies along the body's direction of minus that angle.
    const int along_x = (kDirections - turn) % kDirections;
    const int along_y = (along_x + kDirections / 2) % kDirections;
    return width_mm[along_x] <= printer.bed_x_mm && width_mm[along_y] <= printer.bed_y_mm &&
           height_mm <= printer.height_mm;
  }

  std::optional<int> turn_that_fits(const Printer& printer) const {
    for (int turn = 0; turn < kDirections; ++turn)
      if (fit(printer, turn)) return turn;
    return std::nullopt;
  }
};

Extents extents_of(const Mesh& body, const Eigen::Matrix3d& print_from_limb) {
  std::array<float, kDirections> lowest, highest, cosine, sine;
  lowest.fill(std::numeric_limits<float>::max());
  highest.fill(std::numeric_limits<float>::lowest());
  for (int k = 0; k < kDirections; ++k) {
    cosine[k] = static_cast<float>(std::cos(kStep * k));
    sine[k] = static_cast<float>(std::sin(kStep * k));
  }
  double bottom = std::numeric_limits<double>::max(), top = -bottom;
  for (const Vector3d& vertex : body.vertices) {
    const Vector3d point = print_from_limb * vertex;
    const float x = static_cast<float>(point.x()), y = static_cast<float>(point.y());
    for (int k = 0; k < kDirections; ++k) {
      const float along = x * cosine[k] + y * sine[k];
      lowest[k] = std::min(lowest[k], along);
      highest[k] = std::max(highest[k], along);
    }
    bottom = std::min(bottom, point.z());
    top = std::max(top, point.z());
  }
  Extents result;
  for (int k = 0; k < kDirections; ++k) result.width_mm[k] = highest[k] - lowest[k];
  result.height_mm = top - bottom;
  return result;
}

/// The block stands on the bed: nothing of a socket lies below its base, and something lies on it.
Findings check_block(const Mesh& body, const Hardware& hardware) {
  double base = std::numeric_limits<double>::max();
  for (const BlockPart& part : hardware.parts)
    if (!part.cut) base = std::min(base, part.block_from_part.translation().z());
  if (base == std::numeric_limits<double>::max()) return {};
  const Eigen::Isometry3d block_from_limb = hardware.limb_from_block.inverse();
  double lowest = std::numeric_limits<double>::max();
  for (const Vector3d& vertex : body.vertices) lowest = std::min(lowest, (block_from_limb * vertex).z());
  if (std::abs(lowest - base) < 1.0) return {};
  const Vector3d place = hardware.limb_from_block * Vector3d(0.0, 0.0, base);
  return {{"block_misplaced", Severity::forbid, {{"off_mm", std::abs(lowest - base), ""}}, place}};
}

}  // namespace

double check_size(const Mesh& body, const Vector3d& up, const Workshop& workshop, Findings& findings) {
  const Extents extents =
      extents_of(body, Eigen::Quaterniond::FromTwoVectors(up, Vector3d::UnitZ()).toRotationMatrix());
  std::vector<std::string> that_fit;
  for (const Printer& printer : workshop.printers)
    if (extents.turn_that_fits(printer)) that_fit.push_back(printer.printer_name);
  const std::string names = that_fit.empty() ? "none that is known" : fmt::format("{}", fmt::join(that_fit, ", "));
  const std::vector<FindingValue> size{{"width_mm", extents.width_mm[0], ""},
                                       {"depth_mm", extents.width_mm[kDirections / 2], ""},
                                       {"height_mm", extents.height_mm, ""},
                                       {"printers", 0.0, names}};
  const auto found = [&](const char* code, Severity severity, std::vector<FindingValue> more) {
    more.insert(more.end(), size.begin(), size.end());
    findings.push_back({code, severity, std::move(more), std::nullopt});
  };
  if (!workshop.printer) {
    if (workshop.printers.empty()) return 0.0;
    if (that_fit.empty())
      found("printers_all_too_small", Severity::warn, {});
    else
      found("printers_that_fit", Severity::note, {});
    return 0.0;
  }
  const std::optional<int> turn = extents.turn_that_fits(*workshop.printer);
  const FindingValue name{"printer", 0.0, workshop.printer->printer_name};
  if (!turn) found("printer_too_small", Severity::forbid, {name});
  if (turn.value_or(0) == 0) return 0.0;
  const double turn_deg = *turn * 180.0 / kDirections;
  found("printer_turn", Severity::note, {name, {"turn_deg", turn_deg, ""}});
  return turn_deg;
}

Findings check_overhang(const Mesh& body, const Vector3d& up) {
  double bottom = std::numeric_limits<double>::max();
  for (const Vector3d& vertex : body.vertices) bottom = std::min(bottom, up.dot(vertex));
  double area = 0.0, hanging = 0.0, lowest = std::numeric_limits<double>::max();
  Vector3d place = Vector3d::Zero();
  for (const Eigen::Vector3i& t : body.triangles) {
    const Vector3d& a = body.vertices[t[0]];
    const Vector3d normal = (body.vertices[t[1]] - a).cross(body.vertices[t[2]] - a);
    const double size = normal.norm();
    area += size;
    if (up.dot(normal) >= -kSteepest * size) continue;
    const Vector3d middle = (a + body.vertices[t[1]] + body.vertices[t[2]]) / 3.0;
    const double height = up.dot(middle);
    if (height < bottom + kOnTheBed) continue;
    hanging += size;
    if (height >= lowest) continue;
    lowest = height;
    place = middle;
  }
  const double percent = 100.0 * hanging / area;
  if (percent < kMuchOverhang) return {};
  return {{"overhang", Severity::warn, {{"percent", percent, ""}, {"area_cm2", hanging / 200.0, ""}}, place}};
}

void check_printer(const SocketCase& made, const Workshop& workshop, Checked& checked) {
  const Mesh& body = made.socket.mesh();
  const Vector3d up =
      made.hardware.parts.empty() ? Vector3d::UnitZ() : Vector3d(made.hardware.limb_from_block.linear().col(2));
  checked.print_turn_deg = check_size(body, up, workshop, checked.findings);
  for (const Findings& more : {check_overhang(body, up), check_block(body, made.hardware)})
    checked.findings.insert(checked.findings.end(), more.begin(), more.end());
}

}  // namespace fit::detail
