#include <fmt/format.h>

#include <cmath>

#include "apps/fit/case_source.h"
#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/result_folder.h"
#include "apps/report/comparison.h"
#include "libfit/compare.h"
#include "libfit/detail/zip_package.h"
#include "libfit/file.h"
#include "libfit/print_pose.h"
#include "models/shapes/npy.h"

namespace fit::cli {

namespace {

/// The clean surface of a scan, in the frame in which it is found.
Mesh located_surface(const std::string& path, const Arguments& arguments, const Progress& progress) {
  const CaseSource source = open_source(path, arguments, Stage::located, progress.part(0.0, 0.2));
  Pipeline pipeline = pipeline_of(source);
  pipeline.update(source.design, progress.part(0.2, 1.0), Stage::located);
  return pipeline.outputs().located->limb.surface;
}

std::vector<double> numbers_of(const std::vector<Eigen::Vector3d>& vectors) {
  std::vector<double> numbers;
  for (const Eigen::Vector3d& v : vectors) numbers.insert(numbers.end(), {v.x(), v.y(), v.z()});
  return numbers;
}

/// For numpy.load.
std::string deformation_npz(const Compared& compared, const Mesh& laid) {
  std::vector<std::int32_t> corners;
  for (const Eigen::Vector3i& t : laid.triangles) corners.insert(corners.end(), {t[0], t[1], t[2]});
  std::vector<double> pose;
  for (int i = 0; i < 16; ++i) pose.push_back(compared.older_from_newer.matrix()(i / 4, i % 4));
  const std::size_t count = laid.vertices.size();
  const std::pair<const char*, std::string> arrays[] = {
      {"vertices_mm.npy", npy_of({count, 3}, numbers_of(laid.vertices))},
      {"triangles.npy", npy_of({laid.triangles.size(), 3}, corners)},
      {"change_mm.npy", npy_of({count}, compared.change_mm)},
      {"moved_mm.npy", npy_of({count, 3}, numbers_of(compared.moved_mm))},
      {"older_from_newer.npy", npy_of({4, 4}, pose)}};
  std::vector<std::pair<std::string, std::string_view>> parts;
  for (const auto& [name, bytes] : arrays) parts.emplace_back(name, bytes);
  return detail::zip_of(parts);
}

nlohmann::ordered_json comparison_json(const Compared& compared) {
  nlohmann::ordered_json stations = nlohmann::ordered_json::array();
  for (const StationChange& station : compared.stations)
    stations.push_back({{"height_mm", station.height_mm},
                        {"older", json_of(station.older)},
                        {"newer", json_of(station.newer)},
                        {"girth_change_mm", station.newer.girth_mm - station.older.girth_mm},
                        {"volume_change_mm3", station.newer.volume_mm3 - station.older.volume_mm3}});
  return {{"mean_mm", compared.mean_mm},
          {"iqr_mm", compared.iqr_mm},
          {"largest_mm", compared.largest_mm},
          {"older_from_newer", json_of(compared.older_from_newer)},
          {"stations", stations}};
}

std::vector<std::string> comparison_lines(const ComparisonPage& page, const std::filesystem::path& folder) {
  const Compared& compared = page.compared;
  std::vector<std::string> lines{fmt::format(
      "mean difference {:.2f} mm {}, interquartile range {:.2f} mm, 95 % within {:.2f} mm", std::abs(compared.mean_mm),
      compared.mean_mm < 0 ? "inside" : "outside", compared.iqr_mm, compared.largest_mm)};
  if (!compared.stations.empty()) {
    const StationChange& top = compared.stations.back();
    const double change_ml = (top.newer.volume_mm3 - top.older.volume_mm3) / 1000.0;
    const double percent = 1e5 * change_ml / top.older.volume_mm3;
    lines.push_back(fmt::format("volume below {:.0f} mm: {:.0f} ml before, {:.0f} ml after; {}", top.height_mm,
                                top.older.volume_mm3 / 1000.0, top.newer.volume_mm3 / 1000.0,
                                change_in_words(percent, page.detectable_volume_percent, "%")));
  }
  lines.push_back(
      fmt::format("{}: compare.html to read; change.ply and change.npz with change_mm a vertex", folder.string()));
  return lines;
}

Outcome compare_scans(const Arguments& arguments, Console& console) {
  Design design;
  CompareParams params;
  apply_choices(arguments, design);
  apply_flags(arguments, params);
  ResultFolder folder(arguments.get("output"));
  const Progress progress = console.progress();
  const std::string older_path = arguments.get("OLD"), newer_path = arguments.get("NEW");
  const Mesh older = located_surface(older_path, arguments, progress.part(0.0, 0.35, "reading the older"));
  const Mesh newer = located_surface(newer_path, arguments, progress.part(0.35, 0.7, "reading the newer"));
  const Compared compared = compare(older, newer, params, progress.part(0.7, 0.95, "comparing"));
  const Mesh laid = moved(compared.older_from_newer, newer);
  const ComparisonPage page{compared, laid, "the older", "the newer", design.input == Input::positive};
  MeshExtras extras;
  extras.vertex_values = {{"change_mm", compared.change_mm}};
  write_mesh(folder.file("change.ply"), laid, extras);
  write_file(folder.file("change.npz"), deformation_npz(compared, laid));
  Outcome outcome;
  outcome.json = comparison_json(compared);
  write_file(folder.file("compare.json"), outcome.json.dump(2) + "\n");
  write_file(folder.file("compare.html"), comparison_html(page));
  folder.finish({"change.ply", "change.npz", "compare.json", "compare.html"});
  outcome.lines = comparison_lines(page, folder.target());
  return outcome;
}

}  // namespace

Command compare_command() {
  std::vector<Option> options{{"output", "The folder for compare.html, compare.json, change.ply and change.npz.", "DIR",
                               "", Option::Kind::value, "o"}};
  for (Option& option : options_of(CompareParams{}, "The comparison")) options.push_back(std::move(option));
  for (Option& option : design_options({"input", "scale", "aop_grid", "repair", "locate"}))
    options.push_back(std::move(option));
  return {"compare",
          "Says how a limb changed from one scan to another, or (with --input positive) a socket from its design.",
          {{"OLD", "The older scan, or the design (positive.ply)."},
           {"NEW", "The newer scan, or that of the finished socket."}},
          options,
          compare_scans};
}

}  // namespace fit::cli
