#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "libfit/error.h"

namespace fit {

/// Numbers out of bytes, in order; what is not there throws Error::bad_input.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}

  std::size_t left() const { return rest_.size(); }
  bool empty() const { return rest_.empty(); }

  std::string_view take(std::uint64_t length) {
    if (length > rest_.size()) throw Error(ErrorKind::bad_input, "a record ends too early");
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return taken;
  }

  /// The next number, least significant byte first.
  template <class T>
  T little() {
    static_assert(std::endian::native == std::endian::little);
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }

  /// A text behind its 32-bit length.
  std::string_view text32() { return take(little<std::uint32_t>()); }

 private:
  std::string_view rest_;
};

/// Adds a number, least significant byte first.
template <class T>
void append_little(std::string& bytes, T value) {
  static_assert(std::endian::native == std::endian::little);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

}  // namespace fit
