#include <algorithm>
#include <cmath>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/polygons.h"
#include "libfit/detail/text_numbers.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

/// What a piece of the file says; indices that count back from the piece's vertices wait for those before it.
struct Piece {
  std::vector<Eigen::Vector3d> vertices;
  std::vector<Eigen::Vector3d> colors;
  std::vector<std::int64_t> corners;
  std::vector<std::size_t> ends;
  std::vector<std::size_t> relative;  ///< places in `corners` whose index counts from the piece's first vertex
  std::size_t objects = 0;
  std::optional<Error> error;
};

class PieceReader {
 public:
  PieceReader(std::string_view bytes, std::size_t begin, std::size_t end, Piece& piece)
      : text_(bytes, begin, end), piece_(piece) {}

  void read() {
    for (; text_.find_content('#'); next_statement()) {
      const char* const at = text_.position();
      if (at + 1 == text_.end()) continue;
      if (!is_blank(at[1]) && !is_line_end(at[1])) continue;
      if (*at != 'v' && *at != 'f' && *at != 'o') continue;
      text_.move_to(at + 1);
      if (*at == 'v')
        read_vertex();
      else if (*at == 'f')
        read_face();
      else
        ++piece_.objects;
    }
  }

 private:
  /// To the next word of the statement; a line that ends in '\' goes on in the next.
  bool find_word() {
    while (!text_.line_is_done()) {
      const char* const at = text_.position();
      if (*at != '\\' || at + 1 == text_.end() || !is_line_end(at[1])) return true;
      text_.next_line();
    }
    return false;
  }

  void next_statement() {
    while (!text_.at_end()) {
      const char* const start = text_.position();
      const char* at = start;
      while (at != text_.end() && !is_line_end(*at)) ++at;
      text_.move_to(at);
      text_.next_line();
      if (at == start || at[-1] != '\\') return;
    }
  }

  void read_vertex() {
    Eigen::Vector3d vertex;
    for (int axis = 0; axis < 3; ++axis)
      if (!find_word() || !text_.number(vertex[axis]))
        refuse("its line {} has '{}' where a coordinate should be", text_.line_number(), shown(text_.word()));
    if (!vertex.allFinite()) refuse("its line {} has a coordinate that is not a number", text_.line_number());
    piece_.vertices.push_back(vertex);
    // Behind the position: a weight, or a colour with or without a weight before or an alpha behind it.
    double more[4];
    int count = 0;
    while (count < 4 && find_word() && text_.number(more[count])) ++count;
    if (count >= 3) piece_.colors.emplace_back(more[0], more[1], more[2]);
  }

  void read_face() {
    while (find_word()) {
      std::int64_t index;
      const char* at = text_.position();
      if (*at == '#') break;
      if (!read_whole(at, text_.end(), index)) refuse_corner();
      while (at != text_.end() && (*at == '/' || *at == '-' || is_digit(*at))) ++at;
      if (at != text_.end() && !is_blank(*at) && !is_line_end(*at)) refuse_corner();
      text_.move_to(at);
      if (index < 0) {
        piece_.relative.push_back(piece_.corners.size());
        index += static_cast<std::int64_t>(piece_.vertices.size());
      } else {
        --index;
      }
      piece_.corners.push_back(index);
    }
    piece_.ends.push_back(piece_.corners.size());
  }

  [[noreturn]] void refuse_corner() {
    refuse("its line {} has '{}' where a corner of a face should be", text_.line_number(), shown(text_.word()));
  }

  TextCursor text_;
  Piece& piece_;
};

/// Where the pieces begin: after line ends that no '\' continues.
std::vector<std::size_t> cut_at_lines(std::string_view bytes, std::size_t piece_bytes) {
  std::vector<std::size_t> cuts{0};
  for (std::size_t from = piece_bytes; from < bytes.size(); from = cuts.back() + piece_bytes) {
    std::size_t end = bytes.find('\n', from);
    while (end != bytes.npos && (bytes[end - 1] == '\\' || (bytes[end - 1] == '\r' && bytes[end - 2] == '\\')))
      end = bytes.find('\n', end + 1);
    if (end == bytes.npos) break;
    cuts.push_back(end + 1);
  }
  cuts.push_back(bytes.size());
  return cuts;
}

