#include <bit>
#include <cmath>
#include <cstring>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/polygons.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

enum class Type { int8, uint8, int16, uint16, int32, uint32, float32, float64 };
enum class Encoding { ascii, little_endian, big_endian };

std::size_t size_of(Type type) {
  static constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 8};
  return sizes[static_cast<int>(type)];
}

std::optional<Type> type_named(std::string_view name) {
  static constexpr std::string_view names[][2] = {{"char", "int8"},     {"uchar", "uint8"},   {"short", "int16"},
                                                  {"ushort", "uint16"}, {"int", "int32"},     {"uint", "uint32"},
                                                  {"float", "float32"}, {"double", "float64"}};
  for (int i = 0; i < 8; ++i)
    if (name == names[i][0] || name == names[i][1]) return static_cast<Type>(i);
  return {};
}

struct Property {
  std::string name;
  Type type;
  std::optional<Type> count_type;  ///< of a list
};

struct Element {
  std::string name;
  std::uint64_t count = 0;
  std::vector<Property> properties;

  bool has_lists() const {
    for (const Property& property : properties)
      if (property.count_type) return true;
    return false;
  }
  /// Bytes of one item in a binary file; of its shortest form where there are lists.
  std::size_t least_bytes() const {
    std::size_t bytes = 0;
    for (const Property& property : properties) bytes += size_of(property.count_type.value_or(property.type));
    return bytes;
  }
  int index_of(std::string_view property) const {
    for (std::size_t i = 0; i < properties.size(); ++i)
      if (properties[i].name == property) return static_cast<int>(i);
    return -1;
  }
};

struct Header {
  Encoding encoding = Encoding::ascii;
  std::vector<Element> elements;
  std::string_view body;
};

Type read_type(TextCursor& text) {
  const std::string_view name = text.word();
  const std::optional<Type> type = type_named(name);
  if (!type) refuse("its header's line {} has the unknown type '{}'", text.line_number(), shown(name));
  return *type;
}

void read_property(TextCursor& text, Header& header) {
  if (header.elements.empty()) refuse("its header's line {} has a property of nothing", text.line_number());
  Property property;
  TextCursor ahead = text;
  if (ahead.word() == "list") {
    text = ahead;
    property.count_type = read_type(text);
    if (*property.count_type >= Type::float32)
      refuse("its header's line {} counts a list in fractions", text.line_number());
  }
  property.type = read_type(text);
  property.name = text.word();
  if (property.name.empty()) refuse("its header's line {} has a property without a name", text.line_number());
  header.elements.back().properties.push_back(std::move(property));
}

Encoding read_encoding(TextCursor& text) {
  const std::string_view name = text.word();
  if (name == "ascii") return Encoding::ascii;
  if (name == "binary_little_endian") return Encoding::little_endian;
  if (name == "binary_big_endian") return Encoding::big_endian;
  refuse("its header's format '{}' is unknown", shown(name));
}

Header read_header(std::string_view bytes) {
  Header header;
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
      Element element;
      element.name = text.word();
      std::int64_t count = 0;
      if (!text.whole(count) || count < 0) refuse("its header's line {} has no number of elements", text.line_number());
      element.count = static_cast<std::uint64_t>(count);
      header.elements.push_back(std::move(element));
    } else if (word == "property") {
      read_property(text, header);
    } else if (!word.empty() && word != "comment" && word != "obj_info") {
      refuse("its header's line {} has the unknown word '{}'", text.line_number(), shown(word));
    }
  }
  if (!has_format) refuse("its header does not say its format");
  text.next_line();
  header.body = bytes.substr(static_cast<std::size_t>(text.position() - bytes.data()));
  return header;
}

/// Reads the numbers of a file's body one after the other, in its encoding.
class Body {
 public:
  Body(std::string_view bytes, std::string_view body, Encoding encoding)
      : encoding_(encoding), text_(bytes), at_(body.data()), end_(body.data() + body.size()) {
    text_.move_to(at_);
  }

  bool is_ascii() const { return encoding_ == Encoding::ascii; }
  std::size_t left() const { return is_ascii() ? text_.left() : static_cast<std::size_t>(end_ - at_); }

  void begin_item(const Element& element, std::uint64_t item) {
    if (is_ascii() && !text_.find_content()) end_early(element, item);
    element_ = &element;
    item_ = item;
  }
  void end_item() {
    if (is_ascii()) text_.next_line();
  }

  double number(Type type) {
    if (is_ascii()) {
      double value;
      if (text_.number(value)) return value;
      const std::size_t line = text_.line_number();
      const std::string_view word = text_.word();
      if (word.empty()) refuse("its line {} has too few numbers", line);
      refuse("its line {} has '{}' where a number should be", line, shown(word));
    }
    switch (type) {
      case Type::int8:
        return binary<std::int8_t>();
      case Type::uint8:
        return binary<std::uint8_t>();
      case Type::int16:
        return binary<std::int16_t>();
      case Type::uint16:
        return binary<std::uint16_t>();
      case Type::int32:
        return binary<std::int32_t>();
      case Type::uint32:
        return binary<std::uint32_t>();
      case Type::float32:
        return binary<float>();
      case Type::float64:
        break;
    }
    return binary<double>();
  }

