#include <fmt/format.h>
#include <linux/videodev2.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "libfit/error.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/v4l2_calls.h"
#include "scanners/drivers.h"

// Depth cameras that the kernel's uvcvideo driver gives as video nodes with 16 bits of depth a pixel: Intel RealSense.
// Their calibration can be had from their firmware alone, so the focal length is assumed from the model: calibrate.
namespace fit {

namespace {

constexpr int first_frame_ms = 5000;
constexpr int next_frame_ms = 2000;
constexpr unsigned buffers = 4;
constexpr unsigned intel = 0x8086;

/// What Intel's data sheets say of a model; focal lengths at 480 rows.
struct Model {
  unsigned product;
  double mm_per_count;
  double focal_px;
};
constexpr Model usual{0, 1.0, 383.0};  // D43x, D45x: 58 degrees of height in 720 rows, measured 383 to 390 at 480
constexpr Model models[] = {{0x0ad1, 1.0, 600.0},   {0x0ad2, 1.0, 600.0},  {0x0ad3, 1.0, 600.0},  // D400, D410, D415
                            {0x0b5b, 0.1, 437.0},                                                 // D405
                            {0x0aa5, 0.125, 475.0}, {0x0b48, 0.125, 475.0}};                      // SR300, SR305

const Model& model_of(const UsbIdentity& identity) {
  for (const Model& model : models)
    if (identity.vendor == intel && identity.product == model.product) return model;
  return usual;
}

std::string why(int reason) {
  switch (reason) {
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return "there is no such device; plug it in";
    case EACCES:
    case EPERM:
      return "you may not use it; become a member of the group video";
    case EBUSY:
      return "another program has it; close that one";
    case ENOSPC:
      return "the USB port has no room for its pictures; plug it into a USB 3 port of its own";
    default:
      return std::strerror(reason);
  }
}

[[noreturn]] void refuse_node(const std::string& node, const std::string& reason) {
  throw Error(ErrorKind::io, fmt::format("The camera {} could not be opened: {}.", node, reason));
}

std::vector<std::uint32_t> depth_formats_of(int descriptor, V4l2Calls& calls) {
  std::vector<std::uint32_t> formats;
  for (std::uint32_t i = 0; i < 64; ++i) {
    v4l2_fmtdesc format{};
    format.index = i;
    format.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (calls.ioctl(descriptor, VIDIOC_ENUM_FMT, &format) < 0) break;
    if (format.pixelformat == V4L2_PIX_FMT_Z16 || format.pixelformat == V4L2_PIX_FMT_INZI)
      formats.push_back(format.pixelformat);
  }
  return formats;
}

class V4l2Camera : public Camera {
 public:
  V4l2Camera(const std::string& node, const UsbIdentity& identity, std::shared_ptr<V4l2Calls> calls)
      : node_(node), model_(model_of(identity)), calls_(std::move(calls)) {
    descriptor_ = calls_->open(node);
    if (descriptor_ < 0) refuse_node(node, why(errno));
    try {
      choose_format();
      describe(identity);
      start();
    } catch (...) {
      close();
      throw;
    }
  }
  ~V4l2Camera() override { close(); }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    v4l2_buffer taken{};
    while (!gone_) {
      if (!take_newest(taken)) break;
      const bool whole = !(taken.flags & V4L2_BUF_FLAG_ERROR) && taken.bytesused >= least_bytes();
      if (whole) decode(mapped_[taken.index].begin, taken, frame);
      if (calls_->ioctl(descriptor_, VIDIOC_QBUF, &taken) < 0) gone_ = true;
      if (whole) {
        ++read_;
        return true;
      }
      ++damaged_;
      if (damaged_ > 300 + 10 * read_) break;
    }
    gone_ = true;
    if (read_ == 0)
      throw Error(ErrorKind::io,
                  fmt::format("The camera {} was opened and sends no whole frames; unplug it and plug it "
                              "into a USB 3 port.",
                              node_));
    return false;
  }

  Findings findings() const override {
    Findings found = lost_frames(damaged_, read_);
    if (gone_) found.push_back({"camera_gone", Severity::warn, {{"frames", static_cast<double>(read_), {}}}, {}});
    return found;
  }

 private:
  struct Mapped {
    void* begin;
    std::size_t length;
  };

