#pragma once

#include <string>

#include "apps/fit/case_files.h"
#include "libfit/project.h"

namespace fit::cli {

/// The report for programs: design, versions, hashes of what went in and came out, findings, landmarks, measurements.
std::string report_json(const Project& project, const Outputs& outputs, const CaseFiles& files);

}  // namespace fit::cli
