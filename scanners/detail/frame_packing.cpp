#include "scanners/detail/frame_packing.h"

#include <zstd.h>

#include "libfit/error.h"

namespace fit {

namespace {

constexpr int fast = 1;

void pack(const std::vector<std::uint8_t>& bytes, std::string& packed) {
  packed.resize(ZSTD_compressBound(bytes.size()));
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), fast);
  if (ZSTD_isError(size)) throw Error(ErrorKind::io, "A frame could not be packed; there is too little memory.");
  packed.resize(size);
}

/// The bytes stay between calls of a thread: a new megabyte a frame costs more than unpacking it.
std::vector<std::uint8_t>& scratch(std::size_t size) {
  thread_local std::vector<std::uint8_t> bytes;
  bytes.resize(size);
  return bytes;
}

const std::vector<std::uint8_t>& unpack(std::string_view packed, std::size_t size) {
  // Zstandard packs no better than 128 kB into 4 bytes: more in a header is damage.
  if (size / 40000 > packed.size() || ZSTD_getFrameContentSize(packed.data(), packed.size()) != size)
    throw Error(ErrorKind::bad_input, "a frame is damaged");
  std::vector<std::uint8_t>& bytes = scratch(size);
  if (ZSTD_decompress(bytes.data(), size, packed.data(), packed.size()) != size)
    throw Error(ErrorKind::bad_input, "a frame is damaged");
  return bytes;
}

}  // namespace

void pack_counts(const std::vector<std::uint16_t>& counts, int width, int height, std::string& packed) {
  const auto w = static_cast<std::size_t>(width);
  const std::size_t pixels = w * static_cast<std::size_t>(height);
  std::vector<std::uint8_t>& bytes = scratch(2 * pixels);
  std::uint8_t* low = bytes.data();
  std::uint8_t* high = low + pixels;
  for (std::size_t i = 0; i < pixels; ++i) {
    const auto change = static_cast<std::int16_t>(counts[i] - (i < w ? 0 : counts[i - w]));
    const auto folded = static_cast<std::uint16_t>((change << 1) ^ (change >> 15));
    low[i] = static_cast<std::uint8_t>(folded);
    high[i] = static_cast<std::uint8_t>(folded >> 8);
  }
  pack(bytes, packed);
}

void unpack_counts(std::string_view packed, int width, int height, std::vector<std::uint16_t>& counts) {
  const auto w = static_cast<std::size_t>(width);
  const std::size_t pixels = w * static_cast<std::size_t>(height);
  const std::vector<std::uint8_t>& bytes = unpack(packed, 2 * pixels);
  counts.resize(pixels);
  const std::uint8_t* low = bytes.data();
  const std::uint8_t* high = low + pixels;
  std::uint16_t* to = counts.data();
  for (std::size_t row = 0; row < pixels; row += w) {
    const std::uint16_t* above = to + row - (row ? w : 0);
    for (std::size_t x = 0; x < w; ++x) {
      const unsigned folded = low[row + x] | high[row + x] << 8;
      const unsigned change = (folded >> 1) ^ (0u - (folded & 1u));
      to[row + x] = static_cast<std::uint16_t>((row ? above[x] : 0) + change);
    }
  }
}

void pack_colors(const std::vector<std::uint8_t>& rgb, int width, int height, std::string& packed) {
  const auto w = static_cast<std::size_t>(width);
  const std::size_t pixels = w * static_cast<std::size_t>(height);
  std::vector<std::uint8_t>& bytes = scratch(3 * pixels);
  const auto plane = [&](std::size_t i, int c) {
    const int green = rgb[3 * i + 1];
    return c == 0 ? green : rgb[3 * i + (c == 1 ? 0 : 2)] - green;
  };
  for (int c = 0; c < 3; ++c)
    for (std::size_t i = 0; i < pixels; ++i)
      bytes[static_cast<std::size_t>(c) * pixels + i] =
          static_cast<std::uint8_t>(plane(i, c) - (i < w ? 0 : plane(i - w, c)));
  pack(bytes, packed);
}

void unpack_colors(std::string_view packed, int width, int height, std::vector<std::uint8_t>& rgb) {
  const auto w = static_cast<std::size_t>(width);
  const std::size_t pixels = w * static_cast<std::size_t>(height);
  const std::vector<std::uint8_t>& bytes = unpack(packed, 3 * pixels);
  rgb.resize(3 * pixels);
  thread_local std::vector<std::uint8_t> rows;
  rows.assign(3 * w, 0);
  std::uint8_t* green = rows.data();
  std::uint8_t* red = green + w;
  std::uint8_t* blue = red + w;
  for (std::size_t row = 0; row < pixels; row += w) {
    const std::uint8_t* from = bytes.data() + row;
    std::uint8_t* to = rgb.data() + 3 * row;
    for (std::size_t x = 0; x < w; ++x) green[x] = static_cast<std::uint8_t>(green[x] + from[x]);
    for (std::size_t x = 0; x < w; ++x) red[x] = static_cast<std::uint8_t>(red[x] + from[pixels + x]);
    for (std::size_t x = 0; x < w; ++x) blue[x] = static_cast<std::uint8_t>(blue[x] + from[2 * pixels + x]);
    for (std::size_t x = 0; x < w; ++x) {
      to[3 * x] = static_cast<std::uint8_t>(red[x] + green[x]);
      to[3 * x + 1] = green[x];
      to[3 * x + 2] = static_cast<std::uint8_t>(blue[x] + green[x]);
    }
  }
}

}  // namespace fit
