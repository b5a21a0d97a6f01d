#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "apps/fit/command.h"
#include "libfit/landmark_file.h"
#include "libfit/mesh_io.h"
#include "libfit/pipeline.h"

namespace fit::cli {

/// What a case is made from.
struct CaseSource {
  Design design;
  MeshFile scan;
  std::string scan_bytes;
  std::string scan_file;  ///< name of the copy beside the case: "scan.stl"; the scan's own name may be a person's
  std::optional<LandmarkFile> landmark_file;  ///< of --landmarks
};

/// A scan, a project file (its scan beside it), the folder of one, or the repro.zip of a failure, with what was said on
/// top.
/// Throws what the readers throw, and Error::bad_params naming the flags of all decisions that are missing up to
/// `last`.
CaseSource open_source(const std::filesystem::path& path, const Arguments& said, Stage last, const Progress& progress);

/// The name of the copy of a scan beside its case: "scan.stl".
std::string scan_copy_name(const std::filesystem::path& scan);

/// The pipeline of a case, knowing the printers that Fit comes with.
Pipeline pipeline_of(const CaseSource& source);

/// Puts the landmarks that were said into the source's design: those of --landmarks (in the limb frame they need the
/// limb found first), and with --landmarks-confirmed the proposed ones as well.
void place_landmarks(const Arguments& said, Pipeline& pipeline, CaseSource& source, const Progress& progress);

/// The findings of a pipeline with those of reading the scan before them.
Findings all_findings(const CaseSource& source, const Outputs& outputs);

}  // namespace fit::cli
