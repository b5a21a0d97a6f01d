#include "apps/fit/case_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "apps/fit/design_flags.h"
#include "apps/fit/repro.h"
#include "apps/fit/scan_recording.h"
#include "apps/slicing/temporary_folder.h"
#include "libfit/file.h"
#include "libfit/project.h"
#include "models/load.h"

namespace fit::cli {

namespace {

constexpr const char* case_file = "case.fit.json";

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

/// What an .aop file says of itself, before anything is said on top: a shape file is a positive.
void take_over(const Aop& aop, Design& design) {
  design.input = Input::positive;
  design.locate.side = aop.side;
}

/// With the angles counted as the design says, and the file's landmarks where the design has none.
void read_again(CaseSource& source) {
  AopSurface made = aop_surface(*source.scan.aop, source.design.aop_grid);
  source.scan.mesh = std::move(made.surface);
  source.scan.findings = std::move(made.findings);
  if (source.design.landmarks.empty()) source.design.landmarks = std::move(made.landmarks);
  const std::optional<Side>& file_side = source.scan.aop->side;
  const std::optional<Side>& design_side = source.design.locate.side;
  if (file_side && design_side && file_side != design_side)
    source.scan.findings.push_back({"aop_side_differs",
                                    Severity::forbid,
                                    {{"file_side", 0.0, std::string(name_of(*file_side))},
                                     {"design_side", 0.0, std::string(name_of(*design_side))}},
                                    {}});
}

CaseSource open_scan(const std::filesystem::path& path, const Progress& progress) {
  CaseSource source;
  source.scan = read_mesh(path, progress);
  source.scan_bytes = read_file(path);
  source.scan_file = scan_copy_name(path);
  if (source.scan.aop) take_over(*source.scan.aop, source.design);
  return source;
}

/// The frames become a mesh first; a case keeps that mesh, never the frames.
CaseSource open_frames(const std::filesystem::path& path, const Progress& progress) {
  RecordingScan made = scan_recording(path, {}, progress);
  const TemporaryFolder folder;
  write_mesh(folder.path() / "scan.ply", made.scan.surface, extras_of(made));
  CaseSource source;
  source.scan = read_mesh(folder.path() / "scan.ply");
  source.scan_bytes = read_file(folder.path() / "scan.ply");
  source.scan.declared_unit = Unit::millimetre;
  source.scan.findings = std::move(made.scan.findings);
  source.scan_file = "scan.ply";
  return source;
}

CaseSource open_case(const std::filesystem::path& path, const Progress& progress) {
  Opened opened = open_project(path);
  const std::filesystem::path scan = path.parent_path() / opened.project.scan_file;
  CaseSource source;
  source.design = std::move(opened.project.design);
  source.scan = read_mesh(scan, progress);
  source.scan_bytes = std::move(opened.scan_bytes);
  source.scan_file = scan_copy_name(scan);
  return source;
}

void refuse_missing(std::vector<std::string> decisions) {
  if (decisions.empty()) return;
  for (std::string& decision : decisions) decision = flag_of(decision);
  throw Error(ErrorKind::bad_params,
              fmt::format("No socket is made without {}: say {}, nothing can stand in for a decision about a person.",
                          fmt::join(decisions, ", "), decisions.size() == 1 ? "it" : "them"));
}

}  // namespace

std::string scan_copy_name(const std::filesystem::path& scan) {
  const std::string ending = lower_case(scan.extension().string());
  const bool plain = ending.size() > 1 && ending.size() < 6 &&
                     std::all_of(ending.begin() + 1, ending.end(), [](unsigned char c) { return std::isalnum(c); });
  return "scan" + (plain ? ending : "");
}

CaseSource open_source(const std::filesystem::path& said_path, const Arguments& said, Stage last,
                       const Progress& progress) {
  const std::filesystem::path project = said_path / case_file;
  const std::filesystem::path& path = std::filesystem::exists(project) ? project : said_path;
  CaseSource source;
  const std::string ending = lower_case(path.extension().string());
  if (ending == ".zip") {
    const TemporaryFolder folder;
    source = open_case(unpack_repro(path, folder.path()), progress);
  } else if (ending == ".json") {
    source = open_case(path, progress);
  } else if (is_recording(path)) {
    Design said_alone;  // nobody waits for the frames to hear that a decision is missing
    apply_choices(said, said_alone);
    refuse_missing(missing_decisions(said_alone, last));
    source = open_frames(path, progress);
  } else {
    source = open_scan(path, progress);
  }
  apply_choices(said, source.design);
  if (source.scan.aop) read_again(source);
  if (const auto file = said.find("landmarks")) source.landmark_file = read_landmarks(*file);
  refuse_missing(missing_decisions(source.design, last));
  return source;
}

Pipeline pipeline_of(const CaseSource& source) {
  std::vector<Printer> printers;
  for (const std::string& name : printer_names()) printers.push_back(load_printer(name));
  return Pipeline(source.scan.mesh, source.scan.declared_unit, std::move(printers));
}

void place_landmarks(const Arguments& said, Pipeline& pipeline, CaseSource& source, const Progress& progress) {
  Design& design = source.design;
  if (source.landmark_file) {
    const LandmarkFile& file = *source.landmark_file;
    if (file.in_limb_frame) pipeline.update(design, progress.part(0.0, 0.5), Stage::located);
    design.landmarks = file.in_limb_frame ? moved(pipeline.outputs().located->limb_from_scan.inverse(), file.landmarks)
                                          : file.landmarks;
  }
  if (!said.has("landmarks_confirmed")) return;
  pipeline.update(design, progress.part(0.5, 1.0), Stage::located);
  const Located& located = *pipeline.outputs().located;
  design.landmarks = moved(located.limb_from_scan.inverse(), located.limb.landmarks);
  for (auto& [landmark, place] : design.landmarks) place.confirmed = true;
}

Findings all_findings(const CaseSource& source, const Outputs& outputs) {
  Findings findings = source.scan.findings;
  findings.insert(findings.end(), outputs.findings.begin(), outputs.findings.end());
  return findings;
}

}  // namespace fit::cli
