#pragma once

#include <cstddef>
#include <cstdint>

namespace fit {

/// A row of YUV 4:2:2 (Y U Y V, or U Y V Y) of `width` pixels as red, green, blue (BT.601, full range: what cameras on
/// USB send).
void rgb_from_yuv422(const std::uint8_t* row, std::size_t width, bool u_first, std::uint8_t* rgb);

}  // namespace fit
