#pragma once

#include <filesystem>
#include <string_view>

#include "libfit/detail/large_pages.h"

namespace fit::detail {

/// What `read_file` gives, in memory that is quick to fill.
LargeVector<char> read_large_file(const std::filesystem::path& path);

inline std::string_view view_of(const LargeVector<char>& bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace fit::detail
