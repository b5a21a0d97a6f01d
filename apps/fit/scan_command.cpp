#include <fmt/format.h>

#include <chrono>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/recordings.h"
#include "apps/fit/result_folder.h"
#include "apps/fit/scan_recording.h"
#include "apps/report/color_scale.h"
#include "apps/report/render.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

const std::set<std::string>& scan_file_names() {
  static const std::set<std::string> names{"scan.ply", "scan.json", "scan.png", "coverage.png", "expected_error.png"};
  return names;
}

/// The surface from four sides about the upright of the first picture.
std::string four_sides(const Mesh& mesh, const std::vector<Rgb>& colors) {
  std::vector<View> views;
  for (const auto& toward :
       {Eigen::Vector3d(0, 0, -1), Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, 0, 1), Eigen::Vector3d(-1, 0, 0)})
    views.push_back(view_of(bounding_box(mesh), toward, {0, -1, 0}, 400, 480));
  Subject subject;
  subject.mesh = &mesh;
  subject.vertex_colors = colors;
  subject.back_color = Rgb(0.35, 0.35, 0.4);
  const std::vector<Picture> pictures = render({subject}, views);
  Picture all;
  for (const Picture& picture : pictures) all.width_px += picture.width_px;
  all.height_px = pictures.front().height_px;
  for (int row = 0; row < all.height_px; ++row)
    for (const Picture& picture : pictures) {
      const auto begin = picture.rgb.begin() + 3 * static_cast<std::ptrdiff_t>(row) * picture.width_px;
      all.rgb.insert(all.rgb.end(), begin, begin + 3 * static_cast<std::ptrdiff_t>(picture.width_px));
    }
  return png(all);
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

Outcome scan(const Arguments& arguments, Console& console) {
  FuseParams params;
  apply_flags(arguments, params);
  ResultFolder folder(arguments.get("output"));
  const Progress progress = console.progress();
  const auto begin = std::chrono::steady_clock::now();
  const RecordingScan made = scan_recording(arguments.get("CAMERA"), params, progress.part(0.0, 0.9, "scanning"));
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
      fmt::format("seen: {:.0f} % of the sides", 100.0 - q.unseen_percent)};
  for (const std::string& line : lines_of(made.scan.findings)) outcome.lines.push_back(line);
  return outcome;
}

}  // namespace

Command scan_command() {
  std::vector<Option> options = options_of(FuseParams{}, "The scan");
  options.insert(options.begin(), {"output", "The folder for scan.ply, scan.json and pictures of coverage and error.",
                                   "DIR", "", Option::Kind::value, "o"});
  return {"scan",
          "Lays the frames of a depth camera into a limb's surface.",
          {{"CAMERA", readable_cameras()}},
          options,
          scan};
}

}  // namespace fit::cli
