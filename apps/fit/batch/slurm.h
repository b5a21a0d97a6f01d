#pragma once

#include <string>
#include <vector>

#include "apps/fit/batch/run_cases.h"

namespace fit::cli {

/// How cases go to a cluster.
struct SlurmRun {
  std::vector<std::string> words;  ///< `fit batch ...` without the options of the engine and of the part
  int workers = 1;                 ///< cores of a task
  double case_memory_mb = 2000.0;
  double task_s = 60.0;   ///< a task takes at least about this long
  std::string partition;  ///< empty: the cluster's own choice
  bool quiet = false;
};

/// How many cases a task takes, so that it runs for about `task_s` and that there are at most `most_tasks`.
std::size_t cases_of_a_task(std::size_t cases, double case_s, int workers, double task_s, std::size_t most_tasks);

/// The script of a job array of `tasks` tasks, each of which makes one part of the batch.
std::string slurm_script(const SlurmRun& run, const std::filesystem::path& folder, std::size_t tasks);

/// Makes the cases on a Slurm cluster: submits a job array, watches it, submits what was left again as long as anything
/// moves. A job of an earlier run in the same folder that is still queued is waited for, not doubled. All nodes see the
/// store's folder, the scans and the program under the same paths. Asked to stop, it cancels the job.
/// Throws Error::io (no Slurm, a job that is refused).
BatchRan run_on_slurm(const std::vector<BatchCase>& cases, const BatchProgram& program, const CaseStore& store,
                      const SlurmRun& run);

}  // namespace fit::cli