std::vector<Piece> read_pieces(std::string_view bytes, const Progress& progress) {
  constexpr std::size_t piece_bytes = std::size_t{1} << 19;
  constexpr std::size_t pieces_between_reports = 32;
  const std::vector<std::size_t> cuts = cut_at_lines(bytes, piece_bytes);
  std::vector<Piece> pieces(cuts.size() - 1);
  for (std::size_t first = 0; first < pieces.size(); first += pieces_between_reports) {
    progress(static_cast<double>(first) / static_cast<double>(pieces.size()));
    parallel_for(std::min(pieces_between_reports, pieces.size() - first), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = first + begin; i < first + end; ++i) try {
          PieceReader(bytes, cuts[i], cuts[i + 1], pieces[i]).read();
        } catch (const Error& error) {
          pieces[i].error = error;
        }
    });
    // The first error of the file, whichever thread was faster.
    for (const Piece& piece : pieces)
      if (piece.error) throw *piece.error;
  }
  return pieces;
}

/// Some programs write colours from 0 to 255.
void scale_colors(std::vector<Eigen::Vector3d>& colors) {
  double largest = 0.0;
  for (const Eigen::Vector3d& color : colors) largest = std::max(largest, color.maxCoeff());
  if (largest > 1.0)
    for (Eigen::Vector3d& color : colors) color /= 255.0;
}

}  // namespace

MeshFile read_obj(std::string_view bytes, const Progress& progress) {
  const std::vector<Piece> pieces = read_pieces(bytes, progress.part(0.0, 0.8));
  std::size_t vertices = 0, colors = 0, corners = 0, faces = 0, objects = 0;
  for (const Piece& piece : pieces) {
    vertices += piece.vertices.size();
    colors += piece.colors.size();
    corners += piece.corners.size();
    faces += piece.ends.size();
    objects += piece.objects;
  }
  MeshFile file;
  file.format = "OBJ";
  file.objects = std::max<std::size_t>(objects, 1);
  file.mesh.vertices.reserve(vertices);
  if (colors == vertices) file.mesh.colors.reserve(colors);
  Polygons polygons;
  polygons.first_index = 1;
  polygons.corners.reserve(corners);
  polygons.ends.reserve(faces);
  for (const Piece& piece : pieces) {
    const std::size_t first_corner = polygons.corners.size();
    const auto first_vertex = static_cast<std::int64_t>(file.mesh.vertices.size());
    file.mesh.vertices.insert(file.mesh.vertices.end(), piece.vertices.begin(), piece.vertices.end());
    if (colors == vertices) file.mesh.colors.insert(file.mesh.colors.end(), piece.colors.begin(), piece.colors.end());
    polygons.corners.insert(polygons.corners.end(), piece.corners.begin(), piece.corners.end());
    for (std::size_t place : piece.relative) polygons.corners[first_corner + place] += first_vertex;
    for (std::size_t end : piece.ends) polygons.ends.push_back(first_corner + end);
  }
  progress(0.9);
  scale_colors(file.mesh.colors);
  triangulate(polygons, file);
  return file;
}

std::string obj_of(const Mesh& mesh, const MeshExtras& extras) {
  fmt::memory_buffer text;
  const auto to = std::back_inserter(text);
  for (const auto& [key, value] : extras.metadata) fmt::format_to(to, "# {}: {}\n", one_line(key), one_line(value));
  if (!extras.name.empty()) fmt::format_to(to, "o {}\n", one_line(extras.name));
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    const Eigen::Vector3d& v = mesh.vertices[i];
    fmt::format_to(to, "v {} {} {}", v.x(), v.y(), v.z());
    if (!mesh.colors.empty())
      fmt::format_to(to, " {:.4g} {:.4g} {:.4g}", mesh.colors[i].x(), mesh.colors[i].y(), mesh.colors[i].z());
    text.push_back('\n');
  }
  for (const Eigen::Vector3i& t : mesh.triangles) fmt::format_to(to, "f {} {} {}\n", t[0] + 1, t[1] + 1, t[2] + 1);
  return fmt::to_string(text);
}

}  // namespace fit::detail
