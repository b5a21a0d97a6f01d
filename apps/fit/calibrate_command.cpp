#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "libfit/error.h"
#include "scanners/calibrations.h"

namespace fit::cli {

namespace {

std::unique_ptr<Camera> open_frames(const std::vector<std::string>& words) {
  if (words.size() == 1 && is_recording(words.front())) return open_recording(words.front());
  std::vector<std::filesystem::path> pictures;
  for (const std::string& word : words) {
    if (is_recording(word))
      throw Error(ErrorKind::bad_params,
                  "Give one recording, or pictures alone; a camera is calibrated from one set of frames.");
    pictures.emplace_back(word);
  }
  return open_pictures(pictures);
}

Outcome calibrate_camera(const Arguments& arguments, Console& console) {
  const Board board = board_from(arguments.get("board"));
  const auto camera = open_frames(arguments.all("FRAMES"));
  if (camera->info().calibrated)
    throw Error(ErrorKind::bad_input,
                "These frames were corrected already when they were recorded; calibrate from others.");
  DeviceCalibration found = calibrate(*camera, board, console.progress().part(0, 1, "calibrating"));
  if (const auto device = arguments.find("device")) found.device = *device;
  const auto path = calibrations_path();
  store_calibration(path, found);

  Outcome outcome;
  outcome.lines = {fmt::format("{}: focal length {:.2f} px at {} px width, {} (standard deviation {:.2f} %)",
                               found.device, found.focal_px, found.width,
                               found.focal_scale > 0
                                   ? fmt::format("{:+.2f} % against the maker's", 100.0 * (found.focal_scale - 1.0))
                                   : "the maker's is not known",
                               found.focal_sigma_percent),
                   fmt::format("{} views, corners within {:.2f} px", found.views, found.residual_px),
                   found.depth_scale_spread_percent > 0
                       ? fmt::format("depth: {:+.2f} % (between frames {:.2f} %)", 100.0 * (found.depth_scale - 1.0),
                                     found.depth_scale_spread_percent)
                       : "depth: not measured in these frames",
                   found.depth_focal
                       ? "colour and depth share the lens: both are corrected"
                       : "the depth camera has a lens of its own, whose focal length a board in colour does not show",
                   fmt::format("stored in {}", path.string())};
  outcome.json = {{"device", found.device},
                  {"focal_px", found.focal_px},
                  {"width", found.width},
                  {"focal_scale", found.focal_scale},
                  {"focal_sigma_percent", found.focal_sigma_percent},
                  {"depth_focal", found.depth_focal},
                  {"depth_scale", found.depth_scale},
                  {"depth_scale_spread_percent", found.depth_scale_spread_percent},
                  {"views", found.views},
                  {"residual_px", found.residual_px},
                  {"stored", path.string()}};
  return outcome;
}

}  // namespace

Command calibrate_command() {
  return {
      "calibrate",
      "Finds a camera's true focal length and depth scale from frames of a printed board, and keeps them by device.",
      {{"FRAMES", "A recording in which the board is seen from many sides, or pictures of it.", true}},
      {{"board", "charuco:SQUARE_MM or checker:COLUMNSxROWS:SQUARE_MM (inner corners); measure the print.", "BOARD",
        ""},
       {"device", "Which camera it is, where the recording does not say or several are alike.", "NAME", ""}},
      calibrate_camera};
}

}  // namespace fit::cli
