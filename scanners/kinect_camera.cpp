#include "scanners/drivers.h"

#ifdef FIT_HAS_FREENECT

#include <fmt/format.h>
#include <libfreenect.h>
#include <libfreenect_registration.h>
#include <sys/time.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <thread>
#include <utility>

#include "libfit/error.h"
#include "scanners/detail/kinect_raw.h"

namespace fit {

namespace {

constexpr int width = 640, height = 480;
constexpr std::size_t pixels = std::size_t{width} * height;
constexpr auto first_frame = std::chrono::seconds(5);  // the laser warms up
constexpr auto next_frame = std::chrono::seconds(2);
constexpr double most_apart_s = 0.05;  // depth and colour of one moment
constexpr double ticks_per_s = 60e6;   // of the device's clock

// libfreenect says what went wrong to a function that gets nothing to remember it by.
std::mutex said_mutex;
std::string said;
void listen(freenect_context*, freenect_loglevel level, const char* message) {
  if (level > FREENECT_LOG_ERROR) return;
  const std::lock_guard lock(said_mutex);
  said = (said + message).substr(0, 2000);
}
std::string what_was_said() {
  const std::lock_guard lock(said_mutex);
  return std::exchange(said, {});
}

[[noreturn]] void refuse_kinect(const std::string& which) {
  const std::string reason = what_was_said();
  const auto has = [&](const char* word) { return reason.find(word) != std::string::npos; };
  const char* why = has("ACCESS") || has("ermission")
                        ? "you may not use it; Debian's libfreenect rules give it to members of the group plugdev"
                    : has("BUSY") || has("busy") ? "another program has it"
                    : has("NO_DEVICE")           ? "it was unplugged"
                                                 : "plug in its power supply, and close other programs that use it";
  throw Error(ErrorKind::io,
              fmt::format("The Kinect{}{} could not be opened: {}.", which.empty() ? "" : " ", which, why));
}

/// The library's own simulator (fakenect) knows neither serial numbers nor the factory's tables, and calling for them
/// is calling the real library with the simulator's device.
bool is_simulated() { return std::getenv("FAKENECT_PATH") != nullptr; }

class Context {
 public:
  Context() {
    what_was_said();
    if (freenect_init(&context_, nullptr) < 0)
      throw Error(ErrorKind::io, "libfreenect could not be started: there is no USB here, or it may not be used.");
    freenect_set_log_callback(context_, listen);
    freenect_select_subdevices(context_, FREENECT_DEVICE_CAMERA);
  }
  ~Context() { freenect_shutdown(context_); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  freenect_context* get() const { return context_; }

 private:
  freenect_context* context_ = nullptr;
};

std::vector<std::string> serials_of(const Context& context) {
  std::vector<std::string> serials;
  if (is_simulated()) return {"simulated"};
  freenect_device_attributes* list = nullptr;
  if (freenect_list_device_attributes(context.get(), &list) < 0) return serials;
  for (const freenect_device_attributes* one = list; one; one = one->next)
    serials.emplace_back(one->camera_serial ? one->camera_serial : "");
  freenect_free_device_attributes(list);
  return serials;
}

class KinectCamera : public Camera {
 public:
  explicit KinectCamera(const std::string& serial) {
    const std::vector<std::string> serials = serials_of(context_);
    if (serials.empty() || freenect_num_devices(context_.get()) <= 0)
      throw Error(ErrorKind::io, "No Kinect is attached; plug one in, with its power supply, or name a recording.");
    const std::string which = serial.empty() ? serials.front() : serial;
    const int opened = serial.empty() || is_simulated()
                           ? freenect_open_device(context_.get(), &device_, 0)
                           : freenect_open_device_by_camera_serial(context_.get(), &device_, serial.c_str());
    if (opened < 0) refuse_kinect(serial);
    info_.format = "Kinect";
    info_.device = fmt::format("Kinect v1 {}", which);
    try {
      set_up();
    } catch (...) {
      freenect_close_device(device_);
      throw;
    }
  }

  ~KinectCamera() override {
    stop_ = true;
    if (pump_.joinable()) pump_.join();
    freenect_stop_depth(device_);
    freenect_stop_video(device_);
    freenect_close_device(device_);
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    std::unique_lock lock(mutex_);
    const bool came = came_.wait_for(lock, read_ == 0 ? first_frame : next_frame, [&] { return fresh_ || gone_; });
    if (!came || !fresh_) {
      gone_ = true;
      if (read_ == 0)
        throw Error(ErrorKind::io,
                    "The Kinect was opened and sends no frames; plug in its power supply, or another port.");
      return false;
    }
    fresh_ = false;
    frame.time_s = depth_s_;
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.counts = depth_;
    frame.color.rgb.clear();
    if (!color_.empty() && std::abs(color_s_ - depth_s_) < most_apart_s) frame.color.rgb = color_;
    frame.color.time_s = color_s_;
    lock.unlock();
    frame.color.intrinsics = *info_.color;
    if (has_registration_ && !frame.color.rgb.empty()) lay_colors_on_depth(frame);
    convert_kinect_raw(frame.depth, plane_);
    ++read_;
    return true;
  }

  Findings findings() const override {
    const std::lock_guard lock(mutex_);
    if (!gone_) return {};
    return {{"camera_gone", Severity::warn, {{"frames", static_cast<double>(read_), {}}}, {}}};
  }

