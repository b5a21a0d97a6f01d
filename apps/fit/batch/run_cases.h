#pragma once

#include <string>
#include <vector>

#include "apps/fit/batch/board.h"
#include "apps/fit/batch/case_store.h"
#include "apps/fit/batch/manifest.h"

namespace fit::cli {

/// How a batch is run.
struct BatchRun {
  int workers = 2;
  ProcessLimits limits;       ///< of one case
  bool retry_failed = false;  ///< cases that failed before are done again
  bool quiet = false;
};

/// What came of a run.
struct BatchRan {
  BatchTally tally;
  bool stopped = false;     ///< a person asked to stop
  std::string environment;  ///< why the run was given up: the disk is full, a program is missing; else empty
};

/// Makes every case that is not finished in the store yet, each in a process of its own, and puts what came of it
/// there. A case that was finished with the same key is kept. Throws Error::io.
BatchRan run_cases(const std::vector<BatchCase>& cases, const BatchProgram& program, CaseStore& store,
                   const BatchRun& run);

}  // namespace fit::cli
