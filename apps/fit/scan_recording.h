#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/command.h"
#include "libfit/mesh_io.h"
#include "scanners/fuse.h"

namespace fit::cli {

/// A scan made from a recording, with the calibration of its device.
struct RecordingScan {
  Scan scan;
  CameraInfo camera;
};

/// Throws what `open_recording` and `fuse` throw.
RecordingScan scan_recording(const std::string& camera_name, const FuseParams& params, const Progress& progress);

/// What scan.ply holds beside the surface.
MeshExtras extras_of(const RecordingScan& made);

/// What is known of a scan, for a program.
nlohmann::ordered_json json_of(const RecordingScan& made);

}  // namespace fit::cli
