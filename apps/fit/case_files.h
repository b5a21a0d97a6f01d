#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "apps/fit/case_source.h"
#include "apps/slicing/slice.h"
#include "libfit/progress.h"

/// The files of a case: what `fit make`, `fit build` and `fit verify` write and compare.
namespace fit::cli {

/// Every name that a case's folder may hold beside the scan.
const std::set<std::string>& case_file_names();

/// What was written, and what it was made of.
struct CaseFiles {
  Findings findings;                          ///< of all stages and of the slicer
  Findings forbidding;                        ///< those that stand in the way of printing
  std::map<std::string, std::string> sha256;  ///< of each file, by name
  std::optional<Sliced> sliced;
  std::optional<AsPrinted> as_printed;  ///< of the sliced socket
};

/// Writes limb, positive, project and report of what the pipeline made, and the print files if nothing forbids them,
/// into an empty folder. The same bytes for the same case, always.
CaseFiles write_case(const std::filesystem::path& folder, const CaseSource& source, const Outputs& outputs,
                     bool slice_too, const Progress& progress);

}  // namespace fit::cli
