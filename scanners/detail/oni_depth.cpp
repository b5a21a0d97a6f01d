#include "scanners/detail/oni_depth.h"

#include "libfit/error.h"
#include "scanners/detail/bytes.h"

namespace fit {

namespace {

class Unpacker {
 public:
  Unpacker(std::vector<std::uint16_t>& counts, const std::vector<std::uint16_t>& table)
      : counts_(counts), table_(table) {}

  void put(unsigned value) {
    value_ = static_cast<std::uint16_t>(value);
    if (filled_ == counts_.size()) throw Error(ErrorKind::bad_input, "a depth image is too long");
    if (!table_.empty() && value_ >= table_.size()) throw Error(ErrorKind::bad_input, "a depth image is damaged");
    counts_[filled_++] = table_.empty() ? value_ : table_[value_];
  }
  void less(int difference) { put(static_cast<unsigned>(value_ - difference)); }
  void repeat(int pairs) {
    for (int i = 0; i < 2 * pairs; ++i) put(value_);
  }
  /// A difference of up to 63 in one byte (over 127), or a value in two, the high byte first.
  void large(Bytes& bytes) {
    const auto first = bytes.little<std::uint8_t>();
    if (first & 0x80)
      less(first - 192);
    else
      put(static_cast<unsigned>(first << 8 | bytes.little<std::uint8_t>()));
  }
  bool full() const { return filled_ == counts_.size(); }

 private:
  std::vector<std::uint16_t>& counts_;
  const std::vector<std::uint16_t>& table_;
  std::size_t filled_ = 0;
  std::uint16_t value_ = 0;
};

}  // namespace

void unpack_oni_depth(std::string_view packed, bool with_table, std::vector<std::uint16_t>& counts) {
  Bytes bytes(packed);
  std::vector<std::uint16_t> table;
  if (with_table) {
    const auto size = bytes.little<std::uint16_t>();
    const std::string_view values = bytes.take(2u * size);
    table.resize(size);
    std::memcpy(table.data(), values.data(), values.size());
    if (table.empty()) throw Error(ErrorKind::bad_input, "a depth image has an empty table");
  }
  Unpacker unpacker(counts, table);
  unpacker.put(bytes.little<std::uint16_t>());
  while (!bytes.empty()) {
    const auto byte = bytes.little<std::uint8_t>();
    if (byte == 0xff) {
      unpacker.large(bytes);
    } else if (byte >= 0xe0) {
      unpacker.repeat(byte - 0xe0);
    } else {
      unpacker.less((byte >> 4) - 6);
      const int second = byte & 0x0f;
      if (second == 0x0f)
        unpacker.large(bytes);
      else if (second != 0x0d)  // 13 is the end
        unpacker.less(second - 6);
    }
  }
  if (!unpacker.full()) throw Error(ErrorKind::bad_input, "a depth image is too short");
}

}  // namespace fit
