#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/recordings.h"
#include "apps/fit/result_folder.h"
#include "apps/fit/scan_recording.h"
#include "apps/fit/scan_view.h"
#include "apps/report/color_scale.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

const std::set<std::string>& scan_file_names() {
  static const std::set<std::string> names{"scan.ply", "scan.json", "scan.png", "coverage.png", "expected_error.png"};
  return names;
}

void write_pictures(const ResultFolder& folder, const Scan& scan, const Progress& progress) {
  const Mesh& mesh = scan.surface;
  if (mesh.triangles.empty()) return;
  write_file(folder.file("scan.png"), four_sides(mesh, mesh.colors));
  progress(0.3);
  write_file(folder.file("coverage.png"), four_sides(mesh, ColorScale::sequential(0.0, 1.0).colors(scan.coverage)));
  progress(0.6);
  write_file(folder.file("expected_error.png"),
             four_sides(mesh, ColorScale::sequential(0.0, 0.5).colors(scan.expected_error_mm)));
}

std::vector<double> numbers_in(const std::string& flag, const std::string& text,
                               std::initializer_list<std::size_t> sizes, const char* form) {
  std::vector<double> numbers;
  for (const char* at = text.c_str(); *at;) {
    double value = 0;
    const auto [end, wrong] = std::from_chars(at, text.c_str() + text.size(), value);
    if (wrong != std::errc() || (*end && *end != ',') || !std::isfinite(value)) break;
    numbers.push_back(value);
    at = *end ? end + 1 : end;
    if (!*at && std::find(sizes.begin(), sizes.end(), numbers.size()) != sizes.end()) return numbers;
  }
  throw Error(ErrorKind::bad_params, fmt::format("{} is '{}'; it must be {}.", flag, text, form));
}

/// The hints in short: a pixel, a box.
void take_hints(const Arguments& arguments, FuseParams& params) {
  if (const auto at = arguments.find("at")) {
    const auto pixel = numbers_in("--at", *at, {2}, "a pixel of the first frame: COLUMN,ROW");
    params.click_column_px = static_cast<int>(std::lround(std::clamp(pixel[0], 0.0, 16384.0)));
    params.click_row_px = static_cast<int>(std::lround(std::clamp(pixel[1], 0.0, 16384.0)));
  }
  if (const auto box = arguments.find("box")) {
    const auto n = numbers_in("--box", *box, {4, 6}, "X,Y,Z,SIZE or X,Y,Z,WIDTH,HEIGHT,DEPTH in mm");
    params.box_center_mm = Eigen::Vector3d(n[0], n[1], n[2]);
    params.box_size_mm = n.size() == 4 ? Eigen::Vector3d::Constant(n[3]) : Eigen::Vector3d(n[3], n[4], n[5]);
    if (params.box_size_mm.minCoeff() < 30.0 || params.box_size_mm.maxCoeff() > 2000.0)
      throw Error(ErrorKind::bad_params, fmt::format("--box is '{}'; its sides must be from 30 to 2000 mm.", *box));
  }
}

Outcome scan(const Arguments& arguments, Console& console) {
  FuseParams params;
  apply_flags(arguments, params);
  take_hints(arguments, params);
  ResultFolder folder(arguments.get("output"));
  ScanView view(console, arguments.find("preview").value_or(""));
  const auto begin = std::chrono::steady_clock::now();
  const RecordingScan made = scan_watched(arguments.get("CAMERA"), params, view, console);
  const Progress progress = console.progress();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  write_mesh(folder.file("scan.ply"), made.scan.surface, extras_of(made));
  write_pictures(folder, made.scan, progress.part(0.9, 1.0, "drawing"));
  Outcome outcome;
  outcome.json = json_of(made);
  write_file(folder.file("scan.json"), outcome.json.dump(2) + "\n");
  folder.finish(scan_file_names());

  const ScanQuality& q = made.scan.quality;
  outcome.lines = {
      fmt::format("{}: {} triangles, {}", (folder.target() / "scan.ply").string(), made.scan.surface.triangles.size(),
                  size_of(bounding_box(made.scan.surface))),
      fmt::format("{} of {} frames used, {} a second", q.used, q.frames,
                  std::lround(double(q.frames) / std::max(seconds, 1e-3))),
      fmt::format("distance {:.0f} mm, noise {:.2f} mm, drift taken out {:.2f} mm, views agree within {:.2f} mm",
                  q.distance_mm, q.noise_mm, q.drift_mm, q.residual_mm),
      fmt::format("seen: {:.0f} % of sides and end, {:.0f} % of the distal end", 100.0 - q.unseen_percent,
                  100.0 - q.unseen_end_percent)};
  if (made.stopped) outcome.lines.push_back("stopped, and finished with what there was");
  for (const std::string& line : lines_of(made.scan.findings)) outcome.lines.push_back(line);
  return outcome;
}

}  // namespace

Command scan_command() {
  std::vector<Option> options = options_of(FuseParams{}, "The scan");
  options.insert(options.begin(), {"output", "The folder for scan.ply, scan.json and pictures of coverage and error.",
                                   "DIR", "", Option::Kind::value, "o"});
  // What stands in them has shorter flags.
  std::erase_if(options, [](const Option& option) {
    return option.name.starts_with("click_") || option.name.starts_with("box_");
  });
  options.push_back({"at",
                     "A pixel of the first frame that shows what is to be scanned; what is large and in the middle "
                     "unless said.",
                     "COLUMN,ROW", "The scan"});
  options.push_back({"box",
                     "A box that holds what is to be scanned, in mm from the first frame's camera (right, down, "
                     "away): its middle and its size, or width, height and depth.",
                     "X,Y,Z,SIZE", "The scan"});
  options.push_back({"preview",
                     "Written anew every second while frames come: a picture from four sides (.png), or a mesh "
                     "(.ply).",
                     "FILE", ""});
  return {"scan",
          "Lays the frames of a depth camera, live or recorded, into a limb's surface. Ctrl-C ends a live scan and "
          "keeps it.",
          {{"CAMERA", readable_cameras()}},
          options,
          scan};
}

}  // namespace fit::cli
