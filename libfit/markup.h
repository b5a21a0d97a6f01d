#pragma once

#include <string>
#include <string_view>

namespace fit {

/// Text as it may stand in XML and HTML, between tags or in an attribute's quotes: the five signs of markup as
/// entities, control characters as spaces, bytes that are not UTF-8 as U+FFFD.
std::string escaped(std::string_view text);

}  // namespace fit
