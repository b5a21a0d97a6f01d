#include <fmt/format.h>

#include <csetjmp>
#include <cstdio>
// jpeglib.h needs stdio.h before it.
#include <jpeglib.h>

#include "libfit/error.h"
#include "scanners/detail/image_codecs.h"

namespace fit {

namespace {

struct Failure {
  jpeg_error_mgr manager;
  std::jmp_buf jump;
};

void leave(j_common_ptr jpeg) { std::longjmp(reinterpret_cast<Failure*>(jpeg->err)->jump, 1); }
void ignore(j_common_ptr) {}

/// A progressive file may hold any number of scans of nothing: refuses after 100.
void watch_scans(j_common_ptr jpeg) {
  if (jpeg->is_decompressor && reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number > 100) leave(jpeg);
}

/// Nothing that has a destructor lives here: libjpeg's errors jump over it. False on a failure.
bool decode(jpeg_decompress_struct& jpeg, Failure& failure, std::string_view file, RawImage& image) {
  if (setjmp(failure.jump)) return false;
  jpeg_create_decompress(&jpeg);
  static jpeg_progress_mgr scans{watch_scans, 0, 0, 0, 0};
  jpeg.progress = &scans;
  jpeg_mem_src(&jpeg, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&jpeg, TRUE);
  image.width = static_cast<int>(jpeg.image_width);
  image.height = static_cast<int>(jpeg.image_height);
  if (image.width > 16384 || image.height > 16384 || static_cast<std::int64_t>(image.width) * image.height > 64'000'000)
    return false;
  jpeg.out_color_space = JCS_RGB;
  image.channels = 3;
  jpeg_start_decompress(&jpeg);
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  image.bytes.resize(row * static_cast<std::size_t>(image.height));
  while (jpeg.output_scanline < jpeg.output_height) {
    JSAMPROW line = image.bytes.data() + jpeg.output_scanline * row;
    jpeg_read_scanlines(&jpeg, &line, 1);
  }
  // Data that ran out or did not fit is a warning to libjpeg, which paints it grey.
  return failure.manager.num_warnings == 0;
}

}  // namespace

void decode_jpeg(std::string_view file, RawImage& image) {
  jpeg_decompress_struct jpeg{};
  Failure failure{};
  jpeg.err = jpeg_std_error(&failure.manager);
  failure.manager.error_exit = leave;
  failure.manager.output_message = ignore;
  const bool good = decode(jpeg, failure, file, image);
  jpeg_destroy_decompress(&jpeg);
  if (!good) throw Error(ErrorKind::bad_input, "a JPEG image is damaged");
}

}  // namespace fit
