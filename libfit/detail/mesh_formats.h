#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "libfit/error.h"
#include "libfit/mesh_io.h"

/// One reader and one writer a format, on bytes in memory. Readers throw Error::bad_input whose text is a clause
/// without the file's name ("its line 12 has ..."); `mesh_from_bytes` makes the sentence of it.
namespace fit::detail {

/// Throws what a reader throws for bytes that it cannot accept.
template <class... Value>
[[noreturn]] void refuse(fmt::format_string<Value...> clause, Value&&... values) {
  throw Error(ErrorKind::bad_input, fmt::format(clause, std::forward<Value>(values)...));
}

/// What `read_mesh` does once the bytes are in memory. `name` is the file's, for its ending and for the sentence.
MeshFile mesh_from_bytes(std::string_view bytes, const std::filesystem::path& name, const Progress& progress = {});

/// Reads by the format that the bytes themselves show; `ending` (".stl", in small letters) decides what they leave
/// open.
MeshFile read_by_content(std::string_view bytes, std::string_view ending, const Progress& progress);

MeshFile read_binary_stl(std::string_view bytes, const Progress& progress);
MeshFile read_ascii_stl(std::string_view bytes, const Progress& progress);
MeshFile read_ply(std::string_view bytes, const Progress& progress);
MeshFile read_obj(std::string_view bytes, const Progress& progress);
MeshFile read_off(std::string_view bytes, const Progress& progress);
MeshFile read_3mf(std::string_view bytes, const Progress& progress);

/// Whether the header's count of triangles and the size agree, as in no other format.
bool is_exact_binary_stl(std::string_view bytes);

std::string binary_stl_of(const Mesh& mesh, const MeshExtras& extras);
std::string ply_of(const Mesh& mesh, const MeshExtras& extras);
std::string obj_of(const Mesh& mesh, const MeshExtras& extras);
std::string threemf_of(const Mesh& mesh, const MeshExtras& extras);

/// A text that stays on its line.
inline std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 32) c = ' ';
  return text;
}

/// The finding that numbers of 32 bits leave steps that are coarse for a mesh of this size so far from the origin.
/// Throws (a clause) where they are so coarse that the shape is lost.
void judge_steps_of_32_bits(MeshFile& file);

/// Leaves out triangles that name a vertex twice, with their values, and says how many.
void drop_collapsed_triangles(MeshFile& file);

/// Rounds each coordinate to 32 bits and keeps vertices apart that were apart.
void round_to_32_bits(Mesh& mesh);

}  // namespace fit::detail
