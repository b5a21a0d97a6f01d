#pragma once

#include <filesystem>
#include <string>

#include "apps/fit/command.h"
#include "scanners/camera.h"

/// What the commands that read depth cameras share.
namespace fit::cli {

/// What `fit info` says of a recording, its calibration applied.
Outcome recording_info(const std::filesystem::path& path);

/// The kinds of recordings and of live cameras that this build reads, a line each, for a command's help.
std::string readable_cameras();

/// What `fit info --devices` says: what this build reads, and which cameras are attached.
Outcome devices_info();

/// "640 x 480, focal length 525.0 x 525.0 px, centre 319.5, 239.5".
std::string words_of(const Intrinsics& intrinsics);

}  // namespace fit::cli
