#include <algorithm>
#include <cmath>

#include "scanners/detail/byte_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// The TUM RGB-D benchmark's layout (Sturm et al., A Benchmark for the Evaluation of RGB-D SLAM Systems, IROS 2012):
// depth.txt and rgb.txt list "time file"; groundtruth.txt "time tx ty tz qx qy qz qw"; depth PNG, 5000 a metre.
namespace fit {

namespace {

const char* const format = "TUM RGB-D recording";

struct Entry {
  double time_s;
  std::string name;
};

std::vector<Entry> read_list(const std::filesystem::path& path) {
  std::vector<Entry> entries;
  for (const auto& row : read_table(path)) {
    if (row.size() < 2) continue;
    if (const auto time = numbers({row[0]})) entries.push_back({time->front(), row[1]});
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.time_s < b.time_s; });
  return entries;
}

struct TimedPose {
  double time_s;
  Eigen::Isometry3d pose;
};

std::vector<TimedPose> read_poses(const std::filesystem::path& path) {
  std::vector<TimedPose> poses;
  std::error_code none;
  if (!std::filesystem::is_regular_file(path, none)) return poses;
  for (const auto& row : read_table(path)) {
    const auto values = numbers(row);
    if (!values || values->size() != 8) continue;
    if (const auto pose = pose_from(values->data() + 1, values->data() + 4)) poses.push_back({values->front(), *pose});
  }
  std::stable_sort(poses.begin(), poses.end(),
                   [](const TimedPose& a, const TimedPose& b) { return a.time_s < b.time_s; });
  return poses;
}

/// The entry nearest in time, no further off than `most_s`.
template <class T>
const T* nearest(const std::vector<T>& entries, double time_s, double most_s) {
  const auto after = std::lower_bound(entries.begin(), entries.end(), time_s,
                                      [](const T& entry, double time) { return entry.time_s < time; });
  const T* best = nullptr;
  if (after != entries.end()) best = &*after;
  if (after != entries.begin() && (!best || time_s - std::prev(after)->time_s < best->time_s - time_s))
    best = &*std::prev(after);
  return best && std::abs(best->time_s - time_s) <= most_s ? best : nullptr;
}

/// The colour cameras' published calibrations; depth is registered to them.
Intrinsics published_intrinsics(const std::string& name, bool& known) {
  known = true;
  if (name.find("freiburg1") != std::string::npos) return {640, 480, 517.3, 516.5, 318.6, 255.3};
  if (name.find("freiburg2") != std::string::npos) return {640, 480, 520.9, 521.0, 325.1, 249.7};
  if (name.find("freiburg3") != std::string::npos) return {640, 480, 535.4, 539.2, 320.1, 247.6};
  known = false;
  return {640, 480, 525.0, 525.0, 319.5, 239.5};
}

}  // namespace

bool is_tum(const std::filesystem::path& folder) {
  std::error_code none;
  return std::filesystem::is_regular_file(folder / "depth.txt", none);
}

std::unique_ptr<Camera> open_tum(const std::filesystem::path& folder) {
  ImageSequence sequence;
  sequence.path = folder;
  sequence.load = load_file;
  sequence.mm_per_count = 0.2;
  CameraInfo& info = sequence.info;
  info.format = format;
  info.frames_per_s = 30;
  if (const auto given = read_open3d_intrinsics(folder / "intrinsic.json"))
    info.depth = *given;
  else
    info.depth = published_intrinsics(std::filesystem::weakly_canonical(folder).filename().string(), info.focal_known);

  std::error_code none;
  std::vector<Entry> colors;
  if (std::filesystem::is_regular_file(folder / "rgb.txt", none)) colors = read_list(folder / "rgb.txt");
  const std::vector<TimedPose> poses = read_poses(folder / "groundtruth.txt");
  for (const Entry& entry : read_list(folder / "depth.txt")) {
    SequenceFrame frame;
    frame.time_s = entry.time_s;
    frame.depth = (folder / entry.name).string();
    if (const Entry* color = nearest(colors, entry.time_s, 0.02)) frame.color = (folder / color->name).string();
    if (const TimedPose* pose = nearest(poses, entry.time_s, 0.02)) frame.world_from_camera = pose->pose;
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
