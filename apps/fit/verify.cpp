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

/// The slicer's figures are not the same each time, so a report that holds them cannot be compared.
void compare_reports(const fs::path& report, const Reported& reported, const CaseFiles& again,
                     std::vector<std::string>& names) {
  if (!reported.sliced && again.sha256.at("report.json") != sha256(read_file(report))) names.push_back("report.json");
}

CaseFiles build_again(const CaseSource& source, const Progress& progress) {
  Pipeline pipeline = pipeline_of(source);
  pipeline.update(source.design, progress.part(0.05, 0.8));
  const TemporaryFolder work;
  return write_case(work.path(), source, pipeline.outputs(), false, progress.part(0.8, 1.0, "comparing"));
}

Outcome verify(const Arguments& arguments, Console& console) {
  const fs::path path = arguments.get("CASE");
  const CaseSource source =
      open_source(path, arguments, Stage::checked, console.progress().part(0.0, 0.05, "reading the scan"));
  const Reported reported = read_report(path.parent_path() / "report.json");
  if (const auto changed = changed_files(path.parent_path(), reported); !changed.empty())
    throw Error(ErrorKind::bad_input,
                fmt::format("Not as the report says: {}; build the case again.", fmt::join(changed, ", ")));
  const CaseFiles again = build_again(source, console.progress());
  auto differ = differing(reported, again);
  compare_reports(path.parent_path() / "report.json", reported, again, differ);
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
          {{"CASE", "A project file: case.fit.json, its files beside it."}},
          {},
          verify};
}

}  // namespace fit::cli
