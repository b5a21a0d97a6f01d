#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "apps/fit/case_files.h"
#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/repro.h"
#include "apps/fit/result_folder.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"
#include "libfit/project.h"

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
  outcome.lines.push_back(printable
                              ? fmt::format("{}: the socket to print is socket.stl (or socket.3mf).", folder.string())
                              : fmt::format("{}: no print file was made; report.json says why.", folder.string()));
  outcome.json = {{"folder", folder.string()},
                  {"print_files", printable},
                  {"forbidding", json_of(files.forbidding)},
                  {"findings", json_of(files.findings)},
                  {"files", files.sha256}};
  return outcome;
}

Outcome build_case(const CaseSource& source, const MeshFile& scan, const Arguments& arguments, Console& console) {
  ResultFolder folder(arguments.get("output"));
  refuse_a_foreign_scan(folder, source);
  const Progress progress = console.progress();
  Pipeline pipeline(scan.mesh, scan.declared_unit);
  pipeline.update(source.design, progress.part(0.05, 0.8));
  Outputs outputs = pipeline.outputs();
  outputs.findings.insert(outputs.findings.begin(), scan.findings.begin(), scan.findings.end());
  const CaseFiles files =
      write_case(folder.file(""), source, outputs, arguments.has("slice"), progress.part(0.8, 1.0, "writing"));
  write_file(folder.file("timings.json"), timings_of(console).dump(2) + "\n");
  folder.finish(case_file_names());
  return outcome_of(files, folder.target());
}

/// A failure of our own, or over the scan, can be replayed by others; one over the command line or a disk cannot.
void leave_repro(const std::filesystem::path& folder, const CaseSource& source, const MeshFile& scan,
                 const char* problem) {
  std::filesystem::create_directories(folder);
  write_file(folder / "repro.zip", repro_zip(source.design, scan, problem));
  fmt::print(stderr, "What replays this failure, without names: {}\n", (folder / "repro.zip").string());
}

Outcome build(const CaseSource& source, const MeshFile& scan, const Arguments& arguments, Console& console) {
  const auto leave = [&](const char* problem) { leave_repro(arguments.get("output"), source, scan, problem); };
  try {
    return build_case(source, scan, arguments, console);
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    console.clear();
    if (error.kind() == ErrorKind::bad_input || error.kind() == ErrorKind::no_solution) leave(error.what());
    throw;
  } catch (const std::exception& error) {
    console.clear();
    leave(error.what());
    throw;
  }
}

Outcome make(const Arguments& arguments, Console& console) {
  CaseSource source;
  apply_flags(arguments, source.design);
  const std::filesystem::path scan_path = arguments.get("SCAN");
  const MeshFile scan = read_mesh(scan_path, console.progress().part(0.0, 0.05, "reading the scan"));
  source.scan_bytes = read_file(scan_path);
  source.scan_file = scan_copy_name(scan_path);
  return build(source, scan, arguments, console);
}

Outcome rebuild(const Arguments& arguments, Console& console) {
  std::filesystem::path path = arguments.get("CASE");
  std::optional<TemporaryFolder> unpacked;
  if (is_zip(path)) path = unpack_repro(path, unpacked.emplace().path());
  Opened opened = open_project(path);
  CaseSource source{opened.project.design, std::move(opened.scan_bytes), opened.project.scan_file};
  apply_flags(arguments, source.design);
  const MeshFile scan =
      read_mesh(path.parent_path() / source.scan_file, console.progress().part(0.0, 0.05, "reading the scan"));
  source.scan_file = scan_copy_name(source.scan_file);
  return build(source, scan, arguments, console);
}

std::vector<Option> options() {
  std::vector<Option> all{
      {"output", "The folder for the results; it is made if it is not there.", "DIR", "", Option::Kind::value, "o"},
      {"slice", "Makes socket.gcode too, by PrusaSlicer.", "", "", Option::Kind::on}};
  for (Option& option : design_options()) all.push_back(std::move(option));
  return all;
}

}  // namespace

Command make_command() {
  return {"make",
          "Takes a scan to a socket that can be printed.",
          {{"SCAN", "The scan: STL, PLY, OBJ, OFF or 3MF."}},
          options(),
          make};
}

Command build_command() {
  return {"build",
          "Makes the socket of a case again, with the changes that the options say.",
          {{"CASE", "A project file: case.fit.json."}},
          options(),
          rebuild};
}

}  // namespace fit::cli
