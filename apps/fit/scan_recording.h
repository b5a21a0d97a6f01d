#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/command.h"
#include "apps/fit/scan_view.h"
#include "libfit/mesh_io.h"
#include "scanners/fuse.h"

namespace fit::cli {

/// A scan made from a recording, with the calibration of its device.
struct RecordingScan {
  Scan scan;
  CameraInfo camera;
  bool stopped = false;  ///< a person ended it before the frames did
};

/// Throws what `open_recording` and `fuse` throw.
RecordingScan scan_recording(const std::string& camera_name, const FuseParams& params, const Progress& progress);

/// The same, shown while it grows. Ctrl-C ends the frames of a live camera, and what there is becomes the scan; while a
/// recording is read, and a second time, it stops all. Throws as above, and what `view` throws.
RecordingScan scan_watched(const std::string& camera_name, const FuseParams& params, ScanView& view, Console& console);

/// What scan.ply holds beside the surface.
MeshExtras extras_of(const RecordingScan& made);

/// What is known of a scan, for a program.
nlohmann::ordered_json json_of(const RecordingScan& made);

}  // namespace fit::cli
