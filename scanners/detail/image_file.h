#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "scanners/frame.h"

namespace fit {

/// The samples of an image file as they stand in it.
struct RawImage {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<std::uint8_t> bytes;   ///< samples of up to 8 bits
  std::vector<std::uint16_t> words;  ///< samples of 16 bits
};

enum class WordOrder { big_endian, little_endian };

/// Reads a PNG, a JPEG or a binary PGM or PPM out of memory into `image`, reusing its memory; told apart by content.
/// `pnm_order` is the order of bytes in a 16-bit PGM: the standard's, or what libfreenect writes.
/// Throws Error::bad_input with what is wrong: "the PNG ends too early". Never takes more memory than an image of
/// 64 million pixels.
void decode_image(std::string_view file, RawImage& image, WordOrder pnm_order = WordOrder::big_endian);

/// Moves grey samples into `depth` (and the size into its intrinsics, when those have none).
/// Throws Error::bad_input for an image that is not grey or of another size.
void to_depth(RawImage& image, DepthImage& depth);

/// Moves colours into `color`; grey becomes grey colours and transparency is left out.
void to_color(RawImage& image, ColorImage& color);

/// Refuses a size no image of a camera has, before anything is allocated. Throws Error::bad_input.
void check_image_size(std::int64_t width, std::int64_t height);

}  // namespace fit
