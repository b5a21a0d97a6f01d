#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "libfit/error.h"
#include "scanners/detail/color_pairing.h"
#include "scanners/detail/image_file.h"
#include "scanners/detail/image_sequence.h"
#include "scanners/detail/matroska.h"
#include "scanners/detail/yuv.h"
#include "scanners/formats.h"

// Recordings of the Azure Kinect (k4arecorder): Matroska with tracks DEPTH (16 bits a pixel, high byte first, mm) and
// COLOR (JPEG or YUY2), the tag K4A_DEVICE_SERIAL_NUMBER and the attachment calibration.json. Its lenses bend rays
// (Brown-Conrady with a rational radius); the frames given here are resampled to pinholes.
namespace fit {

namespace {

const char* const format = "Azure Kinect recording";

/// A lens as calibration.json describes it: cx cy fx fy k1..k6 codx cody p2 p1, the first four over the sensor's size.
struct Lens {
  double cx, cy, fx, fy, k[6], p1, p2;
  Eigen::Isometry3d from_device = Eigen::Isometry3d::Identity();
};

/// The part of the sensor that a mode reads: as the Azure Kinect SDK's transformations do.
Intrinsics intrinsics_of(const Lens& lens, int width, int height, double binned_width, double binned_height) {
  return {width,
          height,
          lens.fx * binned_width,
          lens.fy * binned_height,
          lens.cx * binned_width - (binned_width - width) / 2.0 - 0.5,
          lens.cy * binned_height - (binned_height - height) / 2.0 - 0.5};
}

Intrinsics depth_intrinsics(const Lens& lens, int width, int height) {
  const double binned = width == 320 || width == 512 ? 512.0 : 1024.0;
  Intrinsics k = intrinsics_of(lens, width, height, binned, binned);
  // The narrow field of view is read 44 rows above the sensor's middle.
  if (height == 576) k.cy_px += (1024.0 - 576.0) / 2.0 - 180.0;
  if (height == 288) k.cy_px += (512.0 - 288.0) / 2.0 - 90.0;
  return k;
}

/// For each pixel of the pinhole image, the pixel of the camera's image that saw along its ray; -1 outside.
std::vector<std::int32_t> undistortion(const Lens& lens, const Intrinsics& k) {
  std::vector<std::int32_t> from(static_cast<std::size_t>(k.width) * static_cast<std::size_t>(k.height), -1);
  for (int v = 0; v < k.height; ++v)
    for (int u = 0; u < k.width; ++u) {
      const double x = (u - k.cx_px) / k.fx_px;
      const double y = (v - k.cy_px) / k.fy_px;
      const double r2 = x * x + y * y;
      const double radial = (1 + r2 * (lens.k[0] + r2 * (lens.k[1] + r2 * lens.k[2]))) /
                            (1 + r2 * (lens.k[3] + r2 * (lens.k[4] + r2 * lens.k[5])));
      const double xd = x * radial + 2 * lens.p1 * x * y + lens.p2 * (r2 + 2 * x * x);
      const double yd = y * radial + 2 * lens.p2 * x * y + lens.p1 * (r2 + 2 * y * y);
      const double us = std::round(xd * k.fx_px + k.cx_px);
      const double vs = std::round(yd * k.fy_px + k.cy_px);
      if (us >= 0 && vs >= 0 && us < k.width && vs < k.height)
        from[static_cast<std::size_t>(v) * static_cast<std::size_t>(k.width) + static_cast<std::size_t>(u)] =
            static_cast<std::int32_t>(vs) * k.width + static_cast<std::int32_t>(us);
    }
  return from;
}

/// Throws nlohmann::json::exception, Error.
Lens read_lens(const nlohmann::json& camera) {
  const auto& p = camera.at("Intrinsics").at("ModelParameters");
  double v[14];
  for (std::size_t i = 0; i < 14; ++i) v[i] = p.at(i).get<double>();
  Lens lens{v[0], v[1], v[2], v[3], {v[4], v[5], v[6], v[7], v[8], v[9]}, v[13], v[12]};
  if (!(lens.fx > 0.05 && lens.fx < 20 && lens.fy > 0.05 && lens.fy < 20))
    throw Error(ErrorKind::bad_input, "its calibration is none of a camera");
  const auto& rt = camera.at("Rt");
  for (int i = 0; i < 9; ++i)
    lens.from_device.matrix()(i / 3, i % 3) = rt.at("Rotation").at(static_cast<std::size_t>(i)).get<double>();
  for (int i = 0; i < 3; ++i)
    lens.from_device.matrix()(i, 3) = 1000.0 * rt.at("Translation").at(static_cast<std::size_t>(i)).get<double>();
  return lens;
}

class AzureCamera : public Camera {
 public:
  explicit AzureCamera(const std::filesystem::path& path) : file_(path) {
    info_.format = format;
    for (const Matroska::Track& track : file_.tracks()) {
      if (track.name == "DEPTH") depth_ = track;
      if (track.name == "COLOR") color_ = track;
    }
    if (depth_.number == 0) refuse_recording(path, format, "it holds no depth track");
    check_image_size(depth_.width, depth_.height);
    read_calibration(path);
    const auto serial = file_.tags().find("K4A_DEVICE_SERIAL_NUMBER");
    info_.device = "Azure Kinect" + (serial == file_.tags().end() ? "" : " " + serial->second);
    pairing_.reset(color_.number != 0);
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    for (;;) {
      while (!pairing_.ended() && !pairing_.ready()) read_block();
      if (!pairing_.ready()) return false;
      try {
        decode(pairing_.take(), frame);
        ++read_;
        return true;
      } catch (const Error&) {
        ++lost_;
      }
    }
  }

