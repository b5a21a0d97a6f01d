#include "scanners/detail/yuv.h"

#include <algorithm>

namespace fit {

namespace {

std::uint8_t clamped(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

}  // namespace

void rgb_from_yuv422(const std::uint8_t* row, std::size_t width, bool u_first, std::uint8_t* rgb) {
  const std::size_t luma = u_first ? 1 : 0;
  const std::size_t chroma = 1 - luma;
  for (std::size_t x = 0; x < width; ++x) {
    const std::uint8_t* pair = row + (x / 2) * 4;
    const bool whole = x / 2 * 2 + 1 < width;  // the last pixel of an odd row has no V of its own
    const int y = pair[luma + (x % 2) * 2];
    const int u = pair[chroma] - 128;
    const int v = whole ? pair[chroma + 2] - 128 : 0;
    rgb[3 * x] = clamped(y + (359 * v) / 256);
    rgb[3 * x + 1] = clamped(y - (88 * u + 183 * v) / 256);
    rgb[3 * x + 2] = clamped(y + (454 * u) / 256);
  }
}

}  // namespace fit
