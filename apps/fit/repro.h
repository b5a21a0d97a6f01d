#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/case_source.h"

namespace fit::cli {

/// What replays a failure elsewhere: the scan as triangles alone (a mesh file's header and comments can hold a name),
/// the design without words that a person typed, versions and the sentence that was said. `fit build repro.zip -o DIR`
/// replays it. The same bytes for the same failure.
std::string repro_zip(const CaseSource& source, const std::string& problem);

/// The same where the scan could not be read at all, or reading it ended the program: with the scan's file as it came,
/// which problem.txt says, since a name may stand in it. Empty when the file is larger than 256 MB or is a folder.
std::string repro_zip_of_file(const std::filesystem::path& scan, const Design& design, const std::string& problem);

/// Takes the project and the scan of a repro.zip into a folder; gives the project's path.
/// Throws Error::bad_input for an archive that holds no such files, or files that are absurdly large; what
/// `project_from_text` throws.
std::filesystem::path unpack_repro(const std::filesystem::path& archive, const std::filesystem::path& folder);

}  // namespace fit::cli
