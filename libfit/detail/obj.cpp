#include <algorithm>
#include <cmath>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/polygons.h"
#include "libfit/detail/text_numbers.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

/// What a piece of the file holds, and what comes before it.
struct Piece {
  std::size_t begin = 0, end = 0;  ///< in the file's bytes
  std::size_t vertices = 0, faces = 0, objects = 0;
  std::size_t first_vertex = 0, first_face = 0;
  bool has_colors = true;  ///< all of its vertices
  bool has_triangles_only = true;
  Polygons polygons;  ///< filled where a face of the file is no triangle
  std::optional<Error> error;
};

/// Goes through the statements of a piece that matter for a surface.
class Statements {
 public:
  Statements(std::string_view bytes, const Piece& piece) : text_(bytes, piece.begin, piece.end) {}

  /// 'v', 'f' or 'o' of the next statement, or 0 at the end.
  char next() {
    if (is_in_statement_) skip_line();
    for (; text_.find_content('#'); skip_line()) {
      const char* const at = text_.position();
      if (*at != 'v' && *at != 'f' && *at != 'o') continue;
      if (at + 1 != text_.end() && !is_blank(at[1]) && !is_line_end(at[1])) continue;
      text_.move_to(at + 1);
      is_in_statement_ = true;
      return *at;
    }
    is_in_statement_ = false;
    return 0;
  }

  Eigen::Vector3d vertex(std::optional<Eigen::Vector3d>& color) {
    Eigen::Vector3d vertex;
    for (int axis = 0; axis < 3; ++axis)
      if (!find_word() || !text_.number(vertex[axis]))
        refuse("its line {} has '{}' where a coordinate should be", text_.line_number(), shown(text_.word()));
    if (!vertex.allFinite()) refuse("its line {} has a coordinate that is not a number", text_.line_number());
    // Behind the position: a weight, or a colour, perhaps with a weight before it or an alpha behind it.
    double more[4];
    int count = 0;
    while (count < 4 && find_word() && text_.number(more[count])) ++count;
    color.reset();
    if (count >= 3) color = {more[0], more[1], more[2]};
    return vertex;
  }

  /// The next corner of a face, counted from 0; false when there is no more. Indices below 0 count back from
  /// `vertices`.
  bool corner(std::size_t vertices, std::int64_t& index) {
    if (!find_word()) return false;
    const char* at = text_.position();
    if (*at == '#') return false;
    if (!read_whole(at, text_.end(), index)) refuse_corner();
    while (at != text_.end() && (*at == '/' || *at == '-' || is_digit(*at))) ++at;
    if (at != text_.end() && !is_blank(*at) && !is_line_end(*at) && *at != '\\') refuse_corner();
    text_.move_to(at);
    index += index < 0 ? static_cast<std::int64_t>(vertices) : -1;
    return true;
  }

 private:
  /// To the next word of the statement; a line that ends in '\\' goes on in the next.
  bool find_word() {
    while (!text_.line_is_done()) {
      const char* const at = text_.position();
      if (*at != '\\' || at + 1 == text_.end() || !is_line_end(at[1])) return true;
      text_.next_line();
    }
    return false;
  }

  void skip_line() {
    const char* const end = text_.end();
    while (true) {
      const char* const start = text_.position();
      const char* at = start;
      while (at != end && !is_line_end(*at)) ++at;
      text_.move_to(at);
      text_.next_line();
      if (at == start || at[-1] != '\\' || text_.at_end()) return;
    }
  }

  [[noreturn]] void refuse_corner() {
    refuse("its line {} has '{}' where a corner of a face should be", text_.line_number(), shown(text_.word()));
  }

  TextCursor text_;
  bool is_in_statement_ = false;
};

/// Cut after line ends that no '\\' continues.
std::vector<Piece> cut_at_lines(std::string_view bytes) {
  constexpr std::size_t piece_bytes = std::size_t{1} << 20;
  std::vector<Piece> pieces(1);
  for (std::size_t from = piece_bytes; from < bytes.size(); from = pieces.back().begin + piece_bytes) {
    std::size_t end = bytes.find('\n', from);
    while (end != bytes.npos && (bytes[end - 1] == '\\' || (bytes[end - 1] == '\r' && bytes[end - 2] == '\\')))
      end = bytes.find('\n', end + 1);
    if (end == bytes.npos) break;
    pieces.back().end = end + 1;
    pieces.emplace_back();
    pieces.back().begin = end + 1;
  }
  pieces.back().end = bytes.size();
  return pieces;
}

/// Calls `work` for each piece, on all threads. Throws the first error of the file, whichever thread was faster.
template <class Work>
void for_each_piece(std::vector<Piece>& pieces, const Progress& progress, Work work) {
  constexpr std::size_t pieces_between_reports = 16;
  for (std::size_t first = 0; first < pieces.size(); first += pieces_between_reports) {
    progress(static_cast<double>(first) / static_cast<double>(pieces.size()));
    parallel_for(std::min(pieces_between_reports, pieces.size() - first), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = first + begin; i < first + end; ++i) try {
          work(pieces[i]);
        } catch (const Error& error) {
          pieces[i].error = error;
        }
    });
    for (const Piece& piece : pieces)
      if (piece.error) throw *piece.error;
  }
}

