#include "libfit/detail/radial_map.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr int kAngles = 64;
constexpr double kTurn = 2.0 * std::numbers::pi;

double cross(const Eigen::Vector2d& a, const Eigen::Vector2d& b) { return a.x() * b.y() - a.y() * b.x(); }

/// Distance from the origin to the segment from a to b in a direction; negative when it does not pass.
double distance_to(const Eigen::Vector2d& a, const Eigen::Vector2d& b, const Eigen::Vector2d& direction) {
  const Eigen::Vector2d along = b - a;
  const double across = cross(direction, along);
  return across == 0.0 ? a.dot(direction) : cross(a, along) / across;
}

std::array<double, kAngles> radii(const Outline& outline) {
  std::array<double, kAngles> radius{};
  const auto& points = outline.points;
  std::vector<double> angle(points.size());
  for (std::size_t i = 0; i < points.size(); ++i) angle[i] = std::atan2(points[i].y(), points[i].x());
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::size_t next = i + 1 == points.size() ? 0 : i + 1;
    if (next == 0 && !outline.closed) break;
    const double swept = std::remainder(angle[next] - angle[i], kTurn);
    const double first = swept >= 0.0 ? angle[i] : angle[i] + swept;
    const int last = static_cast<int>(std::floor((first + std::abs(swept)) * kAngles / kTurn));
    for (int k = static_cast<int>(std::ceil(first * kAngles / kTurn)); k <= last; ++k) {
      const double a = kTurn * k / kAngles;
      double& at = radius[((k % kAngles) + kAngles) % kAngles];
      at = std::max(at, distance_to(points[i], points[next], {std::cos(a), std::sin(a)}));
    }
  }
  return radius;
}

RadialMap::Harmonics harmonics(const std::array<double, kAngles>& radius) {
  RadialMap::Harmonics result{};
  for (int order = 0; order < RadialMap::kHarmonics; ++order) {
    for (int k = 0; k < kAngles; ++k) result[order] += radius[k] * std::polar(1.0, -kTurn * order * k / kAngles);
    result[order] /= kAngles;
  }
  return result;
}

std::vector<std::array<double, kAngles>> radii_between(const Mesh& surface, double lowest, double top, double spacing) {
  const int count = static_cast<int>(std::ceil((top - lowest) / spacing));
  if (count < 10 || count > 10000)
    throw Error(ErrorKind::bad_input,
                "The limb is too short or too long for a limb: check the scan's units, or scan more of it.");
  std::vector<double> heights;
  for (int i = 0; i < count; ++i) heights.push_back(lowest + i * spacing);
  const auto sections = cross_sections(surface, heights);
  std::vector<std::array<double, kAngles>> rows(sections.size());
  parallel_for(rows.size(), 8, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      if (const Outline* skin = largest(sections[i])) rows[i] = radii(*skin);
  });
  return rows;
}

}  // namespace

RadialMap::RadialMap(const Mesh& surface, double distal_mm, double top_mm, double spacing_mm)
    : lowest_(distal_mm + spacing_mm), spacing_(spacing_mm) {
  for (const auto& row : radii_between(surface, lowest_, top_mm, spacing_)) rows_.push_back(harmonics(row));
}

Mesh sampled_skin(const Mesh& surface, double distal_mm, double top_mm) {
  const double spacing = 2.5;
  const auto rows = radii_between(surface, distal_mm + 0.4 * spacing, top_mm, spacing);
  Mesh tube;
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (int k = 0; k < kAngles; ++k)
      tube.vertices.emplace_back(rows[row][k] * std::cos(kTurn * k / kAngles),
                                 rows[row][k] * std::sin(kTurn * k / kAngles),
                                 distal_mm + (0.4 + static_cast<double>(row)) * spacing);
  const int pole = static_cast<int>(tube.vertices.size());
  tube.vertices.emplace_back(0.0, 0.0, distal_mm);
  for (int k = 0; k < kAngles; ++k) tube.vertices.back().head<2>() += tube.vertices[k].head<2>() / kAngles;
  for (int k = 0; k < kAngles; ++k) {
    const int next = (k + 1) % kAngles;
    tube.triangles.emplace_back(pole, next, k);
    for (int a = k, b = next; a + kAngles < pole; a += kAngles, b += kAngles) {
      tube.triangles.emplace_back(a, b, b + kAngles);
      tube.triangles.emplace_back(a, b + kAngles, a + kAngles);
    }
  }
  return tube;
}

RadialMap::Harmonics RadialMap::at(double height_mm) const {
  const double place = std::clamp((height_mm - lowest_) / spacing_, 0.0, static_cast<double>(rows_.size() - 1));
  const std::size_t row = std::min(static_cast<std::size_t>(place), rows_.size() - 2);
  const double share = place - static_cast<double>(row);
  Harmonics result;
  for (int k = 0; k < kHarmonics; ++k) result[k] = (1.0 - share) * rows_[row][k] + share * rows_[row + 1][k];
  return result;
}

std::optional<Eigen::Vector3d> skin_at(const Mesh& surface, double height_mm, double angle) {
  const auto sections = cross_sections(surface, {height_mm});
  const Outline* skin = largest(sections[0]);
  if (!skin) return std::nullopt;
  const Eigen::Vector2d direction(std::cos(angle), std::sin(angle));
  double farthest = -1.0;
  const auto& points = skin->points;
  for (std::size_t i = skin->closed ? 0 : 1; i < points.size(); ++i) {
    const Eigen::Vector2d& a = points[i == 0 ? points.size() - 1 : i - 1];
    if ((cross(direction, a) > 0.0) == (cross(direction, points[i]) > 0.0)) continue;
    farthest = std::max(farthest, distance_to(a, points[i], direction));
  }
  if (farthest <= 0.0) return std::nullopt;
  return Eigen::Vector3d(farthest * direction.x(), farthest * direction.y(), height_mm);
}

}  // namespace fit::detail
