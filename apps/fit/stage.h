#pragma once

#include <string>
#include <vector>

#include "apps/fit/case_source.h"
#include "apps/fit/console.h"

/// A step of the pipeline alone: it starts from a scan or a case, and gives what that step makes.
namespace fit::cli {

struct Reached {
  CaseSource source;
  Outputs outputs;
  Findings findings;
};

/// Runs the pipeline up to a stage on what was said: SCAN and the flags of the design.
Reached run_to(Stage stage, const Arguments& arguments, Console& console);

/// SCAN, the file to write and the flags of these parts of the design.
Command stage_command(const std::string& name, const std::string& help, const std::string& output_help,
                      std::initializer_list<std::string_view> parts, Outcome (*run)(const Arguments&, Console&));

/// What a step ends with: the findings so far, and the file that was written.
Outcome outcome_of(const Reached& reached, const std::string& file);

}  // namespace fit::cli
