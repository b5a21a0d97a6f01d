#include "apps/fit/batch/case_outcome.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/fit/not_enough_memory.h"
#include "apps/fit/repro.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using End = LimitedProcess::End;

constexpr const char* repro_file = "repro.zip";

std::string codes_in(const Json& findings, std::string_view severity) {
  std::vector<std::string> codes;
  for (const Json& finding : findings) {
    const auto code = finding.at("code").get<std::string>();
    if (finding.at("severity") == severity && std::find(codes.begin(), codes.end(), code) == codes.end())
      codes.push_back(code);
  }
  return fmt::format("{}", fmt::join(codes, " "));
}

template <class Object>
Json value_at(const Object& json, std::initializer_list<const char*> path) {
  const Json* at = &json;
  for (const char* key : path) {
    if (!at->is_object() || !at->contains(key)) return nullptr;
    at = &at->at(key);
  }
  return *at;
}

/// What stands in the table of results of a case that has a report.
Json row_of(const BatchCase& one, CaseStatus status, const Json& report) {
  Json row{{"id", one.id}, {"status", status == CaseStatus::printable ? "printable" : "forbidden"}, {"problem", ""}};
  row["forbidding"] = codes_in(report.at("forbidding"), "forbid");
  row["warnings"] = codes_in(report.at("findings"), "warn");
  row["side"] = value_at(report, {"design", "locate", "side"});
  row["level"] = value_at(report, {"design", "locate", "level"});
  row["template"] = value_at(report, {"design", "rectify", "template", "template_name"});
  row["printer"] = value_at(report, {"design", "printer", "printer_name"});
  row["material"] = value_at(report, {"design", "material", "material_name"});
  for (const char* name : {"limb_volume_mm3", "positive_volume_mm3", "liner_and_socks_volume_percent",
                           "rectification_volume_percent", "carved_most_mm", "built_up_most_mm", "wall_thinnest_mm",
                           "socket_volume_mm3", "plastic_g", "carving_stock_diameter_mm", "carving_stock_length_mm"})
    row[name] = value_at(report, {"figures", name});
  row["print_time_s"] = value_at(report, {"slicing", "print_time_s"});
  row["filament_g"] = value_at(report, {"slicing", "filament_g"});
  for (const char* name : {"mean_mm", "iqr_mm", "seen_percent"})
    row[fmt::format("as_printed_{}", name)] = value_at(report, {"slicing", "as_printed", name});
  row["scan_sha256"] = value_at(report, {"scan", "sha256"});
  row["socket_sha256"] = value_at(report, {"files", "socket.stl"});
  return row;
}

CaseOutcome made(const BatchCase& one, const std::string& key, int exit_code, const fs::path& folder) {
  CaseOutcome outcome{one.id, key, exit_code == 0 ? CaseStatus::printable : CaseStatus::forbidden, exit_code, "",
                      {},     {}};
  outcome.row = row_of(one, outcome.status, Json::parse(read_file(folder / "report.json")));
  return outcome;
}

/// The sentence that `fit make --json` ends with.
std::string sentence_of(const LimitedProcess& process) {
  const Json said = Json::parse(process.out(), nullptr, false);
  if (said.is_object() && said.contains("error")) return said.at("error").get<std::string>();
  return fmt::format("The program ended with code {} and said: {}", process.exit_code(), process.last_line());
}

std::string memory_sentence(const ProcessLimits& limits) {
  return fmt::format(
      "The case needed more than {:g} MB of memory and was ended; take a coarser scan, or allow more with "
      "--case-memory-mb.",
      limits.memory_mb);
}

struct Failure {
  std::string problem;
  bool by_limit = false;
};

Failure failure_of(const LimitedProcess& process, End end, const ProcessLimits& limits) {
  if (end == End::out_of_time)
    return {
        fmt::format("The case was not done after {:g} s and was ended; allow more with --case-time-s.", limits.time_s),
        true};
  if (end == End::out_of_memory) return {memory_sentence(limits), true};
  if (end == End::crashed)
    return {fmt::format("The program crashed over this case (signal {}); please report it with the repro.zip.",
                        process.signal())};
  const std::string sentence = sentence_of(process);
  if (sentence == not_enough_memory) return {memory_sentence(limits), true};
  return {sentence};
}

bool deserves_repro(const LimitedProcess& process, End end) {
  return end != End::exited || (process.exit_code() != 2 && process.exit_code() != 4);
}

}  // namespace

CaseOutcome outcome_of_problem(const BatchCase& one, const std::string& key, const std::string& problem) {
  CaseOutcome outcome{one.id, key, CaseStatus::failed, 2, problem, {}, {}};
  outcome.row = {{"id", one.id}, {"status", "failed"}, {"problem", problem}};
  return outcome;
}

CaseEnd outcome_of(const BatchCase& one, const std::string& key, const LimitedProcess& process, End end,
                   const ProcessLimits& limits, const fs::path& folder) {
  if (end == End::asked_to_stop) return {std::nullopt, "stopped", false};
  if (end == End::killed_from_outside || (end == End::exited && process.exit_code() == 130))
    return {std::nullopt, "the system ended its process, perhaps for lack of memory", false};
  if (end == End::exited && process.exit_code() == 4) return {std::nullopt, sentence_of(process), true};
  if (end == End::exited && process.exit_code() <= 1 && fs::exists(folder / "report.json"))
    return {made(one, key, process.exit_code(), folder), "", false};

  const Failure failure = failure_of(process, end, limits);
  CaseOutcome outcome = outcome_of_problem(one, key, failure.problem);
  outcome.exit_code = end == End::exited ? process.exit_code() : 5;
  if (failure.by_limit) outcome.limits = limits;
  fs::create_directories(folder);
  if (deserves_repro(process, end) && !fs::exists(folder / repro_file)) {
    const std::string repro = repro_zip_of_file(one.scan, design_of(one), failure.problem);
    if (!repro.empty()) write_file(folder / repro_file, repro);
  }
  return {outcome, "", false};
}

}  // namespace fit::cli
