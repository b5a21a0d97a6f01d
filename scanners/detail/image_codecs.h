#pragma once

#include <string_view>

#include "scanners/detail/image_file.h"

/// The libraries behind `decode_image`, a file each. Both throw Error::bad_input.
namespace fit {

void decode_png(std::string_view file, RawImage& image);
void decode_jpeg(std::string_view file, RawImage& image);

}  // namespace fit