  /// The length of a list whose items are of type `item`; it fits into what is left of the file.
  std::size_t list_length(Type count_type, Type item) {
    const double length = number(count_type);
    const double room = static_cast<double>(left() / (is_ascii() ? 1 : size_of(item)));
    if (!(length >= 0.0) || length != std::floor(length) || length > room)
      refuse("its {} {} says that it lists {} numbers, more than the file holds", element_->name, item_ + 1, length);
    return static_cast<std::size_t>(length);
  }

  /// A whole number; -2^63 stands for what is none.
  std::int64_t whole(Type type) {
    const double value = number(type);
    if (!(std::abs(value) < 9e15) || value != std::floor(value))
      refuse("its {} {} has {} where a whole number should be", element_->name, item_ + 1, value);
    return static_cast<std::int64_t>(value);
  }

  [[noreturn]] void end_early(const Element& element, std::uint64_t item) const {
    refuse("its header promises {} of '{}' and the file ends at {}; it was cut off, so export or copy it again",
           element.count, shown(element.name), item + 1);
  }

  std::string place() const {
    return is_ascii() ? fmt::format("line {}", text_.line_number()) : fmt::format("{} {}", element_->name, item_ + 1);
  }

 private:
  template <class Value>
  double binary() {
    if (left() < sizeof(Value)) end_early(*element_, item_);
    std::array<char, sizeof(Value)> bytes;
    std::memcpy(bytes.data(), at_, sizeof(Value));
    at_ += sizeof(Value);
    if (encoding_ == Encoding::big_endian) std::reverse(bytes.begin(), bytes.end());
    return static_cast<double>(std::bit_cast<Value>(bytes));
  }

  Encoding encoding_;
  TextCursor text_;
  const char* at_;
  const char* end_;
  const Element* element_ = nullptr;
  std::uint64_t item_ = 0;
};

void skip_property(const Property& property, Body& body) {
  std::size_t count = 1;
  if (property.count_type) count = body.list_length(*property.count_type, property.type);
  for (std::size_t i = 0; i < count; ++i) body.number(property.type);
}

double colour_unit(Type type) { return type == Type::uint8 ? 255.0 : type == Type::uint16 ? 65535.0 : 1.0; }

/// Where the numbers of a vertex go.
struct VertexPlan {
  std::array<int, 3> position;
  std::array<int, 3> colour;
  std::vector<int> value;  ///< of each property: which of the file's vertex values it is, or -1

  VertexPlan(const Element& element, MeshFile& file) : value(element.properties.size(), -1) {
    position = {element.index_of("x"), element.index_of("y"), element.index_of("z")};
    colour = {element.index_of("red"), element.index_of("green"), element.index_of("blue")};
    if (colour[0] < 0)
      colour = {element.index_of("diffuse_red"), element.index_of("diffuse_green"), element.index_of("diffuse_blue")};
    for (int axis : position)
      if (axis < 0 || element.properties[axis].count_type) refuse("its vertices do not have the properties x, y and z");
    for (int channel : colour)
      if (channel < 0 || element.properties[channel].count_type) colour = {-1, -1, -1};
    for (std::size_t i = 0; i < element.properties.size(); ++i) {
      const Property& property = element.properties[i];
      const int index = static_cast<int>(i);
      static constexpr std::string_view not_kept[] = {"nx", "ny", "nz", "alpha"};
      if (property.count_type || std::ranges::count(position, index) || std::ranges::count(colour, index) ||
          std::ranges::count(not_kept, property.name))
        continue;
      value[i] = static_cast<int>(file.vertex_values.size());
      file.vertex_values.emplace_back(property.name, Values{});
    }
  }
};

void read_vertices(const Element& element, Body& body, MeshFile& file, const Progress& progress) {
  if (!file.mesh.vertices.empty()) refuse("it has two lists of vertices");
  const VertexPlan plan(element, file);
  const std::size_t expected =
      std::min<std::uint64_t>(element.count, body.left() / (body.is_ascii() ? 6 : element.least_bytes()));
  file.mesh.vertices.reserve(expected);
  if (plan.colour[0] >= 0) file.mesh.colors.reserve(expected);
  std::vector<double> row(element.properties.size());
  for (std::uint64_t item = 0; item < element.count; ++item) {
    if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(element.count));
    body.begin_item(element, item);
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (element.properties[i].count_type)
        skip_property(element.properties[i], body);
      else
        row[i] = body.number(element.properties[i].type);
      if (plan.value[i] >= 0) file.vertex_values[plan.value[i]].second.push_back(row[i]);
    }
    const Eigen::Vector3d vertex(row[plan.position[0]], row[plan.position[1]], row[plan.position[2]]);
    if (!vertex.allFinite()) refuse("its {} has a coordinate that is not a number", body.place());
    file.mesh.vertices.push_back(vertex);
    if (plan.colour[0] >= 0) {
      const double unit = colour_unit(element.properties[plan.colour[0]].type);
      file.mesh.colors.emplace_back(row[plan.colour[0]] / unit, row[plan.colour[1]] / unit, row[plan.colour[2]] / unit);
    }
    body.end_item();
  }
}

