#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/fit/case_files.h"
#include "apps/fit/commands.h"
#include "apps/slicing/temporary_folder.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

namespace fs = std::filesystem;

struct Reported {
  std::map<std::string, std::string> sha256;
  std::string made_by;
  bool sliced = false;
};

Reported read_report(const fs::path& path) {
  try {
    const auto json = nlohmann::ordered_json::parse(read_file(path));
    Reported reported;
    json.at("files").get_to(reported.sha256);
    json.at("made_by").get_to(reported.made_by);
    reported.sliced = json.contains("slicing");
    return reported;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::bad_input, fmt::format("{} is not a report of Fit; build the case again.", path.string()));
  }
}

/// Files of the report that are missing, or whose bytes are not those it was made with.
std::vector<std::string> changed_files(const fs::path& folder, const Reported& reported) {
  std::vector<std::string> changed;
  for (const auto& [name, hash] : reported.sha256)
    if (fs::path(name).has_parent_path() || !fs::exists(folder / name) || sha256(read_file(folder / name)) != hash)
      changed.push_back(name);
  return changed;
}

std::vector<std::string> differing(const Reported& reported, const CaseFiles& again) {
  std::vector<std::string> names;
  for (const auto& [name, hash] : reported.sha256) {
    if (reported.sliced && (name == "socket.gcode" || name == "report.html")) continue;
    const auto found = again.sha256.find(name);
    if (found == again.sha256.end() || found->second != hash) names.push_back(name);
  }
  return names;
}

/// Without what the slicer said: its figures are not the same each time.
nlohmann::ordered_json without_slicing(std::string_view text) {
  auto json = nlohmann::ordered_json::parse(text);
  json.erase("slicing");
  for (const char* name : {"socket.gcode", "report.html"}) json.at("files").erase(name);
  auto& findings = json.at("findings");
  for (std::size_t i = findings.size(); i-- > 0;)
    if (findings[i].at("code").get<std::string>().starts_with("sliced")) findings.erase(i);
  return json;
}

/// The entries of report.json that are not as they are when it is made again: "report.json (design, versions)".
void compare_reports(const std::string& before, const std::string& again, bool sliced,
                     std::vector<std::string>& names) {
  if (before == again) return;
  const auto one = without_slicing(before), other = without_slicing(again);
  std::vector<std::string> entries;
  for (const auto& [key, value] : one.items())
    if (!other.contains(key) || other.at(key) != value) entries.push_back(key);
  for (const auto& [key, value] : other.items())
    if (!one.contains(key)) entries.push_back(key);
  if (entries.empty() && sliced) return;
  names.push_back(entries.empty() ? "report.json" : fmt::format("report.json ({})", fmt::join(entries, ", ")));
}

struct Again {
  CaseFiles files;
  std::string report;
};

Again build_again(const CaseSource& source, const Progress& progress) {
  Pipeline pipeline = pipeline_of(source);
  pipeline.update(source.design, progress.part(0.05, 0.8));
  const TemporaryFolder work;
  CaseFiles files = write_case(work.path(), source, pipeline.outputs(), false, progress.part(0.8, 1.0));
  return {std::move(files), read_file(work.path() / "report.json")};
}

Outcome verify(const Arguments& arguments, Console& console) {
  const fs::path path = arguments.get("CASE");
  const CaseSource source =
      open_source(path, arguments, Stage::checked, console.progress().part(0.0, 0.05, "reading the scan"));
  const fs::path folder = fs::is_directory(path) ? path : path.parent_path();
  const Reported reported = read_report(folder / "report.json");
  if (const auto changed = changed_files(folder, reported); !changed.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("Not as the report says: {}; build the case again.", fmt::join(changed, ", ")));
  const Again again = build_again(source, console.progress());
  auto differ = differing(reported, again.files);
  compare_reports(read_file(folder / "report.json"), again.report, reported.sliced, differ);
  if (!differ.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("Built again, these differ: {} (made by {}, this is fit " FIT_VERSION ").",
                            fmt::join(differ, ", "), reported.made_by));
  Outcome outcome;
  outcome.lines = {
      fmt::format("{} files are as the report says, and the same when they are built again.", reported.sha256.size())};
  outcome.json = {{"verified", true}, {"files", reported.sha256}};
  return outcome;
}

}  // namespace

Command verify_command() {
  return {"verify",
          "Compares a case's files with its report, and with the same case built again.",
          {{"CASE", "A project file (case.fit.json) with its files beside it, or their folder."}},
          {},
          verify};
}

}  // namespace fit::cli
