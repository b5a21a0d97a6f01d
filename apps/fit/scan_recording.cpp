#include "apps/fit/scan_recording.h"

#include "apps/fit/describe.h"
#include "libfit/params_json.h"
#include "scanners/calibrations.h"
#include "scanners/devices.h"
#include "scanners/read_ahead.h"

namespace fit::cli {

RecordingScan scan_recording(const std::string& camera_name, const FuseParams& params, const Progress& progress) {
  const auto camera = calibrated(open_camera(camera_name), read_calibrations(calibrations_path()));
  RecordingScan made;
  made.camera = camera->info();
  made.scan = fuse(*camera, params, progress);
  return made;
}

RecordingScan scan_watched(const std::string& camera_name, const FuseParams& params, ScanView& view, Console& console) {
  const bool live = is_device(camera_name);
  const auto camera = calibrated(open_camera(camera_name), read_calibrations(calibrations_path()));
  RecordingScan made;
  made.camera = camera->info();
  Fusion fusion(made.camera, params);
  {
    ReadAhead ahead(*camera);
    Frame frame;
    while (!made.stopped && ahead.next(frame)) {
      view.show(fusion, fusion.add(frame), made.camera.frames);
      if (!Console::interrupted()) continue;
      if (!live) throw Cancelled();
      Console::take_interruption();
      made.stopped = true;
    }
  }
  console.clear();
  made.scan = fusion.finish(console.progress().part(0.0, 1.0, "laying all frames on each other"));
  for (Finding& finding : camera->findings()) made.scan.findings.push_back(std::move(finding));
  return made;
}

MeshExtras extras_of(const RecordingScan& made) {
  MeshExtras extras;
  extras.name = "scan";
  extras.metadata = {{"made by", "fit " FIT_VERSION},
                     {"unit", "mm"},
                     {"camera", made.camera.device},
                     {"calibrated", made.camera.calibrated ? "yes" : "no"}};
  extras.vertex_values = {{"coverage", made.scan.coverage}, {"expected_error_mm", made.scan.expected_error_mm}};
  return extras;
}

nlohmann::ordered_json json_of(const RecordingScan& made) {
  const ScanQuality& q = made.scan.quality;
  return {{"camera",
           {{"format", made.camera.format},
            {"device", made.camera.device},
            {"calibrated", made.camera.calibrated},
            {"focal_known", made.camera.focal_known}}},
          {"frames", q.frames},
          {"frames_used", q.used},
          {"frames_lost", q.lost},
          {"times_lost", q.losses},
          {"distance_mm", q.distance_mm},
          {"noise_mm", q.noise_mm},
          {"drift_mm", q.drift_mm},
          {"residual_mm", q.residual_mm},
          {"unseen_percent", q.unseen_percent},
          {"unseen_end_percent", q.unseen_end_percent},
          {"vertices", made.scan.surface.vertices.size()},
          {"triangles", made.scan.surface.triangles.size()},
          {"findings", json_of(made.scan.findings)}};
}

}  // namespace fit::cli
