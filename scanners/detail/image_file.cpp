#include "scanners/detail/image_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "libfit/error.h"
#include "scanners/detail/image_codecs.h"

namespace fit {

namespace {

[[noreturn]] void refuse(const std::string& what) { throw Error(ErrorKind::bad_input, what); }

/// The next whole number of a PNM header, over white space and comments.
int header_number(std::string_view& rest) {
  for (;;) {
    while (!rest.empty() && std::isspace(static_cast<unsigned char>(rest.front()))) rest.remove_prefix(1);
    if (rest.empty() || rest.front() != '#') break;
    rest.remove_prefix(std::min(rest.find('\n'), rest.size()));
  }
  int number = 0;
  bool any = false;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9' && number < 100000) {
    number = 10 * number + (rest.front() - '0');
    rest.remove_prefix(1);
    any = true;
  }
  if (!any) refuse("the PNM image has no proper header");
  return number;
}

void decode_pnm(std::string_view file, RawImage& image, WordOrder order) {
  std::string_view rest = file.substr(2);
  image.channels = file[1] == '5' ? 1 : 3;
  image.width = header_number(rest);
  image.height = header_number(rest);
  const int most = header_number(rest);
  check_image_size(image.width, image.height);
  if (most < 1 || most > 65535 || rest.empty()) refuse("the PNM image has no proper header");
  rest.remove_prefix(1);
  const std::size_t samples = static_cast<std::size_t>(image.width) * image.height * image.channels;
  if (rest.size() < samples * (most > 255 ? 2 : 1)) refuse("the PNM image ends too early");
  if (most <= 255) {
    image.bytes.assign(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(samples));
    return;
  }
  image.words.resize(samples);
  std::memcpy(image.words.data(), rest.data(), 2 * samples);
  if (order == WordOrder::big_endian)
    for (std::uint16_t& word : image.words) word = static_cast<std::uint16_t>(word << 8 | word >> 8);
}

}  // namespace

void check_image_size(std::int64_t width, std::int64_t height) {
  if (width < 1 || height < 1 || width > 16384 || height > 16384 || width * height > 64'000'000)
    refuse(fmt::format("an image of {} x {} pixels is none of a depth camera", width, height));
}

void decode_image(std::string_view file, RawImage& image, WordOrder pnm_order) {
  image.bytes.clear();
  image.words.clear();
  if (file.starts_with("\x89PNG"))
    decode_png(file, image);
  else if (file.starts_with("\xff\xd8"))
    decode_jpeg(file, image);
  else if (file.starts_with("P5") || file.starts_with("P6"))
    decode_pnm(file, image, pnm_order);
  else
    refuse("an image is no PNG, JPEG, PGM or PPM");
}

void to_depth(RawImage& image, DepthImage& depth) {
  if (image.channels != 1) refuse("a depth image is in colour");
  Intrinsics& size = depth.intrinsics;
  if (size.width == 0) {
    size.width = image.width;
    size.height = image.height;
  }
  if (size.width != image.width || size.height != image.height)
    refuse(fmt::format("a depth image has {} x {} pixels where {} x {} were said", image.width, image.height,
                       size.width, size.height));
  if (!image.words.empty())
    std::swap(depth.counts, image.words);
  else
    depth.counts.assign(image.bytes.begin(), image.bytes.end());
}

void to_color(RawImage& image, ColorImage& color) {
  if (image.bytes.empty()) refuse("a colour image has 16 bits a sample");
  Intrinsics& size = color.intrinsics;
  if (size.width != image.width || size.height != image.height)
    size =
        size.width == 0 ? Intrinsics{image.width, image.height, 0, 0, 0, 0} : resized(size, image.width, image.height);
  if (image.channels == 3) {
    std::swap(color.rgb, image.bytes);
    return;
  }
  const std::size_t pixels = static_cast<std::size_t>(image.width) * image.height;
  const std::size_t stride = static_cast<std::size_t>(image.channels);
  color.rgb.resize(3 * pixels);
  for (std::size_t i = 0; i < pixels; ++i)
    for (std::size_t c = 0; c < 3; ++c) color.rgb[3 * i + c] = image.bytes[stride * i + (stride < 3 ? 0 : c)];
}

}  // namespace fit
