#include "scanners/detail/depth_counts.h"

#include <cstring>

namespace fit {

void counts_from_metres(const void* metres, std::size_t count, double mm_per_count, std::uint16_t* counts) {
  const auto scale = static_cast<float>(1000.0 / mm_per_count);
  const char* from = static_cast<const char*>(metres);
  for (std::size_t i = 0; i < count; ++i) {
    float value;
    std::memcpy(&value, from + 4 * i, 4);
    const float scaled = value * scale + 0.5f;
    counts[i] = scaled >= 1.0f && scaled < 65535.0f ? static_cast<std::uint16_t>(scaled) : std::uint16_t{0};
  }
}

}  // namespace fit
