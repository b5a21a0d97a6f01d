#include "apps/fit/batch/slurm.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "apps/fit/console.h"
#include "apps/slicing/process.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

constexpr double command_timeout_s = 120.0;
constexpr double usual_case_s = 5.0;
constexpr int watch_every_ms = 1000;

std::string quoted(const std::string& word) {
  std::string safe = "'";
  for (char c : word) safe += c == '\'' ? "'\\''" : std::string(1, c);
  return safe + "'";
}

std::string without_end(std::string text) {
  text.erase(text.find_last_not_of(" \r\n") + 1);
  return text;
}

/// What a command of Slurm says. Throws Error::io when it fails.
std::string asked(const std::vector<std::string>& command) {
  const ProcessResult result = run_process(command, command_timeout_s);
  if (result.exit_code != 0)
    throw Error(ErrorKind::io, fmt::format("Slurm's {} failed: {}.", command[0], without_end(result.output)));
  return result.output;
}

/// The cluster's limit on tasks of an array.
std::size_t most_tasks_of_array() {
  std::istringstream lines(asked({"scontrol", "show", "config"}));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("MaxArraySize")) return std::strtoul(line.c_str() + line.find('=') + 1, nullptr, 10) - 1;
  return 1000;
}

/// Running and waiting tasks of a job; both none when it has left the queue.
struct Queued {
  std::size_t running = 0, waiting = 0;
  bool any() const { return running + waiting > 0; }
};

Queued queued(const std::string& job) {
  const ProcessResult result = run_process({"squeue", "-h", "-r", "-j", job, "-o", "%T"}, command_timeout_s);
  // A job that has been gone for some minutes is not known any more.
  if (result.exit_code != 0) {
    if (result.output.find("Invalid job id") != std::string::npos) return {};
    return {0, 1};  // the controller is away for a while: wait on
  }
  Queued now;
  std::istringstream lines(result.output);
  for (std::string state; std::getline(lines, state);)
    ++(state == "RUNNING" || state == "COMPLETING" ? now.running : now.waiting);
  return now;
}

class SlurmBatch {
 public:
  SlurmBatch(const std::vector<BatchCase>& cases, const BatchProgram& program, const CaseStore& store,
             const SlurmRun& run)
      : cases_(cases), program_(program), store_(store), run_(run), folder_(store.out() / "slurm") {}

  BatchRan run() {
    fs::create_directories(folder_);
    most_tasks_ = most_tasks_of_array();
    for (const BatchCase& one : cases_) keys_.push_back(key_or_problem(one));
    ran_.tally.all = cases_.size();
    ran_.tally.kept = finished();
    if (const std::string earlier = job_of_earlier_run(); !earlier.empty()) watch(earlier);
    for (std::size_t done = finished(), before = cases_.size() + 1; done < cases_.size() && done != before;) {
      if (ran_.stopped) break;
      before = done;
      watch(submit(cases_.size() - done));
      done = finished();
      // Once more when nothing moved: a node may have failed under every task.
      if (done == before && !ran_.stopped && !tried_again_) tried_again_ = true, before = cases_.size() + 1;
    }
    count();
    return ran_;
  }

 private:
  /// A row that cannot be has the key that run_cases gives it.
  std::string key_or_problem(const BatchCase& one) const { return case_key(one, program_).key; }

