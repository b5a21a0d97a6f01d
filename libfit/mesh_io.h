#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libfit/aop.h"
#include "libfit/mesh.h"
#include "libfit/progress.h"
#include "libfit/solid.h"
#include "libfit/units.h"

namespace fit {

/// What a mesh file holds, in its own numbers.
struct MeshFile {
  Mesh mesh;                          ///< all objects of the file in one, welded where the format repeats corners (STL)
  std::string format;                 ///< "binary STL", "ascii PLY", ...
  std::optional<Unit> declared_unit;  ///< 3MF says one
  std::size_t objects = 1;
  std::optional<Aop> aop;  ///< what an .aop file says; the mesh is its surface by the default AopGrid
  Findings findings;  ///< what was odd and mended: a triangle count that is not the file's, ...
  /// Named numbers one a vertex, or one a triangle, that a PLY carries beside colours ("change_mm", "invented").
  std::vector<std::pair<std::string, Values>> vertex_values;
  std::vector<std::pair<std::string, Values>> triangle_values;
};

/// Reads STL (binary and ascii), PLY (ascii and both endians), OBJ, OFF, 3MF or AAOP (.aop), told apart by content, the name's
/// ending only deciding where content cannot. Polygons become triangles. Allocates in proportion to the file's size,
/// whatever its header says.
/// Throws Error::io (no file, no permission, a directory), Error::bad_input (empty, truncated, not a mesh, an index out
/// of range, a coordinate that is not a number; only points or lines), Cancelled.
MeshFile read_mesh(const std::filesystem::path& path, const Progress& progress = {});

/// What is written beside the geometry.
struct MeshExtras {
  std::string name;                                             ///< of the object
  std::vector<std::pair<std::string, std::string>> metadata;    ///< PLY: comments; 3MF: metadata
  std::vector<std::pair<std::string, Values>> vertex_values;    ///< PLY alone
  std::vector<std::pair<std::string, Values>> triangle_values;  ///< PLY alone
};

/// Writes a surface for work: binary PLY, OBJ, binary STL or 3MF by the name's ending. The same bytes for the same
/// values, always. The file appears whole or not at all (see `write_file`).
/// PLY and OBJ keep doubles; STL and 3MF have 32-bit numbers.
/// Throws Error::bad_params (an ending it does not know), Error::io.
void write_mesh(const std::filesystem::path& path, const Mesh& mesh, const MeshExtras& extras = {});

/// The solid as a print file holds it: every vertex rounded to 32 bits, and those that would fall together kept apart
/// by the smallest steps of such numbers (3e-5 mm at 300 mm). What is printed is this solid: check this one.
/// Throws Error::bad_input when its volume is lost by the rounding.
Solid print_solid(const Solid& solid);

/// Writes `print_solid(solid)` as STL or 3MF by the name's ending. Before a byte is on the disk the file's contents are
/// read as any program would: they must be a Solid of the same volume within 1e-4, or Error::no_solution is thrown.
/// Throws Error::bad_params (another ending), Error::io.
void write_print(const std::filesystem::path& path, const Solid& solid, const MeshExtras& extras = {});

}  // namespace fit
