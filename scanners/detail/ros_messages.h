#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "scanners/frame.h"

/// The few ROS messages that a depth recording is made of (docs.ros.org: sensor_msgs, geometry_msgs, diagnostic_msgs).
namespace fit {

struct RosImage {
  double time_s = 0.0;
  int width = 0;
  int height = 0;
  std::string_view encoding;
  bool big_endian = false;
  std::size_t step = 0;  ///< bytes a row
  std::string_view data;

  bool is_depth() const { return encoding == "mono16" || encoding == "16UC1" || encoding == "32FC1"; }
};

/// All throw Error::bad_input when the message is damaged.
RosImage read_ros_image(std::string_view message);
Intrinsics read_ros_camera_info(std::string_view message);
Eigen::Isometry3d read_ros_transform(std::string_view message);  ///< metres become mm

/// Moves the samples. Depth: 16-bit counts as they are, floats (metres) as counts of `mm_per_count`.
void to_depth(const RosImage& image, DepthImage& depth);
/// rgb8, bgr8, rgba8, bgra8, mono8, yuyv and uyvy. Throws Error::bad_input for another encoding.
void to_color(const RosImage& image, ColorImage& color);

}  // namespace fit
