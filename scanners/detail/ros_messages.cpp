#include "scanners/detail/ros_messages.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "libfit/error.h"
#include "scanners/detail/bytes.h"
#include "scanners/detail/depth_counts.h"
#include "scanners/detail/image_file.h"
#include "scanners/detail/yuv.h"

namespace fit {

namespace {

struct Header {
  double time_s;
};

Header read_header(Bytes& bytes) {
  bytes.little<std::uint32_t>();  // sequence number
  const double seconds = bytes.little<std::uint32_t>();
  const double time_s = seconds + 1e-9 * bytes.little<std::uint32_t>();
  bytes.text32();  // frame name
  return {time_s};
}

}  // namespace

RosImage read_ros_image(std::string_view message) {
  Bytes bytes(message);
  RosImage image;
  image.time_s = read_header(bytes).time_s;
  const auto height = bytes.little<std::uint32_t>();
  const auto width = bytes.little<std::uint32_t>();
  check_image_size(width, height);
  image.height = static_cast<int>(height);
  image.width = static_cast<int>(width);
  image.encoding = bytes.text32();
  image.big_endian = bytes.little<std::uint8_t>() != 0;
  image.step = bytes.little<std::uint32_t>();
  image.data = bytes.text32();
  if (image.data.size() / height < image.step) throw Error(ErrorKind::bad_input, "an image ends too early");
  return image;
}

Intrinsics read_ros_camera_info(std::string_view message) {
  Bytes bytes(message);
  read_header(bytes);
  const auto height = bytes.little<std::uint32_t>();
  const auto width = bytes.little<std::uint32_t>();
  check_image_size(width, height);
  bytes.text32();                                    // distortion model
  bytes.take(8ull * bytes.little<std::uint32_t>());  // distortion
  double k[9];
  for (double& value : k) value = bytes.little<double>();
  const Intrinsics found{static_cast<int>(width), static_cast<int>(height), k[0], k[4], k[2], k[5]};
  if (!(found.fx_px > 0 && found.fy_px > 0 && found.fx_px < 1e5 && found.fy_px < 1e5 && std::isfinite(found.cx_px) &&
        std::isfinite(found.cy_px)))
    throw Error(ErrorKind::bad_input, "the intrinsics are none of a camera");
  return found;
}

Eigen::Isometry3d read_ros_transform(std::string_view message) {
  Bytes bytes(message);
  Eigen::Vector3d shift_m;
  for (int i = 0; i < 3; ++i) shift_m[i] = bytes.little<double>();
  double q[4];
  for (double& value : q) value = bytes.little<double>();
  const Eigen::Quaterniond turn(q[3], q[0], q[1], q[2]);
  if (!(std::abs(turn.norm() - 1.0) < 0.05) || !shift_m.allFinite())
    throw Error(ErrorKind::bad_input, "a transform is none");
  Eigen::Isometry3d transform = Eigen::Isometry3d::Identity();
  transform.linear() = turn.normalized().toRotationMatrix();
  transform.translation() = 1000.0 * shift_m;
  return transform;
}

void to_depth(const RosImage& image, DepthImage& depth) {
  const auto width = static_cast<std::size_t>(image.width);
  const std::size_t sample = image.encoding == "32FC1" ? 4 : 2;
  if (image.step < sample * width || image.big_endian)
    throw Error(ErrorKind::bad_input, "a depth image has rows that are too short");
  depth.counts.resize(width * static_cast<std::size_t>(image.height));
  for (int y = 0; y < image.height; ++y) {
    const char* from = image.data.data() + static_cast<std::size_t>(y) * image.step;
    std::uint16_t* to = depth.counts.data() + static_cast<std::size_t>(y) * width;
    if (sample == 2)
      std::memcpy(to, from, 2 * width);
    else
      counts_from_metres(from, width, depth.mm_per_count, to);
  }
}

void to_color(const RosImage& image, ColorImage& color) {
  struct Layout {
    std::string_view encoding;
    std::size_t sample;
    int red, green, blue;
  };
  static constexpr Layout layouts[] = {{"rgb8", 3, 0, 1, 2},  {"bgr8", 3, 2, 1, 0},  {"rgba8", 4, 0, 1, 2},
                                       {"bgra8", 4, 2, 1, 0}, {"mono8", 1, 0, 0, 0}, {"8UC1", 1, 0, 0, 0},
                                       {"8UC3", 3, 2, 1, 0}};
  const auto width = static_cast<std::size_t>(image.width);
  const auto height = static_cast<std::size_t>(image.height);
  color.rgb.resize(3 * width * height);
  const auto* data = reinterpret_cast<const std::uint8_t*>(image.data.data());
  const bool yuyv = image.encoding == "yuyv" || image.encoding == "YUYV" || image.encoding == "yuv422_yuy2";
  const bool uyvy = image.encoding == "uyvy" || image.encoding == "UYVY" || image.encoding == "yuv422";
  if (yuyv || uyvy) {
    if (image.step < 2 * width) throw Error(ErrorKind::bad_input, "a colour image has rows that are too short");
    for (std::size_t y = 0; y < height; ++y)
      rgb_from_yuv422(data + y * image.step, width, uyvy, color.rgb.data() + 3 * width * y);
    return;
  }
  for (const Layout& layout : layouts) {
    if (layout.encoding != image.encoding) continue;
    if (image.step < layout.sample * width)
      throw Error(ErrorKind::bad_input, "a colour image has rows that are too short");
    for (std::size_t y = 0; y < height; ++y) {
      const std::uint8_t* from = data + y * image.step;
      std::uint8_t* to = color.rgb.data() + 3 * width * y;
      for (std::size_t x = 0; x < width; ++x, from += layout.sample, to += 3) {
        to[0] = from[layout.red];
        to[1] = from[layout.green];
        to[2] = from[layout.blue];
      }
    }
    return;
  }
  throw Error(ErrorKind::bad_input, "a colour image is encoded in a way that is not known");
}

}  // namespace fit
