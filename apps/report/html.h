#pragma once

#include <string>
#include <string_view>

#include "libfit/markup.h"

namespace fit {

/// RFC 4648.
std::string base64(std::string_view bytes);

}  // namespace fit
