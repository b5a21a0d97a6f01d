#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "scanners/detail/byte_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/kinect_raw.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// What libfreenect's `record` writes of a Kinect v1: INDEX.txt, its lines names "d-<time>-<ticks>.pgm" (depth),
// "r-<time>-<ticks>.ppm" (colour) and "a-..." (accelerometer). Depth is the sensor's raw 11 bits, low byte first in
// spite of PGM, or millimetres.
namespace fit {

namespace {

const char* const format = "libfreenect recording";
constexpr std::uint16_t no_depth_raw = 2047;

void convert_raw(DepthImage& depth) {
  const bool raw =
      std::all_of(depth.counts.begin(), depth.counts.end(), [](std::uint16_t c) { return c <= no_depth_raw; });
  if (!raw) return;  // millimetres already
  convert_kinect_raw(depth);
}

/// The time in "d-1254.25-3242.pgm".
std::optional<double> time_in(const std::string& name) {
  char* end = nullptr;
  const double time = std::strtod(name.c_str() + 2, &end);
  if (end == name.c_str() + 2 || !std::isfinite(time)) return std::nullopt;
  return time;
}

}  // namespace

bool is_fakenect(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "INDEX.txt", none);
}

std::unique_ptr<Camera> open_fakenect(const std::filesystem::path& folder) {
  ImageSequence sequence;
  sequence.path = folder;
  sequence.load = load_file;
  sequence.pnm_order = WordOrder::little_endian;
  sequence.convert = convert_raw;
  CameraInfo& info = sequence.info;
  info.format = format;
  info.device = "Kinect v1";
  info.frames_per_s = 30;
  info.focal_known = false;
  // Half the reference distance over the size of a pixel there: 120 / (2 x 0.1042).
  info.depth = {640, 480, 575.8, 575.8, 319.5, 239.5};
  // The two cameras stand 23 mm apart (libfreenect); the usual colour lens.
  info.color = Intrinsics{640, 480, 525.0, 525.0, 319.5, 239.5};
  info.color_from_depth.translation() = Eigen::Vector3d(23.0, 0.0, 0.0);

  std::string color;
  for (const auto& row : read_table(folder / "INDEX.txt")) {
    const std::string& name = row.front();
    if (name.starts_with("r-")) color = (folder / name).string();
    if (!name.starts_with("d-")) continue;
    SequenceFrame frame;
    frame.depth = (folder / name).string();
    frame.color = color;
    frame.time_s = time_in(name).value_or(static_cast<double>(sequence.frames.size()) / 30.0);
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
