#include <fmt/format.h>
#include <png.h>

#include <cstring>

#include "libfit/error.h"
#include "scanners/detail/image_codecs.h"

namespace fit {

namespace {

/// What libpng reads from, and the reason when it fails: its errors jump, so they are carried here.
struct Source {
  std::string_view rest;
  char reason[80] = "";
};

void give(png_structp png, png_bytep to, png_size_t length) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (length > source->rest.size()) png_error(png, "it ends too early");
  std::memcpy(to, source->rest.data(), length);
  source->rest.remove_prefix(length);
}

void fail(png_structp png, png_const_charp reason) {
  auto* source = static_cast<Source*>(png_get_error_ptr(png));
  std::strncpy(source->reason, reason, sizeof(source->reason) - 1);
  png_longjmp(png, 1);
}

void ignore(png_structp, png_const_charp) {}

/// Nothing that has a destructor lives here: libpng's errors jump over it. False on a failure.
bool decode(png_structp png, png_infop info, RawImage& image, bool& too_large) {
  if (setjmp(png_jmpbuf(png))) return false;
  png_set_user_limits(png, 16384, 16384);
  png_set_chunk_malloc_max(png, 8'000'000);
  png_read_info(png, info);
  image.width = static_cast<int>(png_get_image_width(png, info));
  image.height = static_cast<int>(png_get_image_height(png, info));
  too_large = static_cast<std::int64_t>(image.width) * image.height > 64'000'000;
  if (too_large) return false;
  const bool deep = png_get_bit_depth(png, info) == 16;
  png_set_expand(png);
  if (deep) png_set_swap(png);
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  image.channels = png_get_channels(png, info);
  const std::size_t samples = static_cast<std::size_t>(image.width) * image.height * image.channels;
  const std::size_t row = png_get_rowbytes(png, info);
  if (deep)
    image.words.resize(samples);
  else
    image.bytes.resize(samples);
  auto* start = deep ? reinterpret_cast<png_bytep>(image.words.data()) : image.bytes.data();
  for (int pass = 0; pass < passes; ++pass)
    for (int y = 0; y < image.height; ++y) png_read_row(png, start + static_cast<std::size_t>(y) * row, nullptr);
  return true;
}

}  // namespace

void decode_png(std::string_view file, RawImage& image) {
  Source source{file};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  bool too_large = false;
  bool good = false;
  if (info) {
    png_set_read_fn(png, &source, give);
    // A depth camera's checksums are trusted no less than its pixels: damage shows as an error of inflating.
    png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
    good = decode(png, info, image, too_large);
  }
  png_destroy_read_struct(&png, &info, nullptr);
  if (too_large) check_image_size(image.width, image.height);
  if (!good) throw Error(ErrorKind::bad_input, fmt::format("a PNG image is damaged ({})", source.reason));
}

}  // namespace fit