void count(std::string_view bytes, Piece& piece) {
  Statements statements(bytes, piece);
  while (const char kind = statements.next()) {
    piece.vertices += kind == 'v';
    piece.faces += kind == 'f';
    piece.objects += kind == 'o';
  }
}

void read_piece(std::string_view bytes, Piece& piece, Mesh& mesh) {
  Statements statements(bytes, piece);
  std::size_t vertex = piece.first_vertex;
  std::size_t face = piece.first_face;
  std::optional<Eigen::Vector3d> color;
  while (const char kind = statements.next()) {
    if (kind == 'v') {
      mesh.vertices[vertex] = statements.vertex(color);
      piece.has_colors &= color.has_value();
      if (color && !mesh.colors.empty()) mesh.colors[vertex] = *color;
      ++vertex;
    } else if (kind == 'f' && piece.has_triangles_only) {
      std::int64_t corners[3], more;
      for (std::int64_t& corner : corners) piece.has_triangles_only &= statements.corner(vertex, corner);
      piece.has_triangles_only = piece.has_triangles_only && !statements.corner(vertex, more);
      if (!piece.has_triangles_only) continue;
      // Beyond all vertices as -1 is; the sentence about it does not need the number.
      for (int i = 0; i < 3; ++i)
        mesh.triangles[face][i] = std::abs(corners[i]) <= 0x7fffffff ? static_cast<int>(corners[i]) : -1;
      ++face;
    }
  }
}

void read_polygons(std::string_view bytes, Piece& piece) {
  piece.polygons.reserve(piece.faces);
  Statements statements(bytes, piece);
  std::size_t vertex = piece.first_vertex;
  while (const char kind = statements.next()) {
    vertex += kind == 'v';
    if (kind != 'f') continue;
    std::int64_t index;
    while (statements.corner(vertex, index)) piece.polygons.corners.push_back(index);
    piece.polygons.close_face();
  }
}

Polygons joined(const std::vector<Piece>& pieces) {
  Polygons all;
  all.first_index = 1;
  for (const Piece& piece : pieces) {
    const std::size_t first = all.corners.size();
    all.corners.insert(all.corners.end(), piece.polygons.corners.begin(), piece.polygons.corners.end());
    for (std::size_t end : piece.polygons.ends) all.ends.push_back(first + end);
  }
  return all;
}

/// Some programs write colours from 0 to 255.
void scale_colors(std::vector<Eigen::Vector3d>& colors) {
  double largest = 0.0;
  for (const Eigen::Vector3d& color : colors) largest = std::max(largest, color.maxCoeff());
  if (largest > 1.0)
    for (Eigen::Vector3d& color : colors) color /= 255.0;
}

/// Whether the file's first vertex has a colour; the others follow it or none is kept.
bool begins_with_color(std::string_view bytes, const std::vector<Piece>& pieces) {
  for (const Piece& piece : pieces) {
    Statements statements(bytes, piece);
    if (piece.vertices == 0) continue;
    while (statements.next() != 'v') {
    }
    std::optional<Eigen::Vector3d> color;
    statements.vertex(color);
    return color.has_value();
  }
  return false;
}

}  // namespace

MeshFile read_obj(std::string_view bytes, const Progress& progress) {
  std::vector<Piece> pieces = cut_at_lines(bytes);
  for_each_piece(pieces, progress.part(0.0, 0.2), [&](Piece& piece) { count(bytes, piece); });
  MeshFile file;
  file.format = "OBJ";
  file.objects = 0;
  std::size_t vertices = 0, faces = 0;
  for (Piece& piece : pieces) {
    piece.first_vertex = vertices;
    piece.first_face = faces;
    vertices += piece.vertices;
    faces += piece.faces;
    file.objects += piece.objects;
  }
  file.objects = std::max<std::size_t>(file.objects, 1);
  file.mesh.vertices.resize(vertices);
  file.mesh.triangles.resize(faces);
  if (begins_with_color(bytes, pieces)) file.mesh.colors.resize(vertices);
  for_each_piece(pieces, progress.part(0.2, 0.8), [&](Piece& piece) { read_piece(bytes, piece, file.mesh); });
  if (!std::ranges::all_of(pieces, &Piece::has_colors)) file.mesh.colors.clear();
  scale_colors(file.mesh.colors);
  if (std::ranges::all_of(pieces, &Piece::has_triangles_only)) {
    check_corners(file.mesh, 1);
  } else {
    file.mesh.triangles.clear();
    for_each_piece(pieces, progress.part(0.8, 0.9), [&](Piece& piece) { read_polygons(bytes, piece); });
    triangulate(joined(pieces), file);
  }
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
