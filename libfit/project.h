#pragma once

#include <filesystem>
#include <string>

#include "libfit/pipeline.h"

namespace fit {

/// What a project file (case.fit.json) holds: the scan it starts from and all that a person decided, no results and no
/// patient's name.
struct Project {
  std::string made_by;      ///< program and version that wrote it
  std::string scan_file;    ///< the copy of the scan, beside the project file or in a folder below it
  std::string scan_sha256;  ///< of that file's bytes, 64 lower-case hex digits
  Design design;

  bool operator==(const Project&) const = default;
};

/// The newest format that this program writes and reads.
inline constexpr int project_format = 1;

/// The project as JSON text; the same text for the same project, always.
std::string project_text(const Project& project);

/// Reads a project. A key that is missing takes its default; an older format is brought up to date one step after the
/// other.
/// Throws Error::bad_input (not JSON, not a project, a newer format, a scan outside the project's folder),
/// Error::bad_params (an unknown key, named by its path with the nearest known one; a value outside its range).
Project project_from_text(std::string_view text);

/// A project and the bytes of its scan.
struct Opened {
  Project project;
  std::string scan_bytes;
};

/// Reads a project file and the scan beside it.
/// Throws as `project_from_text`, Error::io, and Error::bad_input when the scan is not the one the project was made of.
Opened open_project(const std::filesystem::path& path);

}  // namespace fit
