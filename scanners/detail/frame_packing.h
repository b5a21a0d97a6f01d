#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fit {

/// How a recording packs images; see recording.h. `unpack_*` throw Error::bad_input for what `pack_*` did not make, and
/// never allocate more than a small multiple of what `packed` could hold.
void pack_counts(const std::vector<std::uint16_t>& counts, int width, int height, std::string& packed);
void unpack_counts(std::string_view packed, int width, int height, std::vector<std::uint16_t>& counts);
void pack_colors(const std::vector<std::uint8_t>& rgb, int width, int height, std::string& packed);
void unpack_colors(std::string_view packed, int width, int height, std::vector<std::uint8_t>& rgb);

}  // namespace fit
