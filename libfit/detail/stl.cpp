#include <Eigen/Geometry>
#include <cctype>
#include <cmath>
#include <cstring>

#include "libfit/detail/corner_weld.h"
#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

constexpr std::size_t header_bytes = 84;
constexpr std::size_t triangle_bytes = 50;
/// Above it the count of a header is not taken for the truth about a file that was cut off.
constexpr std::size_t absurd_triangles = std::size_t{1} << 27;

std::uint32_t promised_triangles(std::string_view bytes) {
  std::uint32_t count;
  std::memcpy(&count, bytes.data() + header_bytes - 4, 4);
  return count;
}

/// How many triangles to read when header and size disagree; the size decides where it can be trusted.
std::size_t triangles_in(std::string_view bytes, Findings& findings) {
  if (bytes.size() < header_bytes) refuse("it ends inside its header; it was cut off, so export or copy it again");
  const std::size_t promised = promised_triangles(bytes);
  const std::size_t held = (bytes.size() - header_bytes) / triangle_bytes;
  const bool whole = (bytes.size() - header_bytes) % triangle_bytes == 0;
  if (held < promised && !(whole && held > 0 && promised > absurd_triangles))
    refuse(
        "its header promises {} triangles and {} are there; it was cut off or is not a mesh, so export or copy it "
        "again",
        promised, held);
  if (promised == held || !whole) return promised;
  findings.push_back({"file_triangle_count",
                      Severity::warn,
                      {{"promised", static_cast<double>(promised), {}}, {"held", static_cast<double>(held), {}}},
                      {}});
  return held;
}

template <class Real>
std::vector<Eigen::Vector3d> vertices_of(const CornerWeld<Real>& weld) {
  std::vector<Eigen::Vector3d> vertices;
  vertices.reserve(weld.points().size());
  for (const auto& p : weld.points()) vertices.emplace_back(p[0], p[1], p[2]);
  return vertices;
}

bool equals_ignoring_case(std::string_view word, std::string_view lower) {
  if (word.size() != lower.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(word[i])) != lower[i]) return false;
  return true;
}

std::array<double, 3> read_vertex(TextCursor& text) {
  std::array<double, 3> vertex{};
  for (double& coordinate : vertex) {
    if (!text.number(coordinate)) {
      const std::size_t line = text.line_number();
      refuse("its line {} has '{}' where a coordinate should be", line, shown(text.word()));
    }
    if (!std::isfinite(coordinate)) refuse("its line {} has a coordinate that is not a number", text.line_number());
  }
  return vertex;
}

}  // namespace

bool is_exact_binary_stl(std::string_view bytes) {
  return bytes.size() >= header_bytes && bytes.size() == header_bytes + triangle_bytes * promised_triangles(bytes);
}

MeshFile read_binary_stl(std::string_view bytes, const Progress& progress) {
  MeshFile file;
  file.format = "binary STL";
  const std::size_t count = triangles_in(bytes, file.findings);
  if (count == 0) refuse("it holds no triangles");
  CornerWeld<float> weld(count / 2);
  file.mesh.triangles.resize(count);
  const char* at = bytes.data() + header_bytes + 12;  // behind the first normal
  for (std::size_t i = 0; i < count; ++i, at += triangle_bytes) {
    if (i % 65536 == 0) progress(static_cast<double>(i) / static_cast<double>(count));
    std::array<std::array<float, 3>, 3> corners;
    std::memcpy(&corners, at, sizeof corners);
    for (int corner = 0; corner < 3; ++corner) {
      const auto& [x, y, z] = corners[corner];
      if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(z))
        refuse("its triangle {} has a coordinate that is not a number", i + 1);
      file.mesh.triangles[i][corner] = weld.index_of(corners[corner]);
    }
  }
  file.mesh.vertices = vertices_of(weld);
  judge_steps_of_32_bits(file);
  return file;
}

MeshFile read_ascii_stl(std::string_view bytes, const Progress& progress) {
  MeshFile file;
  file.format = "ascii STL";
  file.objects = 0;
  CornerWeld<double> weld(bytes.size() / 500);
  TextCursor text(bytes);
  int corners = 0;  // of the loop that is open
  Eigen::Vector3i triangle;
  bool is_complete = false;
  for (std::size_t line = 0; text.find_content(); text.next_line(), ++line) {
    if (line % 65536 == 0) progress(1.0 - static_cast<double>(text.left()) / static_cast<double>(bytes.size()));
    const std::string_view word = text.word();
    if (equals_ignoring_case(word, "vertex")) {
      if (corners == 3) refuse("its line {} has a fourth corner of a triangle", text.line_number());
      triangle[corners++] = weld.index_of(read_vertex(text));
    } else if (equals_ignoring_case(word, "endloop")) {
      if (corners != 3) refuse("its line {} ends a triangle of {} corners", text.line_number(), corners);
      file.mesh.triangles.push_back(triangle);
      corners = 0;
    } else if (equals_ignoring_case(word, "solid")) {
      ++file.objects;
      is_complete = false;
    } else if (equals_ignoring_case(word, "endsolid")) {
      is_complete = true;
    }
  }
  if (!is_complete || corners != 0) refuse("it ends without 'endsolid'; it was cut off, so export or copy it again");
  if (file.mesh.triangles.empty()) refuse("it holds no triangles");
  file.mesh.vertices = vertices_of(weld);
  return file;
}

std::string binary_stl_of(const Mesh& mesh, const MeshExtras& extras) {
  std::string bytes(header_bytes + triangle_bytes * mesh.triangles.size(), '\0');
  // A header that begins with "solid" would be taken for text by some programs.
  const std::string header = ("Fit " + extras.name).substr(0, header_bytes - 4);
  std::memcpy(bytes.data(), header.data(), header.size());
  const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
  std::memcpy(bytes.data() + header_bytes - 4, &count, 4);
  char* at = bytes.data() + header_bytes;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Eigen::Vector3d& a = mesh.vertices[t[0]];
    const Eigen::Vector3d normal = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).normalized();
    const Eigen::Vector3f lines[4] = {normal.cast<float>(), a.cast<float>(), mesh.vertices[t[1]].cast<float>(),
                                      mesh.vertices[t[2]].cast<float>()};
    std::memcpy(at, lines, sizeof lines);
    at += triangle_bytes;
  }
  return bytes;
}

}  // namespace fit::detail
