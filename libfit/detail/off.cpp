#include <cmath>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/polygons.h"
#include "libfit/detail/text_numbers.h"

namespace fit::detail {

namespace {

/// What the first word of a file says about its vertices: [ST][C][N][4][n]OFF (Geomview's manual).
struct Kind {
  bool has_normals = false;
  bool has_colors = false;
};

Kind kind_named(std::string_view word) {
  Kind kind;
  if (word.starts_with("ST")) word.remove_prefix(2);
  if (word.starts_with('C')) {
    kind.has_colors = true;
    word.remove_prefix(1);
  }
  if (word.starts_with('N')) {
    kind.has_normals = true;
    word.remove_prefix(1);
  }
  if (word != "OFF") refuse("its kind of OFF, '{}', does not have points of three coordinates", shown(word));
  return kind;
}

class OffReader {
 public:
  explicit OffReader(std::string_view bytes) : text_(bytes), kind_(read_kind()) {
    vertices_ = read_count("vertices");
    faces_ = read_count("faces");
    text_.next_line();  // the number of edges, which many programs leave at 0, is not needed
  }

  void read(MeshFile& file, const Progress& progress) {
    read_vertices(file, progress.part(0.0, 0.5));
    Polygons polygons;
    read_faces(polygons, progress.part(0.5, 1.0));
    triangulate(polygons, file);
  }

 private:
  Kind read_kind() {
    text_.find_content('#');
    const Kind kind = kind_named(text_.word());
    TextCursor ahead = text_;
    if (ahead.word() == "BINARY") refuse("it is a binary OFF; save it as text, or as STL or PLY");
    return kind;
  }

  std::int64_t read_count(const char* of) {
    std::int64_t count;
    if (!text_.find_content('#') || !text_.whole(count) || count < 0)
      refuse("its header does not say how many {} there are", of);
    return count;
  }

  void begin_item(std::int64_t item, std::int64_t promised, const char* of) {
    if (!text_.find_content('#'))
      refuse("its header promises {} {} and the file ends after {}; it was cut off, so export or copy it again",
             promised, of, item);
  }

  void read_vertices(MeshFile& file, const Progress& progress) {
    file.mesh.vertices.reserve(std::min<std::size_t>(vertices_, text_.left() / 6));
    for (std::int64_t item = 0; item < vertices_; ++item) {
      if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(vertices_));
      begin_item(item, vertices_, "vertices");
      Eigen::Vector3d vertex;
      for (int axis = 0; axis < 3; ++axis)
        if (!text_.number(vertex[axis]))
          refuse("its line {} has '{}' where a coordinate should be", text_.line_number(), shown(text_.word()));
      if (!vertex.allFinite()) refuse("its line {} has a coordinate that is not a number", text_.line_number());
      file.mesh.vertices.push_back(vertex);
      if (kind_.has_colors) read_color(file.mesh.colors);
      text_.next_line();
    }
    if (file.mesh.colors.size() != file.mesh.vertices.size()) file.mesh.colors.clear();
    const bool to_255 =
        std::ranges::any_of(file.mesh.colors, [](const Eigen::Vector3d& c) { return c.maxCoeff() > 1.0; });
    if (to_255)
      for (Eigen::Vector3d& color : file.mesh.colors) color /= 255.0;
  }

  void read_color(std::vector<Eigen::Vector3d>& colors) {
    double skipped;
    for (int i = 0; i < (kind_.has_normals ? 3 : 0); ++i)
      if (!text_.number(skipped)) return;
    Eigen::Vector3d color;
    for (int channel = 0; channel < 3; ++channel)
      if (!text_.number(color[channel])) return;
    colors.push_back(color);
  }

  void read_faces(Polygons& polygons, const Progress& progress) {
    polygons.reserve(std::min<std::size_t>(faces_, text_.left() / 8));
    for (std::int64_t item = 0; item < faces_; ++item) {
      if (item % 65536 == 0) progress(static_cast<double>(item) / static_cast<double>(faces_));
      begin_item(item, faces_, "faces");
      std::int64_t count;
      if (!text_.whole(count) || count < 0 || static_cast<std::size_t>(count) > text_.left())
        refuse("its line {} does not begin with a number of corners", text_.line_number());
      for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t corner;
        if (!text_.whole(corner))
          refuse("its line {} has '{}' where corner {} of {} should be", text_.line_number(), shown(text_.word()),
                 i + 1, count);
        polygons.corners.push_back(corner);
      }
      polygons.close_face();
      text_.next_line();  // past the face's colour
    }
  }

  TextCursor text_;
  Kind kind_;
  std::int64_t vertices_ = 0;
  std::int64_t faces_ = 0;
};

}  // namespace

MeshFile read_off(std::string_view bytes, const Progress& progress) {
  MeshFile file;
  file.format = "OFF";
  OffReader(bytes).read(file, progress);
  return file;
}

}  // namespace fit::detail
