#include <cmath>
#include <cstring>

#include "libfit/detail/mesh_formats.h"

namespace fit::detail {

namespace {

template <class Value>
void append(char*& at, Value value) {
  std::memcpy(at, &value, sizeof value);
  at += sizeof value;
}

void check_values(const std::vector<std::pair<std::string, Values>>& all, std::size_t expected, const char* of) {
  for (const auto& [name, values] : all) {
    if (name.empty() ||
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") != name.npos)
      throw Error(ErrorKind::bad_params, fmt::format("'{}' cannot be the name of values in a PLY file.", name));
    if (values.size() != expected)
      throw Error(ErrorKind::bad_params,
                  fmt::format("There are {} values '{}' and {} {} to write.", values.size(), name, expected, of));
  }
}

std::string header_of(const Mesh& mesh, const MeshExtras& extras) {
  std::string header = "ply\nformat binary_little_endian 1.0\n";
  if (!extras.name.empty()) header += "comment name: " + one_line(extras.name) + '\n';
  for (const auto& [key, text] : extras.metadata) header += "comment " + one_line(key) + ": " + one_line(text) + '\n';
  header +=
      fmt::format("element vertex {}\nproperty double x\nproperty double y\nproperty double z\n", mesh.vertices.size());
  if (!mesh.colors.empty()) header += "property uchar red\nproperty uchar green\nproperty uchar blue\n";
  for (const auto& [name, values] : extras.vertex_values) header += "property double " + name + '\n';
  header += fmt::format("element face {}\nproperty list uchar int vertex_indices\n", mesh.triangles.size());
  for (const auto& [name, values] : extras.triangle_values) header += "property double " + name + '\n';
  return header + "end_header\n";
}

}  // namespace

std::string ply_of(const Mesh& mesh, const MeshExtras& extras) {
  check_values(extras.vertex_values, mesh.vertices.size(), "vertices");
  check_values(extras.triangle_values, mesh.triangles.size(), "triangles");
  std::string bytes = header_of(mesh, extras);
  const std::size_t header_size = bytes.size();
  const std::size_t vertex_bytes = 24 + (mesh.colors.empty() ? 0 : 3) + 8 * extras.vertex_values.size();
  const std::size_t face_bytes = 13 + 8 * extras.triangle_values.size();
  bytes.resize(header_size + vertex_bytes * mesh.vertices.size() + face_bytes * mesh.triangles.size());
  char* at = bytes.data() + header_size;
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    for (int axis = 0; axis < 3; ++axis) append(at, mesh.vertices[i][axis]);
    if (!mesh.colors.empty())
      for (int channel = 0; channel < 3; ++channel)
        append(at, static_cast<std::uint8_t>(std::lround(255.0 * std::clamp(mesh.colors[i][channel], 0.0, 1.0))));
    for (const auto& [name, values] : extras.vertex_values) append(at, values[i]);
  }
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    append(at, std::uint8_t{3});
    for (int corner = 0; corner < 3; ++corner) append(at, static_cast<std::int32_t>(mesh.triangles[i][corner]));
    for (const auto& [name, values] : extras.triangle_values) append(at, values[i]);
  }
  return bytes;
}

}  // namespace fit::detail