  void choose_format() {
    v4l2_capability can{};
    if (calls_->ioctl(descriptor_, VIDIOC_QUERYCAP, &can) < 0) refuse_node(node_, "it is no video device");
    const auto formats = depth_formats_of(descriptor_, *calls_);
    if (formats.empty()) refuse_node(node_, "it gives no depth; `fit info --devices` names the cameras that do");
    // The infrared picture beside the depth, where there is one, is as good as colour.
    const bool with_infrared =
        std::find(formats.begin(), formats.end(), std::uint32_t{V4L2_PIX_FMT_INZI}) != formats.end();
    format_.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    format_.fmt.pix.width = 640;
    format_.fmt.pix.height = 480;
    format_.fmt.pix.pixelformat = with_infrared ? V4L2_PIX_FMT_INZI : V4L2_PIX_FMT_Z16;
    format_.fmt.pix.field = V4L2_FIELD_ANY;
    if (calls_->ioctl(descriptor_, VIDIOC_S_FMT, &format_) < 0) refuse_node(node_, why(errno));
    const v4l2_pix_format& got = format_.fmt.pix;
    if ((got.pixelformat != V4L2_PIX_FMT_Z16 && got.pixelformat != V4L2_PIX_FMT_INZI) || got.width < 2 ||
        got.height < 2 || got.width > 8192 || got.height > 8192)
      refuse_node(node_, "it gives no depth in a size that can be used");
    row_bytes_ = std::max<std::size_t>(got.bytesperline, 2u * got.width);
    v4l2_streamparm rate{};
    rate.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    rate.parm.capture.timeperframe = {1, 30};
    info_.frames_per_s = 30.0;
    if (calls_->ioctl(descriptor_, VIDIOC_S_PARM, &rate) == 0 && rate.parm.capture.timeperframe.numerator > 0)
      info_.frames_per_s =
          double(rate.parm.capture.timeperframe.denominator) / rate.parm.capture.timeperframe.numerator;
  }

  void describe(const UsbIdentity& identity) {
    info_.format = "RealSense camera by Video4Linux";
    v4l2_capability can{};
    calls_->ioctl(descriptor_, VIDIOC_QUERYCAP, &can);
    const auto* card = reinterpret_cast<const char*>(can.card);
    info_.device = !identity.name.empty() ? identity.name : std::string(card, strnlen(card, sizeof can.card));
    if (!identity.serial.empty()) info_.device += " " + identity.serial;
    const int width = static_cast<int>(format_.fmt.pix.width), height = static_cast<int>(format_.fmt.pix.height);
    const double f = model_.focal_px * height / 480.0;
    info_.focal_known = false;
    info_.depth = {width, height, f, f, (width - 1) / 2.0, (height - 1) / 2.0};
    if (format_.fmt.pix.pixelformat == V4L2_PIX_FMT_INZI) info_.color = info_.depth;
  }

  void start() {
    v4l2_requestbuffers asked{};
    asked.count = buffers;
    asked.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    asked.memory = V4L2_MEMORY_MMAP;
    if (calls_->ioctl(descriptor_, VIDIOC_REQBUFS, &asked) < 0) refuse_node(node_, why(errno));
    for (std::uint32_t i = 0; i < asked.count; ++i) {
      v4l2_buffer buffer = empty_buffer();
      buffer.index = i;
      if (calls_->ioctl(descriptor_, VIDIOC_QUERYBUF, &buffer) < 0) refuse_node(node_, why(errno));
      void* begin = calls_->map(descriptor_, buffer.length, static_cast<off_t>(buffer.m.offset));
      if (begin == MAP_FAILED) refuse_node(node_, why(errno));
      mapped_.push_back({begin, buffer.length});
      if (calls_->ioctl(descriptor_, VIDIOC_QBUF, &buffer) < 0) refuse_node(node_, why(errno));
    }
    if (mapped_.empty()) refuse_node(node_, "it gives no memory for its pictures");
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (calls_->ioctl(descriptor_, VIDIOC_STREAMON, &type) < 0) refuse_node(node_, why(errno));
    started_ = true;
  }

  void close() {
    if (descriptor_ < 0) return;
    int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    if (started_) calls_->ioctl(descriptor_, VIDIOC_STREAMOFF, &type);
    for (const Mapped& mapped : mapped_) calls_->unmap(mapped.begin, mapped.length);
    calls_->close(descriptor_);
    descriptor_ = -1;
  }

  static v4l2_buffer empty_buffer() {
    v4l2_buffer buffer{};
    buffer.type = V4L2_BUF_TYPE_VIDEO_CAPTURE;
    buffer.memory = V4L2_MEMORY_MMAP;
    return buffer;
  }

  std::size_t least_bytes() const {
    const std::size_t plane = row_bytes_ * format_.fmt.pix.height;
    return format_.fmt.pix.pixelformat == V4L2_PIX_FMT_INZI ? 2 * plane : plane;
  }

