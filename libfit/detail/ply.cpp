#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/ply_header.h"
#include "libfit/detail/polygons.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

template <class Value>
Value load(const char* at, bool is_turned) {
  std::array<char, sizeof(Value)> bytes;
  std::memcpy(bytes.data(), at, sizeof(Value));
  if (is_turned) std::reverse(bytes.begin(), bytes.end());
  return std::bit_cast<Value>(bytes);
}

/// Calls `work` with a zero of the type that stands for `type`: one question for many numbers.
template <class Work>
auto with_type(PlyType type, Work work) {
  switch (type) {
    case PlyType::int8:
      return work(std::int8_t{});
    case PlyType::uint8:
      return work(std::uint8_t{});
    case PlyType::int16:
      return work(std::int16_t{});
    case PlyType::uint16:
      return work(std::uint16_t{});
    case PlyType::int32:
      return work(std::int32_t{});
    case PlyType::uint32:
      return work(std::uint32_t{});
    case PlyType::float32:
      return work(float{});
    case PlyType::float64:
      break;
  }
  return work(double{});
}

/// Reads the numbers of a file's body one after the other, in its encoding.
class Body {
 public:
  Body(std::string_view bytes, const PlyHeader& header)
      : encoding_(header.encoding),
        text_(bytes, static_cast<std::size_t>(header.body.data() - bytes.data()), bytes.size()),
        at_(header.body.data()),
        end_(bytes.data() + bytes.size()) {}

  bool is_ascii() const { return encoding_ == PlyEncoding::ascii; }
  bool is_turned() const { return encoding_ == PlyEncoding::big_endian; }
  std::size_t left() const { return is_ascii() ? text_.left() : static_cast<std::size_t>(end_ - at_); }
  const char* position() const { return at_; }
  void skip_bytes(std::size_t count) { at_ += count; }

  /// Refuses a header that promises more than the file can hold: whatever is allocated after it is bounded by its size.
  void begin_element(const PlyElement& element) {
    element_ = &element;
    item_ = 0;
    const std::size_t most =
        is_ascii() ? (left() + 1) / (2 * element.properties.size()) : left() / element.least_bytes();
    if (element.count > most) end_early();
  }
  void begin_item(std::uint64_t item) {
    item_ = item;
    if (is_ascii() && !text_.find_content()) end_early();
  }
  void end_item() {
    if (is_ascii()) text_.next_line();
  }

  double number(PlyType type) {
    if (is_ascii()) {
      double value;
      if (text_.number(value)) return value;
      const std::size_t line = text_.line_number();
      const std::string_view word = text_.word();
      if (word.empty()) refuse("its line {} has too few numbers", line);
      refuse("its line {} has '{}' where a number should be", line, shown(word));
    }
    if (left() < size_of(type)) end_early();
    const double value =
        with_type(type, [&](auto zero) { return static_cast<double>(load<decltype(zero)>(at_, is_turned())); });
    at_ += size_of(type);
    return value;
  }

  /// The length of a list whose items are of type `item`; it fits into what is left of the file.
  std::size_t list_length(PlyType count_type, PlyType item) {
    const double length = number(count_type);
    const double room = static_cast<double>(left() / (is_ascii() ? 1 : size_of(item)));
    if (!(length >= 0.0) || length != std::floor(length) || length > room)
      refuse("its {} {} says that it lists {} numbers, more than the file holds", shown(element_->name), item_ + 1,
             length);
    return static_cast<std::size_t>(length);
  }

  std::int64_t whole(PlyType type) {
    const double value = number(type);
    if (!(std::abs(value) < 9e15) || value != std::floor(value))
      refuse("its {} {} has {} where a whole number should be", shown(element_->name), item_ + 1, value);
    return static_cast<std::int64_t>(value);
  }

  void skip(const PlyProperty& property) {
    std::size_t count = 1;
    if (property.count_type) count = list_length(*property.count_type, property.type);
    for (std::size_t i = 0; i < count; ++i) number(property.type);
  }

 private:
  [[noreturn]] void end_early() const {
    refuse("its header promises {} of '{}', more than the file holds; it was cut off, so export or copy it again",
           element_->count, shown(element_->name));
  }

  PlyEncoding encoding_;
  TextCursor text_;
  const char* at_;
  const char* end_;
  const PlyElement* element_ = nullptr;
  std::uint64_t item_ = 0;
};

/// Where the numbers of a property go: one every `step`, or nowhere.
struct Column {
  double* to = nullptr;
  std::size_t step = 1;
};

