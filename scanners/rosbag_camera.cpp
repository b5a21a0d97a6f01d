#include <algorithm>
#include <cmath>
#include <map>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"
#include "scanners/detail/color_pairing.h"
#include "scanners/detail/depth_counts.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/ros_messages.h"
#include "scanners/detail/rosbag.h"
#include "scanners/formats.h"

// Depth recordings in ROS bags: those of RealSense's SDK (topics /device_0/sensor_0/Depth_0/image/data and beside it
// info/camera_info, tf/0, option/Depth Units/value), and those of ROS drivers (/camera/depth/image, camera_info).
namespace fit {

namespace {

const char* const format = "RealSense or ROS recording";

std::string sdk_base(std::string_view image_topic) {
  constexpr std::string_view ending = "/image/data";
  return image_topic.ends_with(ending) ? std::string(image_topic.substr(0, image_topic.size() - ending.size())) : "";
}

/// Where a camera's intrinsics are said.
std::string info_topic(std::string_view image_topic) {
  if (const std::string base = sdk_base(image_topic); !base.empty()) return base + "/info/camera_info";
  return std::string(image_topic.substr(0, image_topic.rfind('/'))) + "/camera_info";
}

class RosbagCamera : public Camera {
 public:
  explicit RosbagCamera(const std::filesystem::path& path) : bag_(path) {
    info_.format = format;
    learn(path);
    bag_.rewind();
    pairing_.reset(!color_topic_.empty());
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    for (;;) {
      while (!pairing_.ended() && !pairing_.ready()) read_message();
      if (!pairing_.ready()) return false;
      if (decode(pairing_.take(), frame)) return true;
    }
  }

  Findings findings() const override {
    Findings found = lost_frames(lost_, read_);
    if (pairing_.ended() && bag_.damaged()) found.push_back({"recording_cut_short", Severity::warn, {}, {}});
    return found;
  }

 private:
  /// Reads until the first depth image, its camera's intrinsics and the first colour image are known.
  void learn(const std::filesystem::path& path) {
    std::map<std::string, Intrinsics, std::less<>> intrinsics;
    std::map<std::string, Eigen::Isometry3d, std::less<>> poses;
    std::map<std::string, std::string> about;
    Rosbag::Message message;
    int images = 0;
    while (images < 90 && !(known(intrinsics) && images > 12) && bag_.next(message)) {
      try {
        images += message.type == "sensor_msgs/Image";
        look(message, intrinsics, poses, about);
      } catch (const Error&) {  // damage is counted when the frames are read
      }
    }
    if (depth_topic_.empty()) refuse_recording(path, format, "it holds no depth image");
    const auto found = intrinsics.find(info_topic(depth_topic_));
    info_.focal_known = found != intrinsics.end();
    info_.depth = info_.focal_known ? found->second
                                    : resized({640, 480, 525.0, 525.0, 319.5, 239.5}, depth_width_, depth_height_);
    if (!color_topic_.empty()) {
      const auto color = intrinsics.find(info_topic(color_topic_));
      info_.color = color != intrinsics.end() ? color->second : info_.depth;
    }
    // Each stream's pose is given in the same frame: the first stream's.
    const auto depth_pose = poses.find(sdk_base(depth_topic_));
    const auto color_pose = poses.find(sdk_base(color_topic_));
    if (depth_pose != poses.end() && color_pose != poses.end())
      info_.color_from_depth = color_pose->second.inverse() * depth_pose->second;
    info_.format = sdk_base(depth_topic_).empty() ? "ROS recording" : "RealSense recording";
    info_.device = about["Name"];
    if (!about["Serial Number"].empty()) info_.device += (info_.device.empty() ? "" : " ") + about["Serial Number"];
  }

  bool known(const std::map<std::string, Intrinsics, std::less<>>& intrinsics) const {
    return !depth_topic_.empty() && !color_topic_.empty() && intrinsics.contains(info_topic(depth_topic_)) &&
           intrinsics.contains(info_topic(color_topic_));
  }