  /// Of the frames that wait, the newest: where fusing is slower than the camera, an old frame would lag ever more.
  bool take_newest(v4l2_buffer& taken) {
    for (;;) {
      const int came = calls_->wait(descriptor_, read_ + damaged_ == 0 ? first_frame_ms : next_frame_ms);
      if (came <= 0) return false;
      taken = empty_buffer();
      if (calls_->ioctl(descriptor_, VIDIOC_DQBUF, &taken) == 0) break;
      if (errno != EAGAIN) return false;
    }
    v4l2_buffer newer = empty_buffer();
    while (calls_->ioctl(descriptor_, VIDIOC_DQBUF, &newer) == 0) {
      if (calls_->ioctl(descriptor_, VIDIOC_QBUF, &taken) < 0) return false;
      taken = newer;
      newer = empty_buffer();
    }
    return taken.index < mapped_.size() && taken.bytesused <= mapped_[taken.index].length;
  }

  void decode(const void* begin, const v4l2_buffer& taken, Frame& frame) const {
    const bool infrared = format_.fmt.pix.pixelformat == V4L2_PIX_FMT_INZI;
    const auto* bytes = static_cast<const std::uint8_t*>(begin);
    const auto width = static_cast<std::size_t>(info_.depth.width),
               height = static_cast<std::size_t>(info_.depth.height);
    frame.time_s = double(taken.timestamp.tv_sec) + 1e-6 * double(taken.timestamp.tv_usec);
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.mm_per_count = model_.mm_per_count;
    frame.depth.counts.resize(width * height);
    const std::uint8_t* depth = bytes + (infrared ? row_bytes_ * height : 0);
    for (std::size_t y = 0; y < height; ++y)
      std::memcpy(&frame.depth.counts[y * width], depth + y * row_bytes_, 2 * width);
    frame.color.rgb.clear();
    if (!infrared) return;
    frame.color.intrinsics = *info_.color;
    frame.color.time_s = frame.time_s;
    frame.color.rgb.resize(3 * width * height);
    for (std::size_t y = 0; y < height; ++y)
      for (std::size_t x = 0; x < width; ++x) {
        std::uint16_t grey = 0;  // ten bits
        std::memcpy(&grey, bytes + y * row_bytes_ + 2 * x, 2);
        std::fill_n(&frame.color.rgb[3 * (y * width + x)], 3, static_cast<std::uint8_t>(std::min(grey >> 2, 255)));
      }
  }

  std::string node_;
  Model model_;
  std::shared_ptr<V4l2Calls> calls_;
  int descriptor_ = -1;
  bool started_ = false;
  v4l2_format format_{};
  std::size_t row_bytes_ = 0;
  std::vector<Mapped> mapped_;
  CameraInfo info_;
  bool gone_ = false;
  std::size_t read_ = 0;
  std::size_t damaged_ = 0;
};

std::vector<std::string> video_nodes() {
  std::vector<std::string> nodes;
  for (int i = 0; i < 64; ++i) {
    std::error_code none;
    const std::string node = fmt::format("/dev/video{}", i);
    if (std::filesystem::exists(node, none)) nodes.push_back(node);
  }
  return nodes;
}

}  // namespace

bool gives_depth(const std::string& node, V4l2Calls& calls, std::string& card) {
  const int descriptor = calls.open(node);
  if (descriptor < 0) refuse_node(node, why(errno));
  v4l2_capability can{};
  const bool camera = calls.ioctl(descriptor, VIDIOC_QUERYCAP, &can) == 0 &&
                      (can.device_caps & V4L2_CAP_VIDEO_CAPTURE) && (can.device_caps & V4L2_CAP_STREAMING);
  const auto* name = reinterpret_cast<const char*>(can.card);
  card.assign(name, strnlen(name, sizeof can.card));
  const bool depth = camera && !depth_formats_of(descriptor, calls).empty();
  calls.close(descriptor);
  return depth;
}

std::unique_ptr<Camera> open_v4l2(const std::string& node, const UsbIdentity& identity,
                                  std::shared_ptr<V4l2Calls> calls) {
  return std::make_unique<V4l2Camera>(node, identity, std::move(calls));
}

const char* v4l2_missing() { return ""; }

std::vector<Device> v4l2_devices() {
  std::vector<Device> devices;
  V4l2Calls calls;
  for (const std::string& node : video_nodes()) {
    std::string card;
    if (!gives_depth(node, calls, card)) continue;
    const UsbIdentity identity = usb_identity(node);
    devices.push_back({"v4l2:" + node, (identity.name.empty() ? card : identity.name) + " (Video4Linux)"});
  }
  return devices;
}

std::unique_ptr<Camera> open_v4l2(const std::string& node) {
  std::string chosen = node;
  if (chosen.empty()) {
    const std::vector<Device> devices = v4l2_devices();
    if (devices.empty())
      throw Error(ErrorKind::io,
                  "No depth camera that Video4Linux knows is attached; plug one in, or name a recording.");
    chosen = devices.front().name.substr(std::strlen("v4l2:"));
  }
  return open_v4l2(chosen, usb_identity(chosen), std::make_shared<V4l2Calls>());
}

}  // namespace fit
