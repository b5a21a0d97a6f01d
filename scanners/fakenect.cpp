#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "scanners/detail/byte_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// What libfreenect's `record` writes of a Kinect v1: INDEX.txt, its lines names "d-<time>-<ticks>.pgm" (depth),
// "r-<time>-<ticks>.ppm" (colour) and "a-..." (accelerometer). Depth is the sensor's raw 11 bits, low byte first in
// spite of PGM, or millimetres.
namespace fit {

namespace {

const char* const format = "libfreenect recording";
constexpr std::uint16_t no_depth_raw = 2047;

/// Raw disparity to millimetres, as libfreenect does with the plane that the factory measured (its registration.c);
/// these are the usual values: baseline 75 mm, reference plane at 1200 mm, pixels of 0.1042 mm there.
double mm_from_raw(int raw) {
  const double shift = (raw - 4.0 * 200.0) / 4.0 - 0.375;
  const double metric = shift * 0.1042;
  return 10.0 * (metric * 120.0 / (7.5 - metric) + 120.0);
}

void convert_raw(DepthImage& depth) {
  static const auto table = [] {
    std::array<std::uint16_t, no_depth_raw + 1> mm{};
    for (int raw = 0; raw < no_depth_raw; ++raw) {
      const double value = mm_from_raw(raw);
      mm[static_cast<std::size_t>(raw)] =
          value > 0 && value < 6500 ? static_cast<std::uint16_t>(std::lround(10.0 * value)) : std::uint16_t{0};
    }
    return mm;
  }();
  const bool raw =
      std::all_of(depth.counts.begin(), depth.counts.end(), [](std::uint16_t c) { return c <= no_depth_raw; });
  if (!raw) return;  // millimetres already
  for (std::uint16_t& count : depth.counts) count = table[count];
  depth.mm_per_count = 0.1;
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
