#include "scanners/drivers.h"

#ifdef FIT_HAS_OPENNI2

#include <OniCAPI.h>
#include <OniCProperties.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include "libfit/error.h"
#include "scanners/detail/color_pairing.h"
#include "scanners/detail/image_file.h"
#include "scanners/detail/mirror.h"
#include "scanners/detail/yuv.h"

namespace fit {

namespace {

constexpr int first_frame_ms = 5000;  // a laser projector warms up
constexpr int next_frame_ms = 2000;

/// What the library says went wrong, as a part of a sentence.
std::string reason_said() {
  std::string said = oniGetExtendedError();
  for (char& c : said)
    if (c == '\n' || c == '\t') c = ' ';
  const std::size_t begin = said.find_first_not_of(' ');
  const std::size_t end = said.find_last_not_of(" .");
  return begin == std::string::npos || end == std::string::npos ? "it does not say why"
                                                                : said.substr(begin, end + 1 - begin);
}

/// Begins OpenNI2 once and never ends it: drivers leave threads behind that run on when their code is gone.
void begin_library() {
  static const OniStatus status = oniInitialize(ONI_API_VERSION);
  if (status != ONI_STATUS_OK)
    throw Error(ErrorKind::io, fmt::format("OpenNI2 could not be started: {}.", reason_said()));
}

[[noreturn]] void refuse_device(const std::string& uri) {
  const std::string reason = reason_said();
  const auto has = [&](const char* word) { return reason.find(word) != std::string::npos; };
  const char* remedy = has("ermission") || has("USB_ACCESS") || has("denied")
                           ? "you may not use it: Debian's openni2 rules give it to members of the group plugdev"
                       : has("busy") || has("BUSY") ? "another program has it"
                                                    : "";
  throw Error(ErrorKind::io, fmt::format("The camera openni2:{} could not be opened: {}.", uri,
                                         *remedy ? fmt::format("{} ({})", remedy, reason) : reason));
}

template <typename Value>
std::optional<Value> property_of(OniStreamHandle stream, int property) {
  Value value{};
  int size = sizeof value;
  if (oniStreamGetProperty(stream, property, &value, &size) != ONI_STATUS_OK || size != sizeof value) return {};
  return value;
}

struct Stream {
  OniStreamHandle handle = nullptr;
  OniVideoMode mode{};
  bool mirrored = false;
};

/// Of the modes of a sensor, that which is nearest to 640 x 480 at 30 frames a second in the best format.
std::optional<OniVideoMode> best_mode(const OniSensorInfo& sensor, const std::vector<OniPixelFormat>& formats) {
  std::optional<OniVideoMode> best;
  double least = 1e300;
  for (int i = 0; i < sensor.numSupportedVideoModes; ++i) {
    const OniVideoMode& mode = sensor.pSupportedVideoModes[i];
    const auto format = std::find(formats.begin(), formats.end(), mode.pixelFormat);
    if (format == formats.end()) continue;
    const double off = std::abs(mode.resolutionX - 640) + std::abs(mode.resolutionY - 480) +
                       10.0 * std::abs(mode.fps - 30) + 100.0 * static_cast<double>(format - formats.begin());
    if (off < least) best = mode, least = off;
  }
  return best;
}

class OpenNi2Camera : public Camera {
 public:
  explicit OpenNi2Camera(const std::string& uri) : uri_(uri) {
    begin_library();
    if (oniDeviceOpen(uri.empty() ? nullptr : uri.c_str(), &device_) != ONI_STATUS_OK) refuse_device(uri);
    try {
      set_up();
    } catch (...) {
      close();
      throw;
    }
  }
  ~OpenNi2Camera() override { close(); }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    while (!pairing_.ended() && !pairing_.ready()) read_frame();
    if (!pairing_.ready()) {
      if (read_ == 0 && !is_file_)
        throw Error(
            ErrorKind::io,
            fmt::format("The camera openni2:{} was opened and sends no frames; unplug it and plug it in again.", uri_));
      return false;
    }
    decode(pairing_.take(), frame);
    ++read_;
    return true;
  }

  Findings findings() const override {
    if (is_file_ || !pairing_.ended()) return {};
    return {{"camera_gone", Severity::warn, {{"frames", static_cast<double>(read_), {}}}, {}}};
  }

 private:
  void close() {
    for (Stream* stream : {&color_, &depth_})
      if (stream->handle) {
        oniStreamStop(stream->handle);
        oniStreamDestroy(stream->handle);
      }
    oniDeviceClose(device_);
  }