/// Items whose length is the same throughout the file, a property at a time.
void read_columns(const PlyElement& element, const std::vector<Column>& columns, Body& body) {
  const std::size_t stride = element.least_bytes();
  const char* at = body.position();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].to)
      with_type(element.properties[i].type, [&](auto zero) {
        const char* from = at;
        double* to = columns[i].to;
        for (std::uint64_t item = 0; item < element.count; ++item, from += stride, to += columns[i].step)
          *to = static_cast<double>(load<decltype(zero)>(from, body.is_turned()));
      });
    at += size_of(element.properties[i].type);
  }
  body.skip_bytes(element.count * stride);
}

void read_table(const PlyElement& element, const std::vector<Column>& columns, Body& body, const Progress& progress) {
  if (!body.is_ascii() && !element.has_lists()) return read_columns(element, columns, body);
  for (std::uint64_t item = 0; item < element.count; ++item) {
    if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(element.count));
    body.begin_item(item);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].to)
        columns[i].to[item * columns[i].step] = body.number(element.properties[i].type);
      else
        body.skip(element.properties[i]);
    }
    body.end_item();
  }
}

/// The columns of three properties that are there and are no lists; empty when one is not.
std::vector<int> triple(const PlyElement& element, std::array<std::string_view, 3> names) {
  std::vector<int> indices;
  for (std::string_view name : names) {
    const int index = element.index_of(name);
    if (index < 0 || element.properties[index].count_type) return {};
    indices.push_back(index);
  }
  return indices;
}

void place(const std::vector<int>& indices, std::vector<Eigen::Vector3d>& vectors, std::uint64_t count,
           std::vector<Column>& columns) {
  if (indices.empty()) return;
  vectors.resize(count);
  for (int axis = 0; axis < 3; ++axis) columns[indices[axis]] = {vectors[0].data() + axis, 3};
}

void read_vertices(const PlyElement& element, Body& body, MeshFile& file, const Progress& progress) {
  if (!file.mesh.vertices.empty()) refuse("it has two lists of vertices");
  const std::vector<int> position = triple(element, {"x", "y", "z"});
  if (position.empty()) refuse("its vertices do not have the properties x, y and z");
  std::vector<int> color = triple(element, {"red", "green", "blue"});
  if (color.empty()) color = triple(element, {"diffuse_red", "diffuse_green", "diffuse_blue"});
  std::vector<Column> columns(element.properties.size());
  place(position, file.mesh.vertices, element.count, columns);
  place(color, file.mesh.colors, element.count, columns);
  file.vertex_values.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const PlyProperty& property = element.properties[i];
    static constexpr std::string_view not_kept[] = {"nx", "ny", "nz", "alpha"};
    if (columns[i].to || property.count_type || std::ranges::count(not_kept, property.name)) continue;
    file.vertex_values.emplace_back(property.name, Values(element.count));
    columns[i] = {file.vertex_values.back().second.data(), 1};
  }
  read_table(element, columns, body, progress);
  for (std::size_t i = 0; i < file.mesh.vertices.size(); ++i)
    if (!file.mesh.vertices[i].allFinite()) refuse("its vertex {} has a coordinate that is not a number", i + 1);
  if (color.empty()) return;
  const PlyType type = element.properties[color[0]].type;
  const double full = type == PlyType::uint8 ? 255.0 : type == PlyType::uint16 ? 65535.0 : 1.0;
  for (Eigen::Vector3d& rgb : file.mesh.colors) rgb /= full;
}

/// Whether all faces of a binary element are triangles and so equally long, with 32-bit indices of this machine's
/// order.
bool are_plain_triangles(const PlyElement& element, int corners, const Body& body) {
  if (body.is_ascii() || body.is_turned()) return false;
  std::size_t count_at = 0, stride = 0;
  for (std::size_t i = 0; i < element.properties.size(); ++i) {
    const PlyProperty& property = element.properties[i];
    if (static_cast<int>(i) == corners) {
      if (property.count_type != PlyType::uint8 ||
          (property.type != PlyType::int32 && property.type != PlyType::uint32))
        return false;
      count_at = stride;
      stride += 13;
    } else if (property.count_type) {
      return false;
    } else {
      stride += size_of(property.type);
    }
  }
  if (element.count > body.left() / stride) return false;
  const char* at = body.position() + count_at;
  for (std::uint64_t item = 0; item < element.count; ++item, at += stride)
    if (*at != 3) return false;
  return true;
}

