#include "apps/fit/case_files.h"

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <optional>

#include "apps/fit/describe.h"
#include "apps/fit/positive_files.h"
#include "apps/fit/report_json.h"
#include "apps/fit/versions.h"
#include "apps/report/comparison.h"
#include "apps/report/girth_strip.h"
#include "apps/report/report.h"
#include "apps/slicing/shrinkage.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"
#include "libfit/parallel.h"
#include "libfit/print_pose.h"
#include "libfit/project.h"

namespace fit::cli {

namespace {

/// The least height of a printer, 50 mm, under the longest of limbs.
constexpr int most_pieces = 40;

/// Writes files, the large ones side by side, and remembers their hashes.
class Writer {
 public:
  Writer(const std::filesystem::path& folder, CaseFiles& files) : folder_(folder), files_(files) {}

  void write(const std::string& name, std::string_view bytes) {
    write_file(folder_ / name, bytes);
    files_.sha256[name] = sha256(bytes);
  }
  /// Not before `write_large`; what is given must live until then.
  void add_bytes(const std::string& name, std::string_view bytes) {
    large_.emplace_back(name, [this, name, bytes] { write_file(folder_ / name, bytes); });
  }
  void add_surface(const std::string& name, const Mesh& mesh, MeshExtras extras) {
    large_.emplace_back(name,
                        [this, name, &mesh, extras = std::move(extras)] { write_mesh(folder_ / name, mesh, extras); });
  }
  void add_solid(const std::string& name, const Solid& solid, MeshExtras extras) {
    large_.emplace_back(
        name, [this, name, &solid, extras = std::move(extras)] { write_print(folder_ / name, solid, extras); });
  }
  void write_large() {
    std::vector<std::string> hashes(large_.size());
    parallel_for(large_.size(), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        large_[i].second();
        hashes[i] = sha256(read_file(folder_ / large_[i].first));
      }
    });
    for (std::size_t i = 0; i < large_.size(); ++i) files_.sha256[large_[i].first] = hashes[i];
    large_.clear();
  }

 private:
  std::filesystem::path folder_;
  CaseFiles& files_;
  std::vector<std::pair<std::string, std::function<void()>>> large_;
};

MeshExtras named(const std::string& name) {
  MeshExtras extras;
  extras.name = name;
  extras.metadata = {{"Application", "fit " FIT_VERSION}};
  return extras;
}

void add_surfaces(const Outputs& outputs, Writer& writer) {
  if (outputs.limb) {
    MeshExtras extras = named("limb");
    if (outputs.limb->invented.size() == outputs.limb->surface.triangles.size())
      extras.triangle_values = {{"invented", Values(outputs.limb->invented.begin(), outputs.limb->invented.end())}};
    writer.add_surface("limb.ply", outputs.limb->surface, extras);
  }
  if (outputs.rectified) {
    MeshExtras extras = named("positive");
    extras.vertex_values = {{"change_mm", outputs.rectified->change_mm}};
    writer.add_surface("positive.ply", outputs.rectified->positive, extras);
  }
}

void note_shrinkage(const Material& material, Findings& findings) {
  if (material.shrinkage_xy_percent == 0.0 && material.shrinkage_z_percent == 0.0) return;
  findings.push_back({"shrinkage_compensated",
                      Severity::note,
                      {{"xy_percent", 0.0, fmt::format("{:g}", material.shrinkage_xy_percent)},
                       {"z_percent", 0.0, fmt::format("{:g}", material.shrinkage_z_percent)},
                       {"material", 0.0, material.material_name}},
                      {}});
}

/// From the G-code to the limb frame, when the print is cold.
Eigen::Affine3d limb_from_gcode(const Sliced& sliced, const Design& design, const Outputs& outputs) {
  Eigen::Vector3d cold = Eigen::Vector3d::Ones();
  if (design.material) {
    cold.head<2>().setConstant(1.0 - design.material->shrinkage_xy_percent / 100.0);
    cold.z() = 1.0 - design.material->shrinkage_z_percent / 100.0;
  }
  return outputs.print_from_limb.inverse() * Eigen::Scaling(cold) * Eigen::Translation3d(-sliced.gcode_from_part_mm);
}

/// To a hundredth: the slicer's paths differ a little from run to run.
void check_as_printed(const Design& design, const Outputs& outputs, CaseFiles& files, const Progress& progress) {
  constexpr double least_seen_percent = 70.0;
  AsPrinted found = as_printed(files.sliced->figures.outlines, limb_from_gcode(*files.sliced, design, outputs),
                               outputs.rectified->positive, outputs.solidified->socket, progress);
  for (double* mm : {&found.mean_mm, &found.iqr_mm, &found.largest_mm}) *mm = std::round(100.0 * *mm) / 100.0 + 0.0;
  found.seen_percent = std::min(100.0, std::round(found.seen_percent));
  files.as_printed = found;
  const auto word = [](double mm) { return fmt::format("{:.2f}", mm); };
  const std::vector<FindingValue> values{{"mean_mm", 0.0, word(std::abs(found.mean_mm))},
                                         {"side", 0.0, found.mean_mm < 0.0 ? "inside" : "outside"},
                                         {"iqr_mm", 0.0, word(found.iqr_mm)},
                                         {"largest_mm", 0.0, word(found.largest_mm)},
                                         {"seen_percent", found.seen_percent, ""},
                                         {"acceptable_mean_mm", 0.0, word(acceptable_mean_mm)},
                                         {"acceptable_iqr_mm", 0.0, word(acceptable_iqr_mm)}};
  const bool acceptable = std::abs(found.mean_mm) <= acceptable_mean_mm && found.iqr_mm <= acceptable_iqr_mm;
  const bool seen = found.seen_percent >= least_seen_percent;
  if (found.seen_percent > 0.0)
    files.findings.push_back({acceptable ? "as_printed" : "as_printed_off",
                              acceptable ? Severity::note : Severity::warn, values, std::nullopt});
  if (!seen) files.findings.push_back({"as_printed_unseen", Severity::warn, values, std::nullopt});
}