  void set_up() {
    // A file is played as fast as it is read, and once.
    is_file_ = oniDeviceIsCommandSupported(device_, ONI_DEVICE_COMMAND_SEEK);
    if (is_file_) {
      const float speed = -1.0f;
      const OniBool repeat = 0;
      oniDeviceSetProperty(device_, ONI_DEVICE_PROPERTY_PLAYBACK_SPEED, &speed, sizeof speed);
      oniDeviceSetProperty(device_, ONI_DEVICE_PROPERTY_PLAYBACK_REPEAT_ENABLED, &repeat, sizeof repeat);
    }
    if (!start(ONI_SENSOR_DEPTH, {ONI_PIXEL_FORMAT_DEPTH_100_UM, ONI_PIXEL_FORMAT_DEPTH_1_MM}, depth_))
      throw Error(ErrorKind::io, fmt::format("The camera openni2:{} gives no depth: {}.", uri_, reason_said()));
    // Laid over the colours by the device, depth and colour share one lens, and one calibration holds for both.
    const OniImageRegistrationMode registered = ONI_IMAGE_REGISTRATION_DEPTH_TO_COLOR;
    if (oniDeviceIsImageRegistrationModeSupported(device_, registered))
      oniDeviceSetProperty(device_, ONI_DEVICE_PROPERTY_IMAGE_REGISTRATION, &registered, sizeof registered);
    if (!start(ONI_SENSOR_COLOR, {ONI_PIXEL_FORMAT_RGB888, ONI_PIXEL_FORMAT_YUV422, ONI_PIXEL_FORMAT_YUYV}, color_))
      color_ = {};
    if (color_.handle) oniDeviceEnableDepthColorSync(device_);
    describe();
    pairing_.reset(color_.handle != nullptr);
  }

  bool start(OniSensorType type, const std::vector<OniPixelFormat>& formats, Stream& stream) {
    const OniSensorInfo* sensor = oniDeviceGetSensorInfo(device_, type);
    const auto mode = sensor ? best_mode(*sensor, formats) : std::nullopt;
    if (!mode || oniDeviceCreateStream(device_, type, &stream.handle) != ONI_STATUS_OK) return false;
    if (!is_file_) {
      oniStreamSetProperty(stream.handle, ONI_STREAM_PROPERTY_VIDEO_MODE, &*mode, sizeof *mode);
      const OniBool mirror = 0;
      oniStreamSetProperty(stream.handle, ONI_STREAM_PROPERTY_MIRRORING, &mirror, sizeof mirror);
    }
    stream.mode = property_of<OniVideoMode>(stream.handle, ONI_STREAM_PROPERTY_VIDEO_MODE).value_or(*mode);
    stream.mirrored = property_of<OniBool>(stream.handle, ONI_STREAM_PROPERTY_MIRRORING).value_or(0) != 0;
    if (oniStreamStart(stream.handle) == ONI_STATUS_OK) return true;
    oniStreamDestroy(stream.handle);
    stream.handle = nullptr;
    return false;
  }

  /// The pinhole of the field of view that the driver says; PrimeSense's usual one where it does not.
  Intrinsics intrinsics_of(const Stream& stream, bool& known) const {
    const auto fov = property_of<float>(stream.handle, ONI_STREAM_PROPERTY_HORIZONTAL_FOV);
    known = fov && *fov > 0.2f && *fov < 2.8f;
    const int width = stream.mode.resolutionX, height = stream.mode.resolutionY;
    const double f = known ? width / (2.0 * std::tan(double(*fov) / 2.0)) : 575.8 * width / 640.0;
    return {width, height, f, f, (width - 1) / 2.0, (height - 1) / 2.0};
  }

  void describe() {
    OniDeviceInfo device{};
    oniDeviceGetInfo(device_, &device);
    char serial[128] = {};
    int size = sizeof serial - 1;
    if (oniDeviceGetProperty(device_, ONI_DEVICE_PROPERTY_SERIAL_NUMBER, serial, &size) != ONI_STATUS_OK) serial[0] = 0;
    info_.format = is_file_ ? "OpenNI2's player" : "OpenNI2 camera";
    // The player names its file, which is no camera.
    info_.device = is_file_ ? "PrimeSense" : fmt::format("{} {}", device.vendor, device.name);
    while (info_.device.ends_with(' ')) info_.device.pop_back();
    if (serial[0] && !is_file_) info_.device += fmt::format(" {}", serial);
    info_.depth = intrinsics_of(depth_, info_.focal_known);
    info_.frames_per_s = depth_.mode.fps;
    if (is_file_)
      if (const auto frames = property_of<int>(depth_.handle, ONI_STREAM_PROPERTY_NUMBER_OF_FRAMES))
        info_.frames = static_cast<std::size_t>(std::max(0, *frames));
    if (!color_.handle) return;
    bool known = false;
    info_.color = intrinsics_of(color_, known);
  }

