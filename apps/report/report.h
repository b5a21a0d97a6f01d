#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libfit/pipeline.h"
#include "libfit/progress.h"

namespace fit {

using NamedText = std::pair<std::string, std::string>;

/// What the slicer says that printing takes.
struct PrintEstimate {
  double time_s = 0.0;
  double filament_g = 0.0;
};

/// What the report tells of.
struct ReportInput {
  const Design& design;
  const Outputs& outputs;
  const Findings& findings;            ///< of all stages, the slicer's too
  std::string case_code;               ///< no patient's name
  std::vector<NamedText> versions;     ///< "Fit", "0.1.0" ...
  std::vector<NamedText> sha256;       ///< of the files of the case, by name
  std::optional<PrintEstimate> print;  ///< when it was sliced
};

/// The pictures of a report, pieces of HTML: most of the work on one. They hang on `design` and `outputs` alone, so that
/// they can be drawn while files are written whose hashes the report names.
struct ReportPictures {
  std::string limb, changes, socket, walls;
};

/// Throws Cancelled.
ReportPictures report_pictures(const ReportInput& input, const Progress& progress = {});

/// The report as one HTML file that needs no network: page one is a decision card to print and sign; then pictures,
/// measurements, findings, parameters, versions. What was not made is left out. There is no clock in it: the same input
/// gives the same bytes, on any number of threads.
/// Throws Error::bad_params (a finding that is not in the catalogue).
std::string report_html(const ReportInput& input, const ReportPictures& pictures);

}  // namespace fit
