#include <fmt/format.h>

#include <algorithm>

#include "libfit/error.h"
#include "scanners/camera.h"
#include "scanners/detail/byte_file.h"
#include "scanners/formats.h"

namespace fit {

namespace {

struct Format {
  const char* name;
  const char* what;
  const char* missing;
  bool (*is_file)(const std::filesystem::path& path, std::string_view head);
  bool (*is_folder)(const std::filesystem::path& folder);
  std::unique_ptr<Camera> (*open)(const std::filesystem::path& path);
};

/// In the order in which a folder is tried: the special before the general.
const Format formats[] = {
    {"rosbag", "RealSense and ROS bags: .bag, version 2.0, plain, lz4 or bz2", "",
     [](const auto&, std::string_view head) { return is_rosbag(head); }, nullptr, open_rosbag},
    {"fit", "Fit's own recordings, as `fit record` writes them: .fitrec", "",
     [](const auto&, std::string_view head) { return is_fit_recording(head); }, nullptr, open_fit_recording},
    {"oni", "OpenNI recordings of PrimeSense, Orbbec, Structure and Kinect cameras: .oni", "",
     [](const auto&, std::string_view head) { return is_oni(head); }, nullptr, open_oni},
    {"record3d", "Record3D recordings of iPhones: .r3d", "",
     [](const auto& path, std::string_view head) { return is_record3d(path, head); }, nullptr, open_record3d},
    {"azure", "Azure Kinect recordings: .mkv, as k4arecorder writes them", "",
     [](const auto&, std::string_view head) { return is_azure_mkv(head); }, nullptr, open_azure_mkv},
    {"bply", "Standard Cyborg frames of a TrueDepth camera: a .ply file with its metadata, or a folder of them", "",
     [](const auto&, std::string_view head) { return is_bply(head); }, is_bply_folder, open_bply},
    {"stray", "Stray Scanner folders of iPhones: camera_matrix.csv, odometry.csv, depth", stray_scanner_missing(),
     nullptr, is_stray_scanner, open_stray_scanner},
    {"tum", "TUM RGB-D folders: depth.txt, rgb.txt, groundtruth.txt", "", nullptr, is_tum, open_tum},
    {"fakenect", "libfreenect dumps of a Kinect v1: a folder with INDEX.txt", "", nullptr, is_fakenect, open_fakenect},
    {"truedepth", "TrueDepth folders: depth_*.png, rgb_*.png, DepthMetadata.json", "", nullptr, is_truedepth_folder,
     open_truedepth_folder},
    {"images", "folders depth and color with numbered images, as Open3D's; intrinsic.json, trajectory.log or pose.txt",
     "", nullptr, is_image_folder, open_image_folder},
};

/// Enough to know a file by.
std::string head_of(const std::filesystem::path& path) {
  const ByteFile file(path);
  return file.read(0, std::min<std::uint64_t>(file.size(), 1024));
}

const Format* format_of(const std::filesystem::path& path) {
  std::error_code none;
  const bool folder = std::filesystem::is_directory(path, none);
  const std::string head = folder ? "" : head_of(path);
  for (const Format& format : formats)
    if (folder ? format.is_folder && format.is_folder(path) : format.is_file && format.is_file(path, head))
      return &format;
  return nullptr;
}

}  // namespace

std::vector<RecordingFormat> recording_formats() {
  std::vector<RecordingFormat> known;
  for (const Format& format : formats) known.push_back({format.name, format.what, format.missing});
  return known;
}

bool is_recording(const std::filesystem::path& path) {
  try {
    return format_of(path) != nullptr;
  } catch (const Error&) {
    return false;
  }
}

std::unique_ptr<Camera> open_recording(const std::filesystem::path& path) {
  const Format* format = format_of(path);
  if (!format)
    throw Error(
        ErrorKind::bad_input,
        fmt::format("{} is no recording of a depth camera that is known; `fit record --help` names those that are.",
                    path.string()));
  return format->open(path);
}

}  // namespace fit