Sliced slice_socket(const Solid& socket, const Design& design, const Progress& progress) {
  if (!design.printer || !design.material)
    throw Error(ErrorKind::bad_params, "Slicing needs a printer and a material: say --printer and --material.");
  return slice(socket, *design.printer, *design.material, {}, progress);
}

/// What the report for people tells of.
ReportInput report_of(const Design& design, const Outputs& outputs, const CaseFiles& files) {
  ReportInput report{design, outputs, files.findings, design.solidify.identifier.identifier_code, {}, {}, {}};
  const nlohmann::ordered_json made_with = versions();
  for (const auto& [name, version] : made_with.items())
    report.versions.emplace_back(name, version.is_string() ? version.get<std::string>() : version.dump());
  report.sha256.assign(files.sha256.begin(), files.sha256.end());
  if (files.sliced) {
    report.versions.emplace_back("slicer", files.sliced->slicer);
    // Rounded as in the finding: the slicer's paths differ a little from run to run.
    report.print = {300.0 * std::round(files.sliced->figures.print_time_s / 300.0),
                    std::round(files.sliced->figures.filament_g)};
  }
  return report;
}

}  // namespace

const std::set<std::string>& case_file_names() {
  static const std::set<std::string> names = [] {
    std::set<std::string> all{"limb.ply",          "positive.ply",           "positive.aop",  "socket.stl",
                              "socket.3mf",        "socket.gcode",           "case.fit.json", "report.json",
                              "draping_model.stl", "draping_model_keys.stl", "report.html",   "timings.json",
                              "repro.zip",         "girth_strip.html",       "view.html",     "thumbnail.png"};
    for (int piece = 1; piece <= most_pieces; ++piece) all.insert(fmt::format("draping_model_{}.stl", piece));
    return all;
  }();
  return names;
}

CaseFiles write_case(const std::filesystem::path& folder, const CaseSource& source, const Outputs& outputs,
                     bool slice_too, const Progress& progress) {
  CaseFiles files;
  files.findings = all_findings(source, outputs);
  Writer writer(folder, files);
  const Progress writing = progress.part(0.0, 1.0, "writing the files");
  writing(0.0);
  writer.add_bytes(source.scan_file, source.scan_bytes);
  add_surfaces(outputs, writer);
  writing(0.2);

  files.forbidding = forbidding(source.design, files.findings);
  std::optional<Solid> socket;  // as it stands on the printer
  PositiveFiles positive;
  if (outputs.solidified && files.forbidding.empty()) {
    socket.emplace(for_the_bed(source.design, moved(outputs.print_from_limb, outputs.solidified->socket.mesh())));
    if (source.design.material) note_shrinkage(*source.design.material, files.findings);
    if (slice_too) {
      files.sliced = slice_socket(*socket, source.design, progress.part(0.2, 0.6, "slicing"));
      files.findings.insert(files.findings.end(), files.sliced->findings.begin(), files.sliced->findings.end());
      check_as_printed(source.design, outputs, files, progress.part(0.6, 0.65, "reading the G-code back"));
      files.forbidding = forbidding(source.design, files.findings);
    }
    if (files.forbidding.empty()) {
      writer.add_solid("socket.stl", *socket, named("socket"));
      writer.write("girth_strip.html",
                   girth_strip_html(moved(outputs.print_from_limb, outputs.solidified->socket.mesh()),
                                    source.design.solidify.identifier.identifier_code));
      writer.add_solid("socket.3mf", *socket, named("socket"));
      if (outputs.draping_model) positive = positive_files(source.design, outputs);
      for (const auto& [name, solid] : positive.prints) writer.add_solid(name, solid, named("draping model"));
      if (!positive.aop.empty()) writer.write("positive.aop", positive.aop);
      files.findings.insert(files.findings.end(), positive.findings.begin(), positive.findings.end());
      if (files.sliced) writer.write("socket.gcode", files.sliced->gcode);
    }
  }
  // Disks are waited for while pictures are drawn.
  const ReportInput to_draw = report_of(source.design, outputs, files);
  ReportPictures pictures;
  const Progress drawing = progress.part(0.65, 1.0, "writing the files and drawing the report");
  parallel_both([&] { pictures = report_pictures(to_draw, drawing.part(0.0, 0.9)); }, [&] { writer.write_large(); });

  const Project project{"fit " FIT_VERSION, source.scan_file, files.sha256[source.scan_file], source.design};
  writer.write("case.fit.json", project_text(project));
  writer.write("report.html", report_html(report_of(source.design, outputs, files), pictures));
  writer.write("report.json", report_json(project, outputs, files));
  return files;
}

}  // namespace fit::cli
