#pragma once

#include <utility>
#include <vector>

namespace fit::detail {

/// How values are spread over an area.
struct Spread {
  double mean = 0.0;
  double iqr = 0.0;      ///< from the first to the third quartile
  double largest = 0.0;  ///< 95 % of the area have a value that is no larger than this, either way
};

/// Of pairs of a value and its area, in any order. All zero when there is no area.
Spread spread_of(std::vector<std::pair<double, double>> values);

}  // namespace fit::detail
