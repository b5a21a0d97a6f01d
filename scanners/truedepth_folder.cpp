#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "libfit/error.h"
#include "libfit/file.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/folder_images.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/formats.h"

// Frames of an iPhone's TrueDepth camera as research exports keep them (arXiv 2201.10865): depth_<time>.png in units of
// 0.1 mm, rgb_<time>.png of the same camera and size, and DepthMetadata.json with the intrinsics that Apple gave each
// frame, as text: "IntrinsicMatrix.0": "(fx, 0.0, cx)".
namespace fit {

namespace {

const char* const format = "TrueDepth recording";

/// "(436.5, 0.0, 321.6)" as numbers; zeros where it is something else.
std::array<double, 3> triple(const nlohmann::json& text) {
  std::array<double, 3> values{};
  if (text.is_string())
    std::sscanf(text.get_ref<const std::string&>().c_str(), "(%lf, %lf, %lf)", &values[0], &values[1], &values[2]);
  return values;
}

std::map<std::string, Intrinsics> read_intrinsics(const std::filesystem::path& path) {
  std::map<std::string, Intrinsics> found;
  const auto json = nlohmann::json::parse(read_file(path), nullptr, false);
  if (!json.is_array()) refuse_recording(path, format, "it is not a list of frames");
  for (const auto& entry : json) {
    if (!entry.is_object() || !entry.contains("Timestamp") || !entry["Timestamp"].is_number_integer()) continue;
    const auto whole = [&](const char* key) {
      return entry.contains(key) && entry[key].is_number() ? entry[key].get<double>() : 0.0;
    };
    const auto row = [&](const char* key) { return triple(entry.value(key, nlohmann::json())); };
    const auto x = row("IntrinsicMatrix.0");
    const auto y = row("IntrinsicMatrix.1");
    const double width = whole("Width");
    const double height = whole("Height");
    if (!(width >= 1 && width <= 16384 && height >= 1 && height <= 16384 && x[0] > 0 && y[1] > 0)) continue;
    found[std::to_string(entry["Timestamp"].get<std::int64_t>())] = {
        static_cast<int>(width), static_cast<int>(height), x[0], y[1], x[2], y[2]};
  }
  return found;
}

}  // namespace

bool is_truedepth_folder(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "DepthMetadata.json", none);
}

std::unique_ptr<Camera> open_truedepth_folder(const std::filesystem::path& folder) {
  ImageSequence sequence;
  sequence.path = folder;
  sequence.load = load_file;
  sequence.mm_per_count = 0.1;
  CameraInfo& info = sequence.info;
  info.format = format;
  info.device = "iPhone TrueDepth";
  const auto intrinsics = read_intrinsics(folder / "DepthMetadata.json");
  if (intrinsics.empty()) refuse_recording(folder, format, "DepthMetadata.json gives no frame's intrinsics");
  info.depth = intrinsics.begin()->second;

  std::map<std::string, std::string> colors;
  for (const NumberedImage& image : numbered_images(folder, "rgb_")) colors[image.number] = image.path.string();
  for (const NumberedImage& image : numbered_images(folder, "depth_")) {
    SequenceFrame frame;
    frame.time_s = std::stod(image.number.substr(0, 15)) / 1000.0;
    frame.depth = image.path.string();
    if (const auto color = colors.find(image.number); color != colors.end()) frame.color = color->second;
    if (const auto own = intrinsics.find(image.number); own != intrinsics.end()) frame.intrinsics = own->second;
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
