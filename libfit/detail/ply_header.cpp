#include "libfit/detail/ply_header.h"

#include <algorithm>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

PlyType read_type(TextCursor& text) {
  static constexpr std::string_view names[][2] = {{"char", "int8"},     {"uchar", "uint8"},   {"short", "int16"},
                                                  {"ushort", "uint16"}, {"int", "int32"},     {"uint", "uint32"},
                                                  {"float", "float32"}, {"double", "float64"}};
  const std::string_view name = text.word();
  for (int i = 0; i < 8; ++i)
    if (name == names[i][0] || name == names[i][1]) return static_cast<PlyType>(i);
  refuse("its header's line {} has the unknown type '{}'", text.line_number(), shown(name));
}

PlyEncoding read_encoding(TextCursor& text) {
  const std::string_view name = text.word();
  if (name == "ascii") return PlyEncoding::ascii;
  if (name == "binary_little_endian") return PlyEncoding::little_endian;
  if (name == "binary_big_endian") return PlyEncoding::big_endian;
  refuse("its header's format '{}' is unknown", shown(name));
}

PlyElement read_element(TextCursor& text) {
  PlyElement element;
  element.name = text.word();
  std::int64_t count;
  if (!text.whole(count) || count < 0) refuse("its header's line {} has no number of elements", text.line_number());
  element.count = static_cast<std::uint64_t>(count);
  return element;
}

PlyProperty read_property(TextCursor& text) {
  PlyProperty property;
  TextCursor ahead = text;
  if (ahead.word() == "list") {
    text = ahead;
    property.count_type = read_type(text);
    if (*property.count_type >= PlyType::float32)
      refuse("its header's line {} counts a list in fractions", text.line_number());
  }
  property.type = read_type(text);
  property.name = text.word();
  if (property.name.empty()) refuse("its header's line {} has a property without a name", text.line_number());
  return property;
}

}  // namespace

std::size_t size_of(PlyType type) {
  static constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 8};
  return sizes[static_cast<int>(type)];
}

bool PlyElement::has_lists() const {
  return std::ranges::any_of(properties, [](const PlyProperty& property) { return property.count_type.has_value(); });
}

std::size_t PlyElement::least_bytes() const {
  std::size_t bytes = 0;
  for (const PlyProperty& property : properties) bytes += size_of(property.count_type.value_or(property.type));
  return bytes;
}

int PlyElement::index_of(std::string_view property) const {
  const auto found = std::ranges::find(properties, property, &PlyProperty::name);
  return found == properties.end() ? -1 : static_cast<int>(found - properties.begin());
}

int PlyElement::index_of_corners() const {
  for (std::string_view known : {"vertex_indices", "vertex_index"}) {
    const int index = index_of(known);
    if (index >= 0 && properties[index].count_type) return index;
  }
  return -1;
}

PlyHeader read_ply_header(std::string_view bytes) {
  PlyHeader header;
  TextCursor text(bytes);
  bool has_format = false;
  for (text.next_line();; text.next_line()) {
    if (text.at_end()) refuse("its header has no end; it was cut off or is damaged");
    const std::string_view word = text.word();
    if (word == "end_header") break;
    if (word == "format") {
      header.encoding = read_encoding(text);
      has_format = true;
    } else if (word == "element") {
      header.elements.push_back(read_element(text));
    } else if (word == "property") {
      if (header.elements.empty()) refuse("its header's line {} has a property of nothing", text.line_number());
      header.elements.back().properties.push_back(read_property(text));
    } else if (!word.empty() && word != "comment" && word != "obj_info") {
      refuse("its header's line {} has the unknown word '{}'", text.line_number(), shown(word));
    }
  }
  if (!has_format) refuse("its header does not say its format");
  text.next_line();
  header.body = bytes.substr(static_cast<std::size_t>(text.position() - bytes.data()));
  return header;
}

}  // namespace fit::detail
