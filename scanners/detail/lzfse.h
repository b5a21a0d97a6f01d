#pragma once

#include <string>
#include <string_view>

namespace fit {

/// Unpacks LZFSE, Apple's compression (github.com/lzfse/lzfse is its description): blocks that are raw, LZVN, or LZFSE.
/// Throws Error::bad_input for damaged data and for more than `most` bytes.
std::string unpack_lzfse(std::string_view packed, std::size_t most);

}  // namespace fit
