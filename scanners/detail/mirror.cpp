#include "scanners/detail/mirror.h"

#include <algorithm>

namespace fit {

void unmirror(Frame& frame) {
  const auto width = static_cast<std::size_t>(frame.depth.intrinsics.width);
  for (std::size_t row = 0; width > 0 && row + width <= frame.depth.counts.size(); row += width)
    std::reverse(frame.depth.counts.begin() + static_cast<std::ptrdiff_t>(row),
                 frame.depth.counts.begin() + static_cast<std::ptrdiff_t>(row + width));
  const auto columns = static_cast<std::size_t>(frame.color.intrinsics.width);
  for (std::size_t row = 0; columns > 0 && row + 3 * columns <= frame.color.rgb.size(); row += 3 * columns)
    for (std::size_t a = 0, b = columns - 1; a < b; ++a, --b)
      std::swap_ranges(frame.color.rgb.begin() + static_cast<std::ptrdiff_t>(row + 3 * a),
                       frame.color.rgb.begin() + static_cast<std::ptrdiff_t>(row + 3 * a + 3),
                       frame.color.rgb.begin() + static_cast<std::ptrdiff_t>(row + 3 * b));
}

}  // namespace fit