 private:
  void set_up() {
    freenect_set_user(device_, this);
    depth_buffer_.resize(pixels);
    color_buffer_.resize(3 * pixels);
    const bool modes =
        freenect_set_depth_mode(device_, freenect_find_depth_mode(FREENECT_RESOLUTION_MEDIUM, FREENECT_DEPTH_11BIT)) >=
            0 &&
        freenect_set_video_mode(device_, freenect_find_video_mode(FREENECT_RESOLUTION_MEDIUM, FREENECT_VIDEO_RGB)) >= 0;
    if (!modes) refuse_kinect({});
    freenect_set_depth_buffer(device_, depth_buffer_.data());
    freenect_set_video_buffer(device_, color_buffer_.data());
    freenect_set_depth_callback(device_, [](freenect_device* device, void* data, std::uint32_t ticks) {
      static_cast<KinectCamera*>(freenect_get_user(device))->take_depth(data, ticks);
    });
    freenect_set_video_callback(device_, [](freenect_device* device, void* data, std::uint32_t ticks) {
      static_cast<KinectCamera*>(freenect_get_user(device))->take_color(data, ticks);
    });
    describe();
    if (freenect_start_depth(device_) < 0 || freenect_start_video(device_) < 0) refuse_kinect({});
    // Frames must be fetched as they come, whatever is done with them meanwhile: what waits in USB is thrown away.
    pump_ = std::thread([this] { pump(); });
  }

  void describe() {
    if (!is_simulated()) {
      freenect_registration tables = freenect_copy_registration(device_);
      const freenect_zero_plane_info& zero = tables.zero_plane_info;
      has_registration_ = zero.reference_distance > 0 && zero.reference_pixel_size > 0 && tables.raw_to_mm_shift;
      if (has_registration_) {
        plane_ = {zero.dcmos_emitter_dist, zero.reference_distance, zero.reference_pixel_size, tables.const_shift};
        raw_to_mm_.assign(tables.raw_to_mm_shift, tables.raw_to_mm_shift + 2048);
      }
      freenect_destroy_registration(&tables);
    }
    info_.frames_per_s = 30;
    info_.focal_known = has_registration_;
    const double f = plane_.focal_px();
    info_.depth = {width, height, f, f, (width - 1) / 2.0, (height - 1) / 2.0};
    // With the factory's tables the colours are laid on the depth pixels; without, the two cameras stand 23 mm apart.
    info_.color = has_registration_ ? info_.depth : Intrinsics{width, height, 525.0, 525.0, 319.5, 239.5};
    if (!has_registration_) info_.color_from_depth.translation() = Eigen::Vector3d(23.0, 0.0, 0.0);
  }

  void pump() {
    while (!stop_) {
      timeval patience{0, 100000};
      if (freenect_process_events_timeout(context_.get(), &patience) >= 0) continue;
      const std::lock_guard lock(mutex_);
      gone_ = true;
      came_.notify_all();
      return;
    }
  }

  void take_depth(const void* data, std::uint32_t ticks) {
    const std::lock_guard lock(mutex_);
    const auto* counts = static_cast<const std::uint16_t*>(data);
    depth_.assign(counts, counts + pixels);
    depth_s_ = seconds(ticks);
    fresh_ = true;
    came_.notify_all();
  }

  void take_color(const void* data, std::uint32_t ticks) {
    const std::lock_guard lock(mutex_);
    const auto* bytes = static_cast<const std::uint8_t*>(data);
    color_.assign(bytes, bytes + 3 * pixels);
    color_s_ = seconds(ticks);
  }

  /// The device's clock has 32 bits and goes round every 71 s.
  double seconds(std::uint32_t ticks) {
    ticks_ += static_cast<std::int32_t>(ticks - static_cast<std::uint32_t>(ticks_));
    return static_cast<double>(ticks_) / ticks_per_s;
  }

  void lay_colors_on_depth(Frame& frame) {
    depth_mm_.resize(pixels);
    for (std::size_t i = 0; i < pixels; ++i) depth_mm_[i] = raw_to_mm_[frame.depth.counts[i] & 2047u];
    laid_.assign(3 * pixels, 0);
    freenect_map_rgb_to_depth(device_, depth_mm_.data(), frame.color.rgb.data(), laid_.data());
    frame.color.rgb = laid_;
  }

  Context context_;
  freenect_device* device_ = nullptr;
  CameraInfo info_;
  KinectPlane plane_;
  bool has_registration_ = false;
  std::vector<std::uint16_t> raw_to_mm_, depth_mm_, depth_buffer_;
  std::vector<std::uint8_t> laid_, color_buffer_;
  std::thread pump_;
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;  ///< of all that follows
  std::condition_variable came_;
  std::vector<std::uint16_t> depth_;
  std::vector<std::uint8_t> color_;
  double depth_s_ = 0.0, color_s_ = -1e9;
  std::int64_t ticks_ = 0;
  bool fresh_ = false;
  bool gone_ = false;
  std::size_t read_ = 0;
};

}  // namespace

const char* kinect_missing() { return ""; }

std::vector<Device> kinect_devices() {
  const Context context;
  std::vector<Device> devices;
  for (const std::string& serial : serials_of(context))
    devices.push_back({"kinect:" + serial, "Kinect v1 (libfreenect)"});
  return devices;
}

std::unique_ptr<Camera> open_kinect(const std::string& serial) { return std::make_unique<KinectCamera>(serial); }

}  // namespace fit

#else

#include "libfit/error.h"

namespace fit {
const char* kinect_missing() { return "this build was made without libfreenect-dev"; }
std::vector<Device> kinect_devices() { return {}; }
std::unique_ptr<Camera> open_kinect(const std::string&) {
  throw Error(ErrorKind::bad_params, "This build was made without libfreenect.");
}
}  // namespace fit

#endif