/// The property that lists a face's corners; -1 when there is none.
int corners_of(const Element& element) {
  for (std::string_view name : {"vertex_indices", "vertex_index"}) {
    const int index = element.index_of(name);
    if (index >= 0 && element.properties[index].count_type) return index;
  }
  return -1;
}

void read_faces(const Element& element, Body& body, Polygons& polygons, MeshFile& file, const Progress& progress) {
  const int corners = corners_of(element);
  if (corners < 0 && element.count > 0) refuse("its faces do not list vertex_indices");
  std::vector<int> value(element.properties.size(), -1);
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (element.properties[i].count_type) continue;
    value[i] = static_cast<int>(file.triangle_values.size());
    file.triangle_values.emplace_back(element.properties[i].name, Values{});
  }
  polygons.reserve(
      std::min<std::uint64_t>(element.count, body.left() / (body.is_ascii() ? 8 : element.least_bytes() + 3)));
  for (std::uint64_t item = 0; item < element.count; ++item) {
    if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(element.count));
    body.begin_item(element, item);
    for (std::size_t i = 0; i < value.size(); ++i) {
      const Property& property = element.properties[i];
      if (static_cast<int>(i) == corners) {
        const std::size_t count = body.list_length(*property.count_type, property.type);
        for (std::size_t k = 0; k < count; ++k) polygons.corners.push_back(body.whole(property.type));
        polygons.close_face();
      } else if (value[i] >= 0) {
        file.triangle_values[value[i]].second.push_back(body.number(property.type));
      } else {
        skip_property(property, body);
      }
    }
    body.end_item();
  }
}

/// Strips of triangles, each next corner with the two before; -1 ends a strip (Stanford's files).
void read_strips(const Element& element, Body& body, Polygons& polygons) {
  const int corners = corners_of(element);
  if (corners < 0 && element.count > 0) refuse("its strips of triangles do not list vertex_indices");
  for (std::uint64_t item = 0; item < element.count; ++item) {
    body.begin_item(element, item);
    for (std::size_t i = 0; i < element.properties.size(); ++i) {
      const Property& property = element.properties[i];
      if (static_cast<int>(i) != corners) {
        skip_property(property, body);
        continue;
      }
      const std::size_t count = body.list_length(*property.count_type, property.type);
      std::int64_t before_last = -1, last = -1;
      bool is_turned = false;
      for (std::size_t k = 0; k < count; ++k) {
        const std::int64_t corner = body.whole(property.type);
        if (corner >= 0 && before_last >= 0) {
          const std::int64_t triangle[] = {is_turned ? last : before_last, is_turned ? before_last : last, corner};
          polygons.corners.insert(polygons.corners.end(), triangle, triangle + 3);
          polygons.close_face();
          is_turned = !is_turned;
        } else {
          is_turned = false;
        }
        before_last = corner < 0 ? -1 : last;
        last = corner;
      }
    }
    body.end_item();
  }
}

void skip_element(const Element& element, Body& body) {
  if (element.properties.empty()) return;
  for (std::uint64_t item = 0; item < element.count; ++item) {
    body.begin_item(element, item);
    for (const Property& property : element.properties) skip_property(property, body);
    body.end_item();
  }
}

/// Values of faces become values of triangles; they have no place where strips stand beside faces.
void spread_values(const std::vector<std::uint32_t>& faces, std::size_t face_count, MeshFile& file) {
  std::erase_if(file.triangle_values, [&](const auto& named) { return named.second.size() != face_count; });
  if (faces.empty()) return;
  for (auto& [name, values] : file.triangle_values) {
    Values spread;
    spread.reserve(faces.size());
    for (std::uint32_t face : faces) spread.push_back(values[face]);
    values = std::move(spread);
  }
}

}  // namespace

MeshFile read_ply(std::string_view bytes, const Progress& progress) {
  const Header header = read_header(bytes);
  MeshFile file;
  file.format = header.encoding == Encoding::ascii ? "ascii PLY" : "binary PLY";
  Body body(bytes, header.body, header.encoding);
  Polygons polygons;
  for (const Element& element : header.elements) {
    if (element.name == "vertex" && element.count > 0)
      read_vertices(element, body, file, progress.part(0.0, 0.5));
    else if (element.name == "face")
      read_faces(element, body, polygons, file, progress.part(0.5, 1.0));
    else if (element.name == "tristrips")
      read_strips(element, body, polygons);
    else
      skip_element(element, body);
  }
  const std::vector<std::uint32_t> faces = triangulate(polygons, file);
  spread_values(faces, polygons.ends.size(), file);
  return file;
}

}  // namespace fit::detail
