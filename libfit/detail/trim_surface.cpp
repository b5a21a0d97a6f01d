#include "libfit/detail/trim_surface.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

/// Below this distance from the axis the surface levels out.
constexpr double kAxisRadiusMm = 15.0;
constexpr double kTurn = 2.0 * std::numbers::pi;

/// The cubic of one span of a periodic Catmull-Rom curve, as Bezier ordinates: the curve lies within their range.
std::array<double, 4> span(const std::vector<double>& height, std::size_t k) {
  const std::size_t n = height.size();
  const double before = height[(k + n - 1) % n], from = height[k], to = height[(k + 1) % n],
               after = height[(k + 2) % n];
  return {from, from + (to - before) / 6.0, to - (after - from) / 6.0, to};
}

}  // namespace

TrimSurface::TrimSurface(const Trimline& trimline) : height_(trimline.height_mm) {
  const std::size_t n = height_.size();
  if (n < 3) throw Error(ErrorKind::bad_params, "The trimline has fewer than 3 heights; give one every few degrees.");
  double sum = 0.0;
  for (const double height : height_) {
    if (!std::isfinite(height)) throw Error(ErrorKind::bad_params, "The trimline has a height that is not a number.");
    sum += height;
  }
  mean_ = sum / static_cast<double>(n);
  lowest_ = highest_ = mean_;
  double steepest_turn = 0.0;
  for (std::size_t k = 0; k < n; ++k) {
    const std::array<double, 4> b = span(height_, k);
    for (int i = 0; i < 4; ++i) {
      lowest_ = std::min(lowest_, b[i]);
      highest_ = std::max(highest_, b[i]);
      if (i > 0)
        steepest_turn = std::max(steepest_turn, 3.0 * std::abs(b[i] - b[i - 1]) * static_cast<double>(n) / kTurn);
    }
  }
  // x smooth_step(x) / x <= 1.125, the slope of smooth_step <= 1.5.
  const double around = 1.125 * steepest_turn / kAxisRadiusMm;
  const double outward = 1.5 * std::max(highest_ - mean_, mean_ - lowest_) / kAxisRadiusMm;
  steepest_ = std::sqrt(1.0 + around * around + outward * outward);
}

std::pair<double, double> TrimSurface::height_and_slope(double angle_rad) const {
  const double n = static_cast<double>(height_.size());
  double turns = angle_rad / kTurn;
  turns -= std::floor(turns);
  const double at = turns * n;
  const std::size_t k = std::min(static_cast<std::size_t>(at), height_.size() - 1);
  const double u = at - static_cast<double>(k);
  const double v = 1.0 - u;
  const std::array<double, 4> b = span(height_, k);
  const double height = v * v * v * b[0] + 3.0 * v * v * u * b[1] + 3.0 * v * u * u * b[2] + u * u * u * b[3];
  const double slope = 3.0 * (v * v * (b[1] - b[0]) + 2.0 * v * u * (b[2] - b[1]) + u * u * (b[3] - b[2]));
  return {height, slope * n / kTurn};
}

Jet TrimSurface::above(const Vector3d& point_mm) const {
  const double radius = std::hypot(point_mm.x(), point_mm.y());
  if (lowest_ == highest_ || radius == 0.0) return {point_mm.z() - mean_, Vector3d::UnitZ()};
  const auto [height, slope] = height_and_slope(std::atan2(point_mm.y(), point_mm.x()));
  const Vector3d outward(point_mm.x() / radius, point_mm.y() / radius, 0.0);
  const Vector3d around(-outward.y(), outward.x(), 0.0);
  const Jet share = smooth_step(Jet(radius / kAxisRadiusMm, outward / kAxisRadiusMm));
  const Jet surface = Jet(mean_) + share * Jet(height - mean_, around * (slope / radius));
  const Vector3d upward = Vector3d::UnitZ() - surface.gradient;
  const double steepness = upward.norm();
  return {(point_mm.z() - surface.value) / steepness, upward / steepness};
}

Interval TrimSurface::above_within(const Vector3d& center_mm, double radius_mm) const {
  double low = lowest_, high = highest_;
  const double from_axis = std::hypot(center_mm.x(), center_mm.y());
  const bool away = from_axis > 1.5 * radius_mm && from_axis - radius_mm > kAxisRadiusMm;
  if (away && lowest_ < highest_) {
    const double n = static_cast<double>(height_.size());
    const double half = std::asin(radius_mm / from_axis) / kTurn * n;
    const double at = std::atan2(center_mm.y(), center_mm.x()) / kTurn * n;
    const long first = std::lround(std::floor(at - half)), last = std::lround(std::floor(at + half));
    low = 1e300;
    high = -1e300;
    const long count = static_cast<long>(height_.size());
    for (long k = first; k <= last && k < first + count; ++k) {
      const std::array<double, 4> b = span(height_, static_cast<std::size_t>(((k % count) + count) % count));
      low = std::min({low, b[0], b[1], b[2], b[3]});
      high = std::max({high, b[0], b[1], b[2], b[3]});
    }
  }
  // The steepness divides by 1 to `steepest_`.
  const double below = center_mm.z() - radius_mm - high, over = center_mm.z() + radius_mm - low;
  return {below > 0.0 ? below / steepest_ : below, over < 0.0 ? over / steepest_ : over};
}

}  // namespace fit::detail
