#include "libfit/detail/raised_text.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

namespace fit::detail {

namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;

/// Half the flat top of a stroke, and the width of either side.
constexpr double kFlatMm = 0.6;
constexpr double kSideMm = 0.8;
constexpr double kLineAdvance = 9.5;  ///< in the font's units

double longest(const std::vector<std::string>& lines) {
  std::size_t longest = 1;
  for (const std::string& line : lines) longest = std::max(longest, line.size());
  return static_cast<double>(longest);
}

}  // namespace

double RaisedText::width_mm(const std::vector<std::string>& lines, double letter_height_mm) {
  return (longest(lines) * kLetterAdvance - 2.0) * letter_height_mm / kLetterHeight;
}

double RaisedText::height_mm(const std::vector<std::string>& lines, double letter_height_mm) {
  return ((static_cast<double>(lines.size()) - 1.0) * kLineAdvance + kLetterHeight) * letter_height_mm / kLetterHeight;
}

RaisedText::RaisedText(const std::vector<std::string>& lines, double letter_height_mm, const Place& place)
    : place_(place), right_(Vector3d::UnitZ().cross(place.outward)) {
  const double unit = letter_height_mm / kLetterHeight;
  const double height = height_mm(lines, letter_height_mm);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Vector2d corner(-width_mm({lines[i]}, letter_height_mm) / 2.0,
                          height / 2.0 - letter_height_mm - static_cast<double>(i) * kLineAdvance * unit);
    for (const Stroke& stroke : strokes(lines[i]))
      strokes_.push_back({corner + unit * stroke.from, corner + unit * stroke.to});
  }
  half_size_ = Vector2d(width_mm(lines, letter_height_mm), height) / 2.0 + Vector2d::Constant(kFlatMm + kSideMm);
  middle_ = place.axis_mm + place.radius_mm * place.outward;
  // The surface may lie nearer to the axis or farther from it than at the text's middle.
  reach_ = half_size_.norm() + 20.0;
}

Jet RaisedText::at(const Vector3d& point_mm) const {
  const double up = point_mm.z() - place_.axis_mm.z();
  if (std::abs(up) > half_size_.y() || (point_mm - middle_).squaredNorm() > reach_ * reach_) return Jet(0.0);
  const Vector3d from_axis = point_mm - place_.axis_mm;
  const double ahead = from_axis.dot(place_.outward), beside = from_axis.dot(right_);
  const double along = place_.radius_mm * std::atan2(beside, ahead);
  if (std::abs(along) > half_size_.x()) return Jet(0.0);
  double nearest = 1e300;
  Vector2d away(0.0, 0.0);
  for (const Stroke& stroke : strokes_) {
    const Vector2d line = stroke.to - stroke.from, to_point = Vector2d(along, up) - stroke.from;
    const double share = std::clamp(to_point.dot(line) / line.squaredNorm(), 0.0, 1.0);
    const Vector2d gap = to_point - share * line;
    if (gap.squaredNorm() >= nearest) continue;
    nearest = gap.squaredNorm();
    away = gap;
  }
  nearest = std::sqrt(nearest);
  if (nearest >= kFlatMm + kSideMm) return Jet(0.0);
  if (nearest <= kFlatMm) return Jet(kRaisedMm);
  const double slope = -kRaisedMm / kSideMm;
  const double squared = ahead * ahead + beside * beside;
  const Vector3d around = (ahead * right_ - beside * place_.outward) * (place_.radius_mm / squared);
  const Vector3d gradient = (away.x() * around + away.y() * Vector3d::UnitZ()) * (slope / nearest);
  return {kRaisedMm + slope * (nearest - kFlatMm), gradient};
}

Interval RaisedText::within(const Vector3d& center_mm, double radius_mm) const {
  const bool away = std::abs(center_mm.z() - place_.axis_mm.z()) > half_size_.y() + radius_mm ||
                    (center_mm - middle_).norm() > reach_ + radius_mm;
  return {0.0, away ? 0.0 : kRaisedMm};
}

}  // namespace fit::detail
