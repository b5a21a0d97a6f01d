#include <map>

#include "scanners/detail/byte_file.h"
#include "scanners/detail/folder_images.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/text_table.h"
#include "scanners/formats.h"

// Open3D's layout (its reconstruction system and sample data): folders of numbered images, depth in millimetres;
// trajectory.log with a line of three numbers and four of a camera-to-world matrix in metres for each frame, or
// pose.txt with "tx ty tz qx qy qz qw" for each; intrinsic.json.
namespace fit {

namespace {

const char* const format = "folder of depth and colour images";

std::filesystem::path first_folder(const std::filesystem::path& parent, std::initializer_list<const char*> names) {
  std::error_code none;
  for (const char* name : names)
    if (std::filesystem::is_directory(parent / name, none)) return parent / name;
  return {};
}

std::filesystem::path depth_folder(const std::filesystem::path& parent) { return first_folder(parent, {"depth"}); }

/// Poses in the order of the frames; none where the file does not say.
std::vector<std::optional<Eigen::Isometry3d>> read_trajectory(const std::filesystem::path& path) {
  std::vector<std::optional<Eigen::Isometry3d>> poses;
  const auto rows = read_table(path);
  for (std::size_t i = 0; i + 4 < rows.size(); i += 5) {
    Eigen::Matrix4d matrix;
    bool good = true;
    for (int r = 0; r < 4 && good; ++r) {
      const auto values = numbers(rows[i + 1 + static_cast<std::size_t>(r)]);
      good = values && values->size() == 4;
      for (int c = 0; c < 4 && good; ++c) matrix(r, c) = (*values)[static_cast<std::size_t>(c)];
    }
    const Eigen::Matrix3d turn = matrix.topLeftCorner<3, 3>();
    good = good && (turn * turn.transpose() - Eigen::Matrix3d::Identity()).norm() < 0.01 && turn.determinant() > 0;
    poses.emplace_back();
    if (!good) continue;
    Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
    pose.linear() = turn;
    pose.translation() = 1000.0 * matrix.topRightCorner<3, 1>();
    poses.back() = pose;
  }
  return poses;
}

std::vector<std::optional<Eigen::Isometry3d>> read_quaternions(const std::filesystem::path& path) {
  std::vector<std::optional<Eigen::Isometry3d>> poses;
  for (const auto& row : read_table(path)) {
    const auto values = numbers(row);
    poses.push_back(values && values->size() == 7 ? pose_from(values->data(), values->data() + 3) : std::nullopt);
  }
  return poses;
}

std::vector<std::optional<Eigen::Isometry3d>> read_poses(const std::filesystem::path& folder) {
  std::error_code none;
  if (std::filesystem::is_regular_file(folder / "trajectory.log", none))
    return read_trajectory(folder / "trajectory.log");
  for (const char* name : {"pose.txt", "poses.txt"})
    if (std::filesystem::is_regular_file(folder / name, none)) return read_quaternions(folder / name);
  return {};
}

}  // namespace

bool is_image_folder(const std::filesystem::path& folder) { return !depth_folder(folder).empty(); }

std::unique_ptr<Camera> open_image_folder(const std::filesystem::path& folder) {
  ImageSequence sequence;
  sequence.path = folder;
  sequence.load = load_file;
  CameraInfo& info = sequence.info;
  info.format = format;
  std::optional<Intrinsics> given;
  for (const char* name : {"intrinsic.json", "intrinsics.json", "camera_intrinsic.json"})
    if (!given) given = read_open3d_intrinsics(folder / name);
  info.focal_known = given.has_value();
  info.depth = given.value_or(Intrinsics{640, 480, 525.0, 525.0, 319.5, 239.5});

  std::map<std::string, std::string> colors;
  const auto color_folder = first_folder(folder, {"color", "rgb", "image"});
  if (!color_folder.empty())
    for (const NumberedImage& image : numbered_images(color_folder)) colors[image.number] = image.path.string();
  const auto poses = read_poses(folder);
  for (const NumberedImage& image : numbered_images(depth_folder(folder))) {
    SequenceFrame frame;
    const std::size_t index = sequence.frames.size();
    frame.time_s = static_cast<double>(index) / 30.0;
    frame.depth = image.path.string();
    if (const auto color = colors.find(image.number); color != colors.end()) frame.color = color->second;
    if (index < poses.size()) frame.world_from_camera = poses[index];
    sequence.frames.push_back(std::move(frame));
  }
  return open_sequence(std::move(sequence));
}

}  // namespace fit
