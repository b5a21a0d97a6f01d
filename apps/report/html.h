#pragma once

#include <string>
#include <string_view>

namespace fit {

/// Text made safe to stand in HTML, in an element or between double quotes. Bytes that are not UTF-8 become U+FFFD.
std::string escaped(std::string_view text);

std::string base64(std::string_view bytes);

}  // namespace fit
