#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/case_files.h"
#include "libfit/mesh_io.h"

namespace fit::cli {

/// What replays a failure elsewhere: the scan as triangles alone (a mesh file's header and comments can hold a name),
/// the design without words that a person typed, versions and the sentence that was said. `fit build repro.zip -o DIR`
/// replays it. The same bytes for the same failure.
std::string repro_zip(const Design& design, const MeshFile& scan, const std::string& problem);

/// Whether the file is a zip archive, by its first bytes.
bool is_zip(const std::filesystem::path& path);

/// Takes the project and the scan of a repro.zip into a folder; gives the project's path.
/// Throws Error::bad_input for an archive that holds no such files, or files that are absurdly large.
std::filesystem::path unpack_repro(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace fit::cli
