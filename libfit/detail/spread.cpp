#include "libfit/detail/spread.h"

#include <algorithm>
#include <cmath>

namespace fit::detail {

namespace {

/// The value that a share of the area stays below.
double quantile(const std::vector<std::pair<double, double>>& sorted, double share) {
  double all = 0.0, passed = 0.0;
  for (const auto& [value, area] : sorted) all += area;
  for (const auto& [value, area] : sorted)
    if ((passed += area) >= share * all) return value;
  return sorted.empty() ? 0.0 : sorted.back().first;
}

}  // namespace

Spread spread_of(std::vector<std::pair<double, double>> values) {
  double sum = 0.0, all = 0.0;
  for (const auto& [value, area] : values) {
    sum += value * area;
    all += area;
  }
  if (!(all > 0.0)) return {};
  Spread spread;
  spread.mean = sum / all;
  std::sort(values.begin(), values.end());
  spread.iqr = quantile(values, 0.75) - quantile(values, 0.25);
  for (auto& [value, area] : values) value = std::abs(value);
  std::sort(values.begin(), values.end());
  spread.largest = quantile(values, 0.95);
  return spread;
}

}  // namespace fit::detail