  void read_frame() {
    OniStreamHandle streams[] = {depth_.handle, color_.handle};
    int ready = 0;
    const int patience = read_ == 0 ? first_frame_ms : next_frame_ms;
    if (is_file_ && frames_left() == 0) return pairing_.end();
    if (oniWaitForAnyStream(streams, color_.handle ? 2 : 1, &ready, patience) != ONI_STATUS_OK) return pairing_.end();
    OniFrame* taken = nullptr;
    if (oniStreamReadFrame(streams[ready], &taken) != ONI_STATUS_OK || !taken) return pairing_.end();
    const double time_s = 1e-6 * static_cast<double>(taken->timestamp);
    std::string bytes(static_cast<const char*>(taken->data), static_cast<std::size_t>(std::max(0, taken->dataSize)));
    if (ready == 0) {
      ++taken_;
      pairing_.add_depth(time_s, std::move(bytes));
    } else {
      pairing_.add_color(time_s, std::move(bytes));
    }
    oniFrameRelease(taken);
  }

  /// Of a file, whose player does not say that it is at the end.
  std::size_t frames_left() const { return info_.frames && taken_ < *info_.frames ? *info_.frames - taken_ : 0; }

  void decode(const ColorPairing::Pair& pair, Frame& frame) {
    frame.time_s = pair.depth_s;
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.mm_per_count = depth_.mode.pixelFormat == ONI_PIXEL_FORMAT_DEPTH_100_UM ? 0.1 : 1.0;
    const auto pixels = static_cast<std::size_t>(info_.depth.width) * static_cast<std::size_t>(info_.depth.height);
    frame.depth.counts.assign(pixels, 0);
    std::memcpy(frame.depth.counts.data(), pair.depth.data(), std::min(pair.depth.size(), 2 * pixels));
    frame.color.rgb.clear();
    if (info_.color && !pair.color.empty()) decode_color(pair, frame.color);
    if (depth_.mirrored) unmirror(frame);
  }

  void decode_color(const ColorPairing::Pair& pair, ColorImage& color) {
    color.intrinsics = *info_.color;
    color.time_s = pair.color_s;
    const auto width = static_cast<std::size_t>(info_.color->width);
    const auto height = static_cast<std::size_t>(info_.color->height);
    if (color_.mode.pixelFormat == ONI_PIXEL_FORMAT_RGB888) {
      if (pair.color.size() == 3 * width * height) color.rgb.assign(pair.color.begin(), pair.color.end());
    } else if (pair.color.size() == 2 * width * height) {
      color.rgb.resize(3 * width * height);
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(pair.color.data());
      for (std::size_t y = 0; y < height; ++y)
        rgb_from_yuv422(bytes + 2 * width * y, width, color_.mode.pixelFormat == ONI_PIXEL_FORMAT_YUV422,
                        color.rgb.data() + 3 * width * y);
    }
  }

  std::string uri_;
  OniDeviceHandle device_ = nullptr;
  bool is_file_ = false;
  Stream depth_, color_;
  CameraInfo info_;
  ColorPairing pairing_;
  std::size_t taken_ = 0;
  std::size_t read_ = 0;
};

}  // namespace

const char* openni2_missing() { return ""; }

std::vector<Device> openni2_devices() {
  begin_library();
  OniDeviceInfo* list = nullptr;
  int count = 0;
  std::vector<Device> devices;
  if (oniGetDeviceList(&list, &count) != ONI_STATUS_OK) return devices;
  for (int i = 0; i < count; ++i)
    devices.push_back(
        {fmt::format("openni2:{}", list[i].uri), fmt::format("{} {} (OpenNI2)", list[i].vendor, list[i].name)});
  oniReleaseDeviceList(list);
  return devices;
}

std::unique_ptr<Camera> open_openni2(const std::string& uri) {
  if (uri.empty() && openni2_devices().empty())
    throw Error(ErrorKind::io, "No camera that OpenNI2 knows is attached; plug one in, or name a recording.");
  return std::make_unique<OpenNi2Camera>(uri);
}

}  // namespace fit

#else

#include "libfit/error.h"

namespace fit {
const char* openni2_missing() { return "this build was made without libopenni2-dev"; }
std::vector<Device> openni2_devices() { return {}; }
std::unique_ptr<Camera> open_openni2(const std::string&) {
  throw Error(ErrorKind::bad_params, "This build was made without OpenNI2.");
}
}  // namespace fit

#endif
