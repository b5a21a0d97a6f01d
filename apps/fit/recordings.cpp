#include "apps/fit/recordings.h"

#include <fmt/format.h>

#include "apps/fit/describe.h"
#include "scanners/calibrations.h"
#include "scanners/devices.h"

namespace fit::cli {

namespace {

nlohmann::ordered_json json_of(const Intrinsics& k) {
  return {{"width", k.width}, {"height", k.height}, {"fx_px", k.fx_px},
          {"fy_px", k.fy_px}, {"cx_px", k.cx_px},   {"cy_px", k.cy_px}};
}

/// Share of pixels with depth, and the unit, of the first frame.
std::string depth_in_words(const DepthImage& depth) {
  std::size_t measured = 0;
  for (const std::uint16_t count : depth.counts) measured += count > 0;
  return fmt::format("depth in units of {:g} mm, {:.0f} % of the first frame measured", depth.mm_per_count,
                     100.0 * static_cast<double>(measured) / static_cast<double>(depth.counts.size()));
}

}  // namespace

std::string words_of(const Intrinsics& k) {
  return fmt::format("{} x {}, focal length {:.2f} x {:.2f} px, centre {:.1f}, {:.1f}", k.width, k.height, k.fx_px,
                     k.fy_px, k.cx_px, k.cy_px);
}

std::string readable_cameras() {
  std::string lines = "A recording, file or folder, of one of these kinds:";
  const auto add = [&](const std::string& what, const std::string& missing) {
    lines += fmt::format("\n  {}{}", what, missing.empty() ? "" : fmt::format(" ({})", missing));
  };
  for (const RecordingFormat& format : recording_formats()) add(format.what, format.missing);
  lines += "\nor a live camera (`fit info --devices` names those that are attached):\n  live: the one that is attached";
  for (const DeviceDriver& driver : device_drivers()) add(driver.what, driver.missing);
  return lines;
}

Outcome devices_info() {
  Outcome outcome;
  outcome.json = {{"recordings", nlohmann::ordered_json::array()},
                  {"drivers", nlohmann::ordered_json::array()},
                  {"devices", nlohmann::ordered_json::array()},
                  {"troubles", nlohmann::ordered_json::array()}};
  outcome.lines.push_back("recordings that this build reads:");
  const auto add = [&](const char* list, const std::string& name, const std::string& what, const std::string& missing) {
    outcome.lines.push_back(
        fmt::format("  {}: {}{}", name, what, missing.empty() ? "" : fmt::format(" ({})", missing)));
    outcome.json[list].push_back({{"name", name}, {"what", what}, {"missing", missing}});
  };
  for (const RecordingFormat& format : recording_formats()) add("recordings", format.name, format.what, format.missing);
  outcome.lines.push_back("live cameras that this build reads:");
  for (const DeviceDriver& driver : device_drivers()) add("drivers", driver.name, driver.what, driver.missing);
  const AttachedDevices attached = attached_devices();
  outcome.lines.push_back(attached.devices.empty() ? "no camera is attached" : "attached:");
  for (const Device& device : attached.devices) add("devices", device.name, device.what, "");
  for (const std::string& trouble : attached.troubles) {
    outcome.lines.push_back("  " + trouble);
    outcome.json["troubles"].push_back(trouble);
  }
  return outcome;
}

Outcome recording_info(const std::filesystem::path& path) {
  const auto camera = calibrated(open_camera(path.string()), read_calibrations(calibrations_path()));
  const CameraInfo& info = camera->info();
  Frame frame;
  const bool any = camera->next(frame);
  const Findings findings = camera->findings();

  Outcome outcome;
  outcome.lines = {fmt::format("{}{}", info.format, info.frames ? fmt::format(", {} frames", *info.frames) : ""),
                   fmt::format("camera: {}{}", info.device.empty() ? "not said" : info.device,
                               info.frames_per_s > 0 ? fmt::format(", {:g} frames a second", info.frames_per_s) : ""),
                   fmt::format("depth: {}{}", words_of(info.depth), info.focal_known ? "" : " (assumed)"),
                   fmt::format("colour: {}", info.color ? words_of(*info.color) : "none"),
                   info.calibrated ? "calibrated: yes, and applied above" : "calibrated: no"};
  if (any) outcome.lines.push_back(depth_in_words(frame.depth));
  if (any && frame.world_from_camera) outcome.lines.push_back("the recording gives the camera's poses");
  for (const std::string& line : lines_of(findings)) outcome.lines.push_back(line);
  outcome.json = {{"format", info.format},         {"device", info.device},
                  {"depth", json_of(info.depth)},  {"focal_known", info.focal_known},
                  {"calibrated", info.calibrated}, {"frames_per_s", info.frames_per_s}};
  if (info.color) outcome.json["color"] = json_of(*info.color);
  if (info.frames) outcome.json["frames"] = *info.frames;
  if (any) outcome.json["mm_per_count"] = frame.depth.mm_per_count;
  outcome.json["poses"] = any && frame.world_from_camera.has_value();
  outcome.json["findings"] = cli::json_of(findings);
  return outcome;
}

}  // namespace fit::cli
