#pragma once

#include <string>
#include <vector>

#include "libfit/progress.h"

namespace fit {

struct ProcessResult {
  int exit_code = 0;   ///< 128 + the signal's number for a program that was killed
  std::string output;  ///< the last 64 kB of what it wrote to standard output and error
};

/// Runs a program to its end. `progress` is called at least ten times a second, with a fraction that nears 1 as the
/// time allowed runs out; asked to stop, it kills the program and all that the program started. Throws Error::io (no
/// such program, in one sentence that names it), Error::no_solution (not done within `timeout_s`, and killed),
/// Cancelled.
ProcessResult run_process(const std::vector<std::string>& command, double timeout_s, const Progress& progress = {});

}  // namespace fit
