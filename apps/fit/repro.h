#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/case_source.h"

namespace fit::cli {

/// What replays a failure elsewhere: the scan as triangles alone (a mesh file's header and comments can hold a name),
/// the design without words that a person typed, versions and the sentence that was said. `fit build repro.zip -o DIR`
/// replays it. The same bytes for the same failure.
std::string repro_zip(const CaseSource& source, const std::string& problem);

/// Takes the project and the scan of a repro.zip into a folder; gives the project's path.
/// Throws Error::bad_input for an archive that holds no such files, or files that are absurdly large.
std::filesystem::path unpack_repro(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace fit::cli
