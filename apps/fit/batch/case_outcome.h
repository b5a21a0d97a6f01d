#pragma once

#include <optional>

#include "apps/fit/batch/case_store.h"

namespace fit::cli {

/// How a case ended: with an outcome, or not at all.
struct CaseEnd {
  std::optional<CaseOutcome> outcome;  ///< none: the case stays unfinished and is done again by the next run
  std::string reason;                  ///< why there is none
  bool stop = false;                   ///< the disk or the installation is at fault: the other cases would fail as well
};

/// What came of a case whose process has ended, out of what it wrote into `folder` and said. A case that failed over
/// its scan has its repro.zip there afterwards. Throws Error::io.
CaseEnd outcome_of(const BatchCase& one, const std::string& key, const LimitedProcess& process, LimitedProcess::End end,
                   const ProcessLimits& limits, const std::filesystem::path& folder);

/// The outcome of a row that cannot be, or whose scan cannot be opened: nothing was run.
CaseOutcome outcome_of_problem(const BatchCase& one, const std::string& key, const std::string& problem);

}  // namespace fit::cli
