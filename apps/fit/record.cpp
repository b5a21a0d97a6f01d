#include <fmt/format.h>

#include <algorithm>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/recordings.h"
#include "libfit/error.h"
#include "scanners/devices.h"
#include "scanners/recording.h"

namespace fit::cli {

namespace {

/// Frames are kept as the camera gave them: a calibration that is made later is applied when they are read.
Outcome record(const Arguments& arguments, Console& console) {
  const std::string output = arguments.get("output");
  const auto camera = open_camera(arguments.get("CAMERA"));
  CameraInfo info = camera->info();
  if (const auto device = arguments.find("device")) info.device = *device;
  const Progress progress = console.progress().part(0, 1, "recording");
  const double expected = static_cast<double>(info.frames.value_or(300));
  RecordingWriter writer(output, info);
  Frame frame;
  std::size_t frames = 0;
  bool stopped = false;
  while (!stopped && camera->next(frame)) {
    writer.write(frame);
    ++frames;
    try {
      progress(std::min(0.999, static_cast<double>(frames) / expected));
    } catch (const Cancelled&) {
      stopped = true;  // what was recorded is kept: that is how a recording ends
    }
  }
  writer.finish();
  const Findings findings = camera->findings();
  Outcome outcome;
  outcome.lines = {fmt::format("{}: {} frames, {:.1f} MB{}", output, frames,
                               static_cast<double>(writer.size_bytes()) / 1e6, stopped ? "; stopped, and kept" : "")};
  for (const std::string& line : lines_of(findings)) outcome.lines.push_back(line);
  outcome.json = {{"file", output},
                  {"frames", frames},
                  {"bytes", writer.size_bytes()},
                  {"stopped", stopped},
                  {"findings", json_of(findings)}};
  return outcome;
}

}  // namespace

Command record_command() {
  return {"record",
          "Keeps a depth camera's frames as Fit's own recording: lossless, and whole up to its last frame if the power "
          "fails.",
          {{"CAMERA", readable_cameras()}},
          {{"output", "The recording to write; never over another.", "FILE", "", Option::Kind::value, "o"},
           {"device", "Which camera it is, where the recording does not say or several are alike.", "NAME", ""}},
          record};
}

}  // namespace fit::cli
