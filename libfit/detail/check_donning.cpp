#include <numbers>

#include "libfit/detail/print_checks.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/measure.h"

namespace fit::detail {

namespace {

constexpr double kSpacing = 4.0;
constexpr double kSlight = 2.0;  // a squeeze that soft tissue is not asked about (unverified starting value)

}  // namespace

Findings check_donning(const SocketCase& made, const CheckParams& params, const Progress& progress) {
  const Mesh& positive = made.rectified.positive;
  const double lowest = bounding_box(positive).lowest.z();
  // The socket is a closed ring up to the lowest point of its trimline; above that it can give way.
  const double top = std::min(TrimSurface(made.trimline).lowest_mm(), top_mm(positive));
  std::vector<double> heights;
  for (double height = lowest + kSpacing; height < top; height += kSpacing) heights.push_back(height);
  if (heights.empty()) return {};
  const std::vector<Slice> slices = measure_at(positive, heights, progress);

  const Slice* widest = &slices.front();
  const Slice* below = widest;
  const Slice* above = widest;
  for (const Slice& slice : slices) {
    if (slice.girth_mm > widest->girth_mm) widest = &slice;
    if (widest->girth_mm - slice.girth_mm > below->girth_mm - above->girth_mm) {
      below = widest;
      above = &slice;
    }
  }
  const double squeeze = (below->girth_mm - above->girth_mm) / std::numbers::pi;
  if (squeeze <= kSlight) return {};
  const bool impossible = squeeze > params.largest_squeeze_mm;
  return {{impossible ? "donning_impossible" : "donning_tight",
           impossible ? Severity::forbid : Severity::warn,
           {{"squeeze_mm", squeeze, ""},
            {"widest_girth_mm", below->girth_mm, ""},
            {"widest_height_mm", below->height_mm, ""},
            {"narrowest_girth_mm", above->girth_mm, ""},
            {"narrowest_height_mm", above->height_mm, ""}},
           Eigen::Vector3d(0.0, 0.0, above->height_mm)}};
}

}  // namespace fit::detail
