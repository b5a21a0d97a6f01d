#pragma once

#include <string>

#include "libfit/compare.h"
#include "libfit/landmarks.h"

namespace fit {

/// What a comparison is of, and what it can tell.
struct ComparisonPage {
  const Compared& compared;
  const Mesh& laid;  ///< the newer surface where it was laid
  std::string older_name, newer_name;
  bool of_sockets = false;           ///< a finished socket against its design: held to the figures of Sanders 2012
  double detectable_girth_mm = 5.0;  ///< a smaller change of girth may be the scanner's
  double detectable_volume_percent = 7.0;
};

/// What is acceptable of a finished socket (Sanders 2012).
inline constexpr double acceptable_mean_mm = 0.25, acceptable_iqr_mm = 0.40;

/// How a girth or a volume changed, in words without bare signs: "4.1 mm smaller", "no change that can be told".
std::string change_in_words(double change, double detectable, const std::string& unit);

/// The comparison as one HTML file that needs no network: the change in colour from four sides, and a table by station.
std::string comparison_html(const ComparisonPage& page);

}  // namespace fit