  std::size_t finished() const {
    std::size_t done = 0;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const auto outcome = store_.find(cases_[i].id);
      done += outcome && outcome->key == keys_[i];
    }
    return done;
  }

  void count() {
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const auto outcome = store_.find(cases_[i].id);
      if (!outcome || outcome->key != keys_[i]) {
        ++ran_.tally.unfinished;
        continue;
      }
      ran_.tally.count(outcome->status);
    }
  }

  std::string job_of_earlier_run() const {
    const fs::path file = folder_ / "job";
    if (!fs::exists(file)) return "";
    const std::string job = without_end(read_file(file));
    return !job.empty() && queued(job).any() ? job : "";
  }

  std::string submit(std::size_t left) {
    const std::size_t chunk = cases_of_a_task(left, usual_case_s, run_.workers, run_.task_s, most_tasks_);
    // Parts are counted over all cases; those that are finished cost a look.
    const std::size_t tasks = (left + chunk - 1) / chunk;
    const fs::path script = folder_ / "job.sh";
    write_file(script, slurm_script(run_, folder_, tasks));
    const std::string job = without_end(asked({"sbatch", "--parsable", script.string()}));
    write_file(folder_ / "job", job + "\n");
    say(fmt::format("Slurm job {}: {} cases in {} tasks", job, left, tasks));
    return job;
  }

  void watch(const std::string& job) {
    std::string before;
    for (Queued now = queued(job); now.any(); now = queued(job)) {
      const std::string words = fmt::format("Slurm job {}: {} tasks running, {} waiting; {} of {} cases done", job,
                                            now.running, now.waiting, folders(), cases_.size());
      if (words != before) say(words);
      before = words;
      for (int waited = 0; waited < watch_every_ms && !Console::interrupted(); waited += 50) poll(nullptr, 0, 50);
      if (!Console::interrupted()) continue;
      ran_.stopped = true;
      asked({"scancel", job});
      return;
    }
    std::error_code ignored;
    fs::remove(folder_ / "job", ignored);
  }

  /// Cases that stand in their place; good enough to show.
  std::size_t folders() const {
    std::error_code failed;
    std::size_t count = 0;
    for (auto at = fs::directory_iterator(store_.out() / "cases", failed); at != fs::directory_iterator();
         at.increment(failed))
      ++count;
    return count;
  }

  void say(const std::string& line) const {
    if (run_.quiet) return;
    fmt::print(stderr, "{}\n", line);
    std::fflush(stderr);
  }

  const std::vector<BatchCase>& cases_;
  const BatchProgram& program_;
  const CaseStore& store_;
  const SlurmRun& run_;
  fs::path folder_;
  std::size_t most_tasks_ = 1000;
  std::vector<std::string> keys_;
  bool tried_again_ = false;
  BatchRan ran_;
};

}  // namespace

std::size_t cases_of_a_task(std::size_t cases, double case_s, int workers, double task_s, std::size_t most_tasks) {
  const auto enough = static_cast<std::size_t>(std::ceil(task_s * workers / case_s));
  const std::size_t must = (cases + most_tasks - 1) / std::max<std::size_t>(1, most_tasks);
  return std::max({std::size_t{1}, enough, must});
}

std::string slurm_script(const SlurmRun& run, const fs::path& folder, std::size_t tasks) {
  std::string script = "#!/bin/sh\n#SBATCH --job-name=fit-batch\n";
  script += fmt::format("#SBATCH --array=1-{}\n#SBATCH --cpus-per-task={}\n#SBATCH --mem={:.0f}M\n", tasks, run.workers,
                        run.workers * run.case_memory_mb);
  script += fmt::format("#SBATCH --output={}/%A_%a.log\n", folder.string());
  // A task whose node is lost is submitted again by the watcher at once; the cluster would let it wait for minutes.
  script += "#SBATCH --no-requeue\n";
  if (!run.partition.empty()) script += fmt::format("#SBATCH --partition={}\n", run.partition);
  script += "exec";
  for (const std::string& word : run.words) script += " " + quoted(word);
  return script + fmt::format(" --workers={} --shard=\"$SLURM_ARRAY_TASK_ID/{}\"\n", run.workers, tasks);
}

BatchRan run_on_slurm(const std::vector<BatchCase>& cases, const BatchProgram& program, const CaseStore& store,
                      const SlurmRun& run) {
  return SlurmBatch(cases, program, store, run).run();
}

}  // namespace fit::cli
