#include <algorithm>
#include <cmath>
#include <deque>
#include <map>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"
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
constexpr std::size_t frames_ahead = 4;      // how far a colour frame may come behind its depth frame
constexpr double most_color_apart_s = 0.15;  // a frame at 6 a second, the slowest that these cameras send

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
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    for (;;) {
      while (!ended_ && !ready()) read_message();
      if (waiting_.empty()) return false;
      const std::string depth = std::move(waiting_.front());
      waiting_.pop_front();
      if (decode(depth, frame)) return true;
    }
  }

  Findings findings() const override {
    Findings found = lost_frames(lost_, read_);
    if (ended_ && bag_.damaged()) found.push_back({"recording_cut_short", Severity::warn, {}, {}});
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

  /// Whether the first waiting depth frame has met all colour frames that could be nearest to it.
  bool ready() const {
    if (waiting_.empty()) return false;
    if (color_topic_.empty() || waiting_.size() > frames_ahead) return true;
    return later_ && *later_ >= time_of(waiting_.front());
  }

  static double time_of(const std::string& image) {
    try {
      return read_ros_image(image).time_s;
    } catch (const Error&) {
      return 0.0;
    }
  }

  void read_message() {
    Rosbag::Message message;
    if (!bag_.next(message)) {
      ended_ = true;
      return;
    }
    if (message.topic == depth_topic_) waiting_.emplace_back(message.data);
    if (color_topic_.empty() || message.topic != color_topic_) return;
    std::swap(earlier_color_, later_color_);
    later_color_ = message.data;
    later_ = time_of(later_color_);
  }

  bool decode(const std::string& depth, Frame& frame) {
    try {
      const RosImage image = read_ros_image(depth);
      frame.time_s = image.time_s;
      frame.world_from_camera.reset();
      frame.depth.intrinsics = image.width == info_.depth.width && image.height == info_.depth.height
                                   ? info_.depth
                                   : resized(info_.depth, image.width, image.height);
      frame.depth.mm_per_count = mm_per_count_;
      to_depth(image, frame.depth);
      decode_color(image.time_s, frame);
      ++read_;
      return true;
    } catch (const Error&) {
      ++lost_;
      return false;
    }
  }

  void decode_color(double time_s, Frame& frame) {
    frame.color.rgb.clear();
    const bool earlier = !earlier_color_.empty() &&
                         std::abs(time_of(earlier_color_) - time_s) <= std::abs(time_of(later_color_) - time_s);
    const std::string& nearest = earlier ? earlier_color_ : later_color_;
    if (nearest.empty()) return;
    const RosImage image = read_ros_image(nearest);
    if (std::abs(image.time_s - time_s) > most_color_apart_s) return;
    frame.color.time_s = image.time_s;
    frame.color.intrinsics = resized(*info_.color, image.width, image.height);
    to_color(image, frame.color);
  }

  Rosbag bag_;
  CameraInfo info_;
  std::string depth_topic_;
  std::string color_topic_;
  int depth_width_ = 0;
  int depth_height_ = 0;
  double mm_per_count_ = 1.0;
  std::deque<std::string> waiting_;  ///< depth images whose colour may still come
  std::string earlier_color_;
  std::string later_color_;
  std::optional<double> later_;
  bool ended_ = false;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

bool is_rosbag(std::string_view head) { return head.starts_with("#ROSBAG"); }

std::unique_ptr<Camera> open_rosbag(const std::filesystem::path& path) { return std::make_unique<RosbagCamera>(path); }

}  // namespace fit