  void look(const Rosbag::Message& message, std::map<std::string, Intrinsics, std::less<>>& intrinsics,
            std::map<std::string, Eigen::Isometry3d, std::less<>>& poses, std::map<std::string, std::string>& about) {
    if (message.type == "sensor_msgs/Image") {
      const RosImage image = read_ros_image(message.data);
      if (image.is_depth() && depth_topic_.empty()) {
        depth_topic_ = message.topic;
        depth_width_ = image.width;
        depth_height_ = image.height;
        if (image.encoding == "32FC1") mm_per_count_ = float_depth_mm_per_count;
      }
      const bool infrared = message.topic.find("nfrared") != std::string_view::npos ||
                            message.topic.find("/ir/") != std::string_view::npos;
      if (!image.is_depth() && !infrared && color_topic_.empty()) color_topic_ = message.topic;
    } else if (message.type == "sensor_msgs/CameraInfo" && intrinsics.size() < 100) {
      intrinsics[std::string(message.topic)] = read_ros_camera_info(message.data);
    } else if (message.type == "geometry_msgs/Transform" && message.topic.ends_with("/tf/0") && poses.size() < 100) {
      poses[std::string(message.topic.substr(0, message.topic.size() - 5))] = read_ros_transform(message.data);
    } else if (message.topic == "/device_0/info") {
      Bytes bytes(message.data);
      const std::string key(bytes.text32().substr(0, 100));
      if (about.size() < 100) about[key] = std::string(bytes.text32().substr(0, 100));
    } else if (message.type == "realsense_msgs/StreamInfo" && message.topic.find("Depth") != std::string_view::npos) {
      info_.frames_per_s = std::min(Bytes(message.data).little<std::uint32_t>(), 1000u);
    } else if (message.topic.ends_with("/option/Depth Units/value")) {
      const float metres = Bytes(message.data).little<float>();
      if (metres > 1e-6f && metres < 0.1f) mm_per_count_ = std::round(1e9 * static_cast<double>(metres)) / 1e6;
    }
  }

  void read_message() {
    Rosbag::Message message;
    if (!bag_.next(message)) return pairing_.end();
    const bool depth = message.topic == depth_topic_;
    if (!depth && (color_topic_.empty() || message.topic != color_topic_)) return;
    try {
      const double time_s = read_ros_image(message.data).time_s;
      if (depth)
        pairing_.add_depth(time_s, std::string(message.data));
      else
        pairing_.add_color(time_s, std::string(message.data));
    } catch (const Error&) {
      lost_ += depth;
    }
  }

  bool decode(const ColorPairing::Pair& pair, Frame& frame) {
    try {
      const RosImage image = read_ros_image(pair.depth);
      frame.time_s = image.time_s;
      frame.world_from_camera.reset();
      frame.depth.intrinsics = image.width == info_.depth.width && image.height == info_.depth.height
                                   ? info_.depth
                                   : resized(info_.depth, image.width, image.height);
      frame.depth.mm_per_count = mm_per_count_;
      to_depth(image, frame.depth);
      frame.color.rgb.clear();
      if (!pair.color.empty()) {
        const RosImage color = read_ros_image(pair.color);
        frame.color.time_s = color.time_s;
        frame.color.intrinsics = resized(*info_.color, color.width, color.height);
        to_color(color, frame.color);
      }
      ++read_;
      return true;
    } catch (const Error&) {
      ++lost_;
      return false;
    }
  }

  Rosbag bag_;
  CameraInfo info_;
  std::string depth_topic_;
  std::string color_topic_;
  int depth_width_ = 0;
  int depth_height_ = 0;
  double mm_per_count_ = 1.0;
  ColorPairing pairing_;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

bool is_rosbag(std::string_view head) { return head.starts_with("#ROSBAG"); }

std::unique_ptr<Camera> open_rosbag(const std::filesystem::path& path) { return std::make_unique<RosbagCamera>(path); }

}  // namespace fit
