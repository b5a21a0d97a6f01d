#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "apps/fit/case_files.h"
#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/repro.h"
#include "apps/fit/result_folder.h"
#include "apps/gallery/case_page.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

void refuse_a_foreign_scan(const ResultFolder& folder, const CaseSource& source) {
  const auto there = folder.target() / source.scan_file;
  if (!std::filesystem::exists(there) || std::filesystem::exists(folder.target() / "case.fit.json")) return;
  if (read_file(there) != source.scan_bytes)
    throw Error(ErrorKind::io,
                fmt::format("{} is another scan and would be overwritten; choose another folder.", there.string()));
}

nlohmann::ordered_json timings_of(const Console& console) {
  auto seconds = nlohmann::ordered_json::object();
  for (const auto& [stage, spent_s] : console.timings_s()) {
    if (!stage.empty()) seconds[stage] = seconds.value(stage, 0.0) + spent_s;
  }
  return {{"seconds", seconds}};
}

Outcome outcome_of(const CaseFiles& files, const std::filesystem::path& folder) {
  Outcome outcome;
  outcome.exit_code = files.forbidding.empty() ? 0 : 1;
  outcome.lines = lines_of(files.findings);
  const bool printable = files.sha256.contains("socket.stl");
  outcome.lines.push_back(
      printable ? fmt::format("{}: the socket to print is socket.stl (or socket.3mf); read report.html first.",
                              folder.string())
                : fmt::format("{}: no print file was made; report.html says why.", folder.string()));
  outcome.json = {{"folder", folder.string()},
                  {"print_files", printable},
                  {"forbidding", json_of(files.forbidding)},
                  {"findings", json_of(files.findings)},
                  {"files", files.sha256}};
  return outcome;
}

/// Not in the report's hashes: it is made of what they are of, and changes with where its scripts lie.
void write_view(const ResultFolder& folder, const CaseSource& source, const Outputs& outputs, const CaseFiles& files,
                const Arguments& arguments, const Progress& progress) {
  const std::string& code = source.design.solidify.identifier.identifier_code;
  const CasePage page{source.design,
                      outputs,
                      files.findings,
                      files.sha256.contains("socket.stl"),
                      arguments.find("view_title").value_or(code.empty() ? "Fit" : code),
                      arguments.find("view_assets").value_or("")};
  write_file(folder.file("view.html"), case_page_html(page, progress.part(0.98, 1.0, "drawing the page")));
  const std::string thumbnail = thumbnail_png(outputs);
  if (!thumbnail.empty()) write_file(folder.file("thumbnail.png"), thumbnail);
}

Outcome build_case(CaseSource& source, const Arguments& arguments, Console& console) {
  ResultFolder folder(arguments.get("output"));
  refuse_a_foreign_scan(folder, source);
  const Progress progress = console.progress();
  Pipeline pipeline = pipeline_of(source);
  place_landmarks(arguments, pipeline, source, progress.part(0.05, 0.2));
  pipeline.update(source.design, progress.part(0.05, 0.8));
  const CaseFiles files =
      write_case(folder.file(""), source, pipeline.outputs(), arguments.has("slice"), progress.part(0.8, 1.0));
  if (arguments.has("view")) write_view(folder, source, pipeline.outputs(), files, arguments, progress);
  write_file(folder.file("timings.json"), timings_of(console).dump(2) + "\n");
  folder.finish(case_file_names());
  return outcome_of(files, folder.target());
}

/// A failure of our own, or over the scan, can be replayed by others; one over the command line or a disk cannot.
void leave_repro(const std::filesystem::path& folder, const std::string& repro) {
  std::filesystem::create_directories(folder);
  write_file(folder / "repro.zip", repro);
  fmt::print(stderr, "What replays this failure, without names: {}\n", (folder / "repro.zip").string());
}

Outcome build(CaseSource source, const Arguments& arguments, Console& console) {
  const auto leave = [&](const char* problem) {
    console.clear();
    leave_repro(arguments.get("output"), repro_zip(source, problem));
  };
  try {
    return build_case(source, arguments, console);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::bad_input || error.kind() == ErrorKind::no_solution) leave(error.what());
    throw;
  } catch (const std::exception& error) {
    leave(error.what());
    throw;
  }
}

Outcome make(const Arguments& arguments, Console& console) {
  arguments.get("output");
  return build(open_source(arguments.get("SCAN"), arguments, Stage::checked,
                           console.progress().part(0.0, 0.05, "reading the scan")),
               arguments, console);
}

Outcome rebuild(const Arguments& arguments, Console& console) {
  arguments.get("output");
  return build(open_source(arguments.get("CASE"), arguments, Stage::checked,
                           console.progress().part(0.0, 0.05, "reading the scan")),
               arguments, console);
}

constexpr std::array kOften{"output",          "side",     "level",    "liner_mm",  "scanned_over",
                            "body_mass_kg",    "activity", "tape",     "landmarks", "landmarks_confirmed",
                            "template",        "sock_ply", "wall_mm",  "block",     "flexion_deg",
                            "adduction_deg",   "printer",  "material", "slice",     "identifier_code",
                            "identifier_date", "override", "input",    "units"};

/// All that can be decided, what is decided most often first.
std::vector<Option> options() {
  std::vector<Option> all{
      {"output", "The folder for the results; it is made if it is not there.", "DIR", "", Option::Kind::value, "o"},
      {"slice", "Makes socket.gcode too, by PrusaSlicer.", "", "", Option::Kind::on},
      {"view", "Makes view.html too: limb, positive and socket to turn in a browser.", "", "", Option::Kind::on},
      {"view_title", "What view.html calls the case; its code unless said.", "TEXT", ""},
      {"view_assets", "view.html loads its scripts from there instead of holding them; for the pages of a batch.",
       "DIR", ""}};
  for (Option& option : design_options()) all.push_back(std::move(option));
  const auto place = [](const Option& option) { return std::find(kOften.begin(), kOften.end(), option.name); };
  for (Option& option : all)
    if (place(option) != kOften.end()) option.group = kMostUsed;
  std::stable_sort(all.begin(), all.end(), [&](const Option& a, const Option& b) { return place(a) < place(b); });
  return all;
}

}  // namespace

Command make_command() {
  return {"make",
          "Takes a scan to a socket that can be printed.",
          {{"SCAN", "The scan: STL, PLY, OBJ, OFF, 3MF, AAOP, or a depth camera's recording."}},
          options(),
          make};
}

Command build_command() {
  return {"build",
          "Makes the socket of a case again, with the changes that the options say.",
          {{"CASE", "A project file (case.fit.json), the folder that holds one, or a repro.zip."}},
          options(),
          rebuild};
}

}  // namespace fit::cli
