#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fit::detail {

enum class PlyType { int8, uint8, int16, uint16, int32, uint32, float32, float64 };
enum class PlyEncoding { ascii, little_endian, big_endian };

std::size_t size_of(PlyType type);

struct PlyProperty {
  std::string name;
  PlyType type;
  std::optional<PlyType> count_type;  ///< of a list
};

struct PlyElement {
  std::string name;
  std::uint64_t count = 0;
  std::vector<PlyProperty> properties;

  bool has_lists() const;
  /// Bytes of one item in a binary file; of its shortest form where there are lists.
  std::size_t least_bytes() const;
  /// -1 when there is no such property.
  int index_of(std::string_view property) const;
  /// Of the property that lists a face's corners; -1 when there is none.
  int index_of_corners() const;
};

struct PlyHeader {
  PlyEncoding encoding = PlyEncoding::ascii;
  std::vector<PlyElement> elements;
  std::string_view body;
};

/// Lines may end in LF, CR LF or CR. Throws (a clause) naming the line.
PlyHeader read_ply_header(std::string_view bytes);

}  // namespace fit::detail