  Findings findings() const override {
    Findings found = lost_frames(lost_, read_);
    if (pairing_.ended() && file_.damaged()) found.push_back({"recording_cut_short", Severity::warn, {}, {}});
    return found;
  }

 private:
  void read_calibration(const std::filesystem::path& path) {
    const auto json = file_.attachments().find("calibration.json");
    if (json == file_.attachments().end()) refuse_recording(path, format, "its calibration is missing");
    try {
      const auto cameras = nlohmann::json::parse(json->second.c_str()).at("CalibrationInformation").at("Cameras");
      Lens depth_lens{}, color_lens{};
      for (const auto& camera : cameras) {
        const auto location = camera.at("Location").get<std::string>();
        if (location == "CALIBRATION_CameraLocationD0") depth_lens = read_lens(camera);
        if (location == "CALIBRATION_CameraLocationPV0") color_lens = read_lens(camera);
      }
      if (depth_lens.fx == 0) refuse_recording(path, format, "its calibration says nothing of the depth camera");
      info_.depth = depth_intrinsics(depth_lens, depth_.width, depth_.height);
      depth_from_ = undistortion(depth_lens, info_.depth);
      if (color_lens.fx == 0) color_ = {};
      if (color_.number == 0) return;
      check_image_size(color_.width, color_.height);
      info_.color = intrinsics_of(color_lens, color_.width, color_.height, color_.width, 0.75 * color_.width);
      color_from_ = undistortion(color_lens, *info_.color);
      info_.color_from_depth = color_lens.from_device * depth_lens.from_device.inverse();
    } catch (const nlohmann::json::exception&) {
      refuse_recording(path, format, "its calibration is damaged");
    }
  }

  void read_block() {
    Matroska::Block block;
    if (!file_.next(block)) return pairing_.end();
    if (block.track == depth_.number)
      pairing_.add_depth(block.time_s, std::move(block.data));
    else if (block.track == color_.number)
      pairing_.add_color(block.time_s, std::move(block.data));
  }

  void decode(const ColorPairing::Pair& pair, Frame& frame) {
    if (pair.depth.size() != 2 * depth_from_.size())
      throw Error(ErrorKind::bad_input, "a depth image has another size");
    frame.time_s = pair.depth_s;
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.mm_per_count = 1.0;
    frame.depth.counts.resize(depth_from_.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(pair.depth.data());
    for (std::size_t i = 0; i < depth_from_.size(); ++i) {
      const std::int32_t at = depth_from_[i];
      frame.depth.counts[i] =
          at < 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(bytes[2 * at] << 8 | bytes[2 * at + 1]);
    }
    frame.color.rgb.clear();
    if (!pair.color.empty()) decode_color(pair, frame.color);
  }

  void decode_color(const ColorPairing::Pair& pair, ColorImage& color) {
    const auto width = static_cast<std::size_t>(color_.width);
    const std::size_t pixels = color_from_.size();
    if (pair.color.starts_with("\xff\xd8")) {
      decode_image(pair.color, image_);
      if (image_.width != color_.width || image_.height != color_.height)
        throw Error(ErrorKind::bad_input, "a colour image has another size");
    } else if (pair.color.size() == 2 * pixels && color_.codec_private.find("YUY2") != std::string::npos) {
      image_.bytes.resize(3 * pixels);
      for (std::size_t y = 0; y < static_cast<std::size_t>(color_.height); ++y)
        rgb_from_yuv422(reinterpret_cast<const std::uint8_t*>(pair.color.data()) + 2 * width * y, width, false,
                        image_.bytes.data() + 3 * width * y);
    } else {
      return;  // a way of packing colours that is not known: depth alone
    }
    color.time_s = pair.color_s;
    color.intrinsics = *info_.color;
    color.rgb.assign(3 * pixels, 0);
    for (std::size_t i = 0; i < pixels; ++i)
      if (const std::int32_t at = color_from_[i]; at >= 0)
        std::copy_n(image_.bytes.begin() + 3 * at, 3, color.rgb.begin() + static_cast<std::ptrdiff_t>(3 * i));
  }

  Matroska file_;
  CameraInfo info_;
  Matroska::Track depth_;
  Matroska::Track color_;
  std::vector<std::int32_t> depth_from_;
  std::vector<std::int32_t> color_from_;
  ColorPairing pairing_;
  RawImage image_;
  std::size_t read_ = 0;
  std::size_t lost_ = 0;
};

}  // namespace

bool is_azure_mkv(std::string_view head) {
  return head.starts_with("\x1a\x45\xdf\xa3") && head.find("matroska") != std::string_view::npos;
}

std::unique_ptr<Camera> open_azure_mkv(const std::filesystem::path& path) {
  try {
    return std::make_unique<AzureCamera>(path);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_input || std::string_view(error.what()).starts_with(path.string())) throw;
    refuse_recording(path, format, error.what());
  }
}

}  // namespace fit
