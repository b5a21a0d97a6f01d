#pragma once

#include <cstddef>
#include <cstdint>

namespace fit {

/// What a count is worth where a recording gives depth as floats: 1/20 mm, up to 3.27 m.
constexpr double float_depth_mm_per_count = 0.05;

/// `count` little-endian floats in metres as counts; 0 where it is no number, not positive, or too far.
void counts_from_metres(const void* metres, std::size_t count, double mm_per_count, std::uint16_t* counts);

}  // namespace fit
