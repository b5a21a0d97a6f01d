#include <fmt/format.h>

#include <charconv>

#include "apps/fit/batch/results.h"
#include "apps/fit/batch/run_cases.h"
#include "apps/fit/batch/slurm.h"
#include "apps/fit/commands.h"
#include "apps/fit/design_flags.h"
#include "libfit/error.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

double number_said(const Arguments& arguments, const char* name, double otherwise, double lowest, double highest) {
  const auto said = arguments.find(name);
  if (!said) return otherwise;
  double value = 0.0;
  const auto [end, problem] = std::from_chars(said->data(), said->data() + said->size(), value);
  if (problem != std::errc() || end != said->data() + said->size() || !(value >= lowest && value <= highest))
    throw Error(ErrorKind::bad_params, fmt::format("{} is '{}'; it must be a number from {:g} to {:g}.", flag_of(name),
                                                   *said, lowest, highest));
  return value;
}

/// "2/5": the second of five parts.
std::vector<BatchCase> shard_of(std::vector<BatchCase> cases, const std::string& said) {
  const auto slash = said.find('/');
  std::size_t part = 0, parts = 0;
  const auto read = [&](std::string_view text, std::size_t& value) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
    return problem == std::errc() && end == text.data() + text.size();
  };
  const std::string_view text = said;
  if (slash == std::string::npos || !read(text.substr(0, slash), part) || !read(text.substr(slash + 1), parts) ||
      part < 1 || part > parts)
    throw Error(ErrorKind::bad_params,
                fmt::format("--shard is '{}'; it must be like 2/5, the second of five parts.", said));
  std::vector<BatchCase> own;
  for (std::size_t i = part - 1; i < cases.size(); i += parts) own.push_back(std::move(cases[i]));
  return own;
}

std::vector<BatchCase> cases_said(const Arguments& arguments) {
  const fs::path source = arguments.find("MANIFEST").value_or("");
  if (source.empty())
    throw Error(ErrorKind::bad_params, "'fit batch' needs MANIFEST: a CSV file, or a folder of scans.");
  const bool folder = fs::is_directory(source);
  std::vector<BatchCase> cases = folder ? cases_in_folder(source, arguments) : read_manifest(source, arguments);
  check_cases(cases, arguments.has("slice"));
  return cases;
}

Outcome dry_run(const std::vector<BatchCase>& cases) {
  Outcome outcome;
  auto rows = nlohmann::ordered_json::array();
  for (const BatchCase& one : cases) {
    if (one.problems.empty()) continue;
    for (const std::string& problem : one.problems)
      outcome.lines.push_back(one.line ? fmt::format("line {}, {}: {}", one.line, one.id, problem)
                                       : fmt::format("{}: {}", one.id, problem));
    rows.push_back({{"line", one.line}, {"id", one.id}, {"problems", one.problems}});
  }
  outcome.exit_code = rows.empty() ? 0 : 2;
  outcome.lines.push_back(rows.empty() ? fmt::format("{} cases, nothing is wrong with the manifest.", cases.size())
                                       : fmt::format("{} of {} rows cannot be.", rows.size(), cases.size()));
  outcome.json = {{"cases", cases.size()}, {"rows", rows}};
  return outcome;
}

Outcome outcome_of(const BatchRan& ran, const fs::path& out, bool gathered) {
  const BatchTally& tally = ran.tally;
  if (!ran.environment.empty())
    throw Error(ErrorKind::io, fmt::format("{} The batch was given up; {} cases are finished. Put it right and run the "
                                           "same command again: it goes on where it was.",
                                           ran.environment, tally.finished()));
  Outcome outcome;
  outcome.lines.push_back(fmt::format("{} cases: {} printable, {} not printable, {} failed; {} finished before.",
                                      tally.all, tally.printable, tally.forbidden, tally.failed, tally.kept));
  if (tally.unfinished || ran.stopped)
    outcome.lines.push_back(fmt::format("{} are not finished; run the same command again, it goes on where it was.",
                                        tally.all - tally.finished()));
  if (gathered) outcome.lines.push_back(fmt::format("Results: {}", (out / "results.csv").string()));
  outcome.exit_code = ran.stopped ? 130 : tally.unfinished ? 5 : tally.forbidden || tally.failed ? 1 : 0;
  outcome.json = {{"folder", out.string()},
                  {"cases", tally.all},
                  {"finished_before", tally.kept},
                  {"printable", tally.printable},
                  {"forbidden", tally.forbidden},
                  {"failed", tally.failed},
                  {"not_finished", tally.all - tally.finished()}};
  return outcome;
}