void read_plain_triangles(const PlyElement& element, int corners, const std::vector<Column>& columns, Body& body,
                          MeshFile& file) {
  // The list of three indices is a column for itself, between those of numbers before and behind it.
  PlyElement flat = element;
  flat.properties[corners].count_type.reset();
  flat.properties[corners].type = PlyType::uint8;
  const PlyProperty index{"", PlyType::int32, {}};
  flat.properties.insert(flat.properties.begin() + corners + 1, 3, index);
  std::vector<Column> all = columns;
  all.insert(all.begin() + corners + 1, 3, Column{});
  std::size_t at = 0;
  for (int i = 0; i <= corners; ++i) at += size_of(flat.properties[i].type);
  const char* from = body.position() + at;
  const std::size_t stride = flat.least_bytes();
  file.mesh.triangles.resize(element.count);
  for (Eigen::Vector3i& triangle : file.mesh.triangles) {
    std::memcpy(triangle.data(), from, 12);
    from += stride;
  }
  read_columns(flat, all, body);
}

void read_faces(const PlyElement& element, Body& body, Polygons& polygons, MeshFile& file, const Progress& progress) {
  const int corners = element.index_of_corners();
  if (corners < 0) refuse("its faces do not list vertex_indices");
  std::vector<Column> columns(element.properties.size());
  file.triangle_values.reserve(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (element.properties[i].count_type) continue;
    file.triangle_values.emplace_back(element.properties[i].name, Values(element.count));
    columns[i] = {file.triangle_values.back().second.data(), 1};
  }
  if (file.mesh.triangles.empty() && polygons.ends.empty() && are_plain_triangles(element, corners, body))
    return read_plain_triangles(element, corners, columns, body, file);
  polygons.reserve(element.count);
  for (std::uint64_t item = 0; item < element.count; ++item) {
    if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(element.count));
    body.begin_item(item);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const PlyProperty& property = element.properties[i];
      if (static_cast<int>(i) == corners) {
        const std::size_t count = body.list_length(*property.count_type, property.type);
        for (std::size_t k = 0; k < count; ++k) polygons.corners.push_back(body.whole(property.type));
        polygons.close_face();
      } else if (columns[i].to) {
        columns[i].to[item] = body.number(property.type);
      } else {
        body.skip(property);
      }
    }
    body.end_item();
  }
}

/// Strips of triangles, each next corner with the two before; -1 ends a strip (Stanford's files).
void read_strips(const PlyElement& element, Body& body, Polygons& polygons) {
  const int corners = element.index_of_corners();
  if (corners < 0) refuse("its strips of triangles do not list vertex_indices");
  for (std::uint64_t item = 0; item < element.count; ++item) {
    body.begin_item(item);
    for (std::size_t i = 0; i < element.properties.size(); ++i) {
      const PlyProperty& property = element.properties[i];
      if (static_cast<int>(i) != corners) {
        body.skip(property);
        continue;
      }
      const std::size_t count = body.list_length(*property.count_type, property.type);
      std::int64_t before_last = -1, last = -1;
      bool is_turned = false;
      for (std::size_t k = 0; k < count; ++k) {
        const std::int64_t corner = body.whole(property.type);
        if (corner >= 0 && before_last >= 0) {
          polygons.corners.insert(polygons.corners.end(),
                                  {is_turned ? last : before_last, is_turned ? before_last : last, corner});
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
  const PlyHeader header = read_ply_header(bytes);
  MeshFile file;
  file.format = header.encoding == PlyEncoding::ascii ? "ascii PLY" : "binary PLY";
  Body body(bytes, header);
  Polygons polygons;
  for (const PlyElement& element : header.elements) {
    if (element.count == 0 || element.properties.empty()) continue;
    body.begin_element(element);
    if (element.name == "vertex")
      read_vertices(element, body, file, progress.part(0.0, 0.5));
    else if (element.name == "face")
      read_faces(element, body, polygons, file, progress.part(0.5, 1.0));
    else if (element.name == "tristrips")
      read_strips(element, body, polygons);
    else
      read_table(element, std::vector<Column>(element.properties.size()), body, progress);
  }
  check_corners(file.mesh);
  const std::vector<std::uint32_t> faces = triangulate(polygons, file);
  if (!polygons.ends.empty()) spread_values(faces, polygons.ends.size(), file);
  return file;
}

}  // namespace fit::detail
