#include <cmath>
#include <map>

#include "libfit/error.h"
#include "scanners/detail/byte_file.h"
#include "scanners/detail/folder_images.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// Exports of the iPhone app Stray Scanner: camera_matrix.csv (3 x 3, of the colour video), odometry.csv (timestamp,
// frame, x, y, z, qx, qy, qz, qw: camera to world, metres, y down), depth/000000.png in mm, confidence/000000.png of 0
// to 2, rgb.mp4.
namespace fit {

namespace {

const char* const format = "Stray Scanner recording";

Intrinsics read_video_intrinsics(const std::filesystem::path& path) {
  const auto rows = read_table(path);
  double k[9];
  std::size_t filled = 0;
  for (const auto& row : rows)
    if (const auto values = numbers(row))
      for (const double value : *values)
        if (filled < 9) k[filled++] = value;
  if (filled < 9 || !(k[0] > 0 && k[4] > 0 && k[2] > 0 && k[5] > 0))
    refuse_recording(path, format, "it does not hold the nine numbers of a camera matrix");
  // The matrix is that of the video, which the app records at 1920 x 1440.
  return {1920, 1440, k[0], k[4], k[2], k[5]};
}

struct Odometry {
  double time_s;
  std::optional<Eigen::Isometry3d> pose;
};

std::map<std::string, Odometry> read_odometry(const std::filesystem::path& path) {
  std::map<std::string, Odometry> found;
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return found;
  for (const auto& row : read_table(path)) {
    const auto values = numbers(row);
    if (!values || values->size() < 9) continue;
    found[row[1]] = {(*values)[0], pose_from(values->data() + 2, values->data() + 5)};
  }
  return found;
}

/// Depth that the phone itself does not believe is left out.
void drop_unsure(const std::string& path, DepthImage& depth) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return;
  std::string bytes;
  load_file(path, bytes);
  RawImage confidence;
  decode_image(bytes, confidence);
  if (confidence.bytes.size() != depth.counts.size()) return;
  for (std::size_t i = 0; i < depth.counts.size(); ++i)
    if (confidence.bytes[i] == 0) depth.counts[i] = 0;
}

}  // namespace

const char* stray_scanner_missing() { return "the colours of rgb.mp4 are not read yet"; }

bool is_stray_scanner(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "camera_matrix.csv", none);
}

std::unique_ptr<Camera> open_stray_scanner(const std::filesystem::path& folder) {
  ImageSequence sequence;
  sequence.path = folder;
  sequence.load = load_file;
  CameraInfo& info = sequence.info;
  info.format = format;
  info.device = "iPhone LiDAR";
  info.frames_per_s = 60;
  info.depth = resized(read_video_intrinsics(folder / "camera_matrix.csv"), 256, 192);
  const auto odometry = read_odometry(folder / "odometry.csv");
  for (const NumberedImage& image : numbered_images(folder / "depth")) {
    SequenceFrame frame;
    frame.depth = image.path.string();
    frame.time_s = static_cast<double>(sequence.frames.size()) / 60.0;
    if (const auto at = odometry.find(image.number); at != odometry.end()) {
      frame.time_s = at->second.time_s;
      frame.world_from_camera = at->second.pose;
    }
    sequence.frames.push_back(std::move(frame));
  }
  sequence.decode = [folder, files = sequence.frames](std::size_t index, const std::string& bytes, Frame& frame) {
    RawImage image;
    decode_image(bytes, image);
    to_depth(image, frame.depth);
    const auto name = std::filesystem::path(files[index].depth).filename();
    drop_unsure((folder / "confidence" / name).string(), frame.depth);
  };
  return open_sequence(std::move(sequence));
}

}  // namespace fit