bool on_slurm(const Arguments& arguments) {
  const std::string engine = arguments.find("engine").value_or("here");
  if (engine != "here" && engine != "slurm")
    throw Error(ErrorKind::bad_params, fmt::format("--engine is '{}'; it must be one of: here, slurm.", engine));
  return engine == "slurm";
}

/// The same batch as a command line of a node, which knows no folder but its own.
SlurmRun slurm_run(const Arguments& arguments, const BatchProgram& program, const BatchRun& run) {
  SlurmRun slurm;
  slurm.workers = arguments.has("workers") ? run.workers : 1;
  slurm.case_memory_mb = run.limits.memory_mb;
  slurm.task_s = number_said(arguments, "task_s", slurm.task_s, 1, 1e6);
  slurm.partition = arguments.find("partition").value_or("");
  slurm.quiet = run.quiet;
  slurm.words = {program.path.string(),
                 "batch",
                 fs::absolute(arguments.get("MANIFEST")).string(),
                 "-o",
                 fs::absolute(arguments.get("output")).string(),
                 fmt::format("--case-time-s={:g}", run.limits.time_s),
                 fmt::format("--case-memory-mb={:g}", run.limits.memory_mb)};
  if (program.slice) slurm.words.emplace_back("--slice");
  for (std::string& word : words_for_all(arguments)) slurm.words.push_back(std::move(word));
  return slurm;
}

Outcome batch(const Arguments& arguments, Console& console) {
  if (arguments.has("example")) return {{example_manifest()}, {{"manifest", example_manifest()}}, 0};
  const std::vector<BatchCase> all = cases_said(arguments);
  const auto shard = arguments.find("shard");
  const std::vector<BatchCase> cases = shard ? shard_of(all, *shard) : all;
  if (arguments.has("dry_run")) return dry_run(cases);
  const fs::path out = arguments.get("output");
  if (on_slurm(arguments) && arguments.has("retry_failed"))
    throw Error(ErrorKind::bad_params, "--retry-failed is for --engine here; remove the folders of the cases instead.");
  const BatchProgram program = this_program(arguments.has("slice"));
  BatchRun run;
  run.workers = static_cast<int>(number_said(arguments, "workers", 2, 1, 256));
  run.limits.time_s = number_said(arguments, "case_time_s", run.limits.time_s, 1, 1e6);
  run.limits.memory_mb = number_said(arguments, "case_memory_mb", run.limits.memory_mb, 100, 1e6);
  run.retry_failed = arguments.has("retry_failed");
  run.quiet = arguments.has("quiet");
  console.clear();
  CaseStore store(out);
  const BatchRan ran = on_slurm(arguments) ? run_on_slurm(cases, program, store, slurm_run(arguments, program, run))
                                           : run_cases(cases, program, store, run);
  // A part of a batch leaves the tables to the run over all: parts on other machines may still be at work.
  if (!shard && ran.environment.empty()) write_results(result_rows(all, store), store);
  return outcome_of(ran, store.out(), !shard);
}

std::vector<Option> options() {
  using Kind = Option::Kind;
  std::vector<Option> all{
      {"output", "The folder for the results; a run that was ended goes on where it was.", "DIR", "", Kind::value, "o"},
      {"example", "Writes a manifest to start from to standard output.", "", "", Kind::on},
      {"dry_run", "Says what is wrong on every row, and makes nothing.", "", "", Kind::on},
      {"slice", "Makes socket.gcode of every case too, by PrusaSlicer, and a print queue.", "", "", Kind::on},
      {"workers", "How many cases are made at a time; 2 unless said.", "NUMBER", ""},
      {"case_time_s", "A case that takes longer is ended and has failed; 600 unless said.", "s", ""},
      {"case_memory_mb", "A case that needs more memory is ended and has failed; 2000 unless said.", "MB", ""},
      {"retry_failed", "Does the cases again that failed before.", "", "", Kind::on},
      {"shard", "Does one part only, 2/5 the second of five; at the end a run without this gathers the results.", "I/N",
       ""},
      {"engine", "Where the cases are made; slurm: on the nodes of a Slurm cluster that see the same folders.",
       "here|slurm", "Slurm"},
      {"task_s", "How long a task of the job array takes at least; 60 unless said.", "s", "Slurm"},
      {"partition", "The partition of the cluster; its own choice unless said.", "NAME", "Slurm"}};
  for (Option& option : design_options()) all.push_back(std::move(option));
  return all;
}

}  // namespace

Command batch_command() {
  return {"batch",
          "Makes sockets of many scans: each case by itself, never lost, never twice.",
          {{"MANIFEST", "A CSV file with a row a case (--example shows one), or a folder of scans.", false, true}},
          options(),
          batch};
}

}  // namespace fit::cli
