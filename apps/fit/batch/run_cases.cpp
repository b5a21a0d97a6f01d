#include "apps/fit/batch/run_cases.h"

#include <fmt/format.h>
#include <poll.h>

#include <deque>
#include <memory>

#include "apps/fit/batch/case_outcome.h"
#include "apps/fit/console.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

/// A process that the system ended is tried again: that says nothing about its case.
constexpr int most_tries = 3;

struct Task {
  const BatchCase* one = nullptr;
  std::string key;
  int tries = 0;
};

struct Worker {
  Task task;
  std::unique_ptr<LimitedProcess> process;
  fs::path folder;
};

class Batch {
 public:
  Batch(const std::vector<BatchCase>& cases, const BatchProgram& program, CaseStore& store, const BatchRun& run)
      : program_(program), store_(store), run_(run), board_(static_cast<std::size_t>(run.workers), run.quiet) {
    workers_.resize(static_cast<std::size_t>(run.workers));
    for (const BatchCase& one : cases) waiting_.push_back({&one, "", 0});
    ran_.tally.all = cases.size();
  }

  BatchRan run() {
    while (true) {
      if (Console::interrupted()) stop_all();
      for (std::size_t i = 0; i < workers_.size(); ++i)
        if (workers_[i].process) watch(i);
      for (std::size_t i = 0; i < workers_.size() && !stopping(); ++i)
        if (!workers_[i].process) start_next(i);
      board_.refresh(ran_.tally);
      if (idle() && (stopping() || waiting_.empty())) break;
      wait();
    }
    board_.clear();
    return ran_;
  }

 private:
  bool stopping() const { return ran_.stopped || !ran_.environment.empty(); }
  bool idle() const {
    for (const Worker& worker : workers_)
      if (worker.process) return false;
    return true;
  }

  void stop_all() {
    ran_.stopped = true;
    for (Worker& worker : workers_)
      if (worker.process) worker.process->stop();
  }

  void wait() const {
    std::vector<pollfd> outputs;
    for (const Worker& worker : workers_)
      if (worker.process) outputs.push_back({worker.process->output_descriptor(), 0, 0});
    // A process that ends closes its output.
    poll(outputs.data(), outputs.size(), 50);
  }

  bool is_kept(const CaseOutcome& before, const std::string& key) const {
    if (before.key != key) return false;
    if (before.status != CaseStatus::failed) return true;
    return !run_.retry_failed && (!before.limits || before.limits == run_.limits);
  }

  /// Starts a case on a free worker, passing over those that need no process.
  void start_next(std::size_t at) {
    while (!waiting_.empty() && !Console::interrupted()) {
      Task task = std::move(waiting_.front());
      waiting_.pop_front();
      if (settled_without_process(task)) continue;
      start(at, std::move(task));
      return;
    }
  }

  bool settled_without_process(Task& task) {
    const BatchCase& one = *task.one;
    const CaseKey key = case_key(one, program_);
    task.key = key.key;
    const auto before = store_.find(one.id);
    if (before && is_kept(*before, task.key)) {
      ++ran_.tally.kept;
      ran_.tally.count(before->status);
      board_.refresh(ran_.tally);
      return true;
    }
    if (key.problem.empty()) return false;
    store_.begin(one.id);
    settle(one, outcome_of_problem(one, key.key, key.problem), 0.0);
    return true;
  }

  void start(std::size_t at, Task task) {
    Worker& worker = workers_[at];
    worker.folder = store_.begin(task.one->id);
    std::vector<std::string> words{
        program_.path.string(), "make", task.one->scan.string(), "-o", worker.folder.string(), "--threads=1", "--json"};
    if (program_.slice) words.emplace_back("--slice");
    words.insert(words.end(), {"--view", "--view-assets=../../assets", "--view-title=" + task.one->id});
    for (std::string& word : task.one->words()) words.push_back(std::move(word));
    worker.process = std::make_unique<LimitedProcess>(words, run_.limits);
    worker.task = std::move(task);
  }

  void watch(std::size_t at) {
    Worker& worker = workers_[at];
    const LimitedProcess::End end = worker.process->look();
    if (end == LimitedProcess::End::running) {
      board_.say(at, fmt::format("{}  {}  {:.0f} s", worker.task.one->id, worker.process->last_line(),
                                 worker.process->seconds()));
      return;
    }
    const std::unique_ptr<LimitedProcess> process = std::move(worker.process);
    board_.say(at, "");
    const BatchCase& one = *worker.task.one;
    CaseEnd ended = outcome_of(one, worker.task.key, *process, end, run_.limits, worker.folder);
    if (ended.outcome) {
      if (ended.outcome->status == CaseStatus::failed && fs::exists(worker.folder))
        write_file(worker.folder / "log.txt", process->err());
      settle(one, *ended.outcome, process->seconds());
    } else if (ended.stop) {
      ++ran_.tally.unfinished;
      ran_.environment = ended.reason;
    } else if (!stopping() && ++worker.task.tries < most_tries) {
      waiting_.push_front(std::move(worker.task));
    } else {
      ++ran_.tally.unfinished;
      if (!stopping()) board_.log(fmt::format("{}: not finished, {}", one.id, ended.reason), ran_.tally);
    }
  }

  void settle(const BatchCase& one, const CaseOutcome& outcome, double seconds) {
    store_.publish(one.id, outcome);
    ran_.tally.count(outcome.status);
    std::string words;
    if (outcome.status == CaseStatus::printable)
      words = fmt::format("{}: printable ({:.1f} s)", one.id, seconds);
    else if (outcome.status == CaseStatus::forbidden)
      words = fmt::format("{}: not printable, {}", one.id, outcome.row.at("forbidding").get<std::string>());
    else
      words = fmt::format("{}: failed, {}", one.id, outcome.problem);
    board_.log(words, ran_.tally);
  }

  const BatchProgram& program_;
  CaseStore& store_;
  const BatchRun& run_;
  Board board_;
  std::vector<Worker> workers_;
  std::deque<Task> waiting_;
  BatchRan ran_;
};

}  // namespace

BatchRan run_cases(const std::vector<BatchCase>& cases, const BatchProgram& program, CaseStore& store,
                   const BatchRun& run) {
  return Batch(cases, program, store, run).run();
}

}  // namespace fit::cli
