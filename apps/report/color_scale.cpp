#include "apps/report/color_scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace fit {

namespace {

std::vector<Rgb> rgb(std::initializer_list<int> hexes) {
  std::vector<Rgb> colors;
  for (int h : hexes) colors.push_back(Rgb((h >> 16) & 255, (h >> 8) & 255, h & 255) / 255.0);
  return colors;
}

}  // namespace

ColorScale ColorScale::diverging(double range) {
  return {-range, range,
          rgb({0x1b4f8f, 0x2f79b5, 0x67a9cf, 0xbcd9ea, 0xffffff, 0xfcd9ad, 0xf1a340, 0xd9760f, 0xa34a00})};
}

ColorScale ColorScale::sequential(double lowest, double highest) {
  return {lowest, highest,
          rgb({0x00204d, 0x12356f, 0x3b496c, 0x575d6d, 0x707173, 0x8a8678, 0xa69d75, 0xc4b56c, 0xe4cf5b, 0xffea46})};
}

Rgb ColorScale::color(double value) const {
  if (!std::isfinite(value)) return Rgb(0.78, 0.78, 0.78);
  const double last = static_cast<double>(anchors_.size() - 1);
  const double at = std::clamp((value - lowest_) / (highest_ - lowest_), 0.0, 1.0) * last;
  const std::size_t i = std::min(static_cast<std::size_t>(at), anchors_.size() - 2);
  return anchors_[i] + (at - static_cast<double>(i)) * (anchors_[i + 1] - anchors_[i]);
}

std::vector<Rgb> ColorScale::colors(const Values& values) const {
  std::vector<Rgb> result;
  result.reserve(values.size());
  for (double value : values) result.push_back(color(value));
  return result;
}

double round_range(double value) {
  double power = 1e-3;
  for (; power < 1e6; power *= 10.0)
    for (double step : {1.0, 1.2, 1.6, 2.0, 2.4, 3.0, 4.0, 5.0, 6.0, 8.0})
      if (value <= step * power * (1.0 + 1e-9)) return step * power;
  return power;
}

std::string hex(const Rgb& color) {
  const auto byte = [&](int i) { return static_cast<int>(std::lround(255.0 * std::clamp(color[i], 0.0, 1.0))); };
  return fmt::format("#{:02x}{:02x}{:02x}", byte(0), byte(1), byte(2));
}

}  // namespace fit
