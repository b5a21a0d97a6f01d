#include "scanners/calibrations.h"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "libfit/error.h"
#include "libfit/file.h"

namespace fit {

namespace {

class CalibratedCamera : public Camera {
 public:
  CalibratedCamera(std::unique_ptr<Camera> camera, const DeviceCalibration* calibration)
      : camera_(std::move(camera)), info_(camera_->info()) {
    if (!calibration) return;
    calibration_ = *calibration;
    info_.calibrated = true;
    correct(info_.depth, calibration_->depth_focal);
    if (info_.color) correct(*info_.color, true);
    if (calibration_->depth_focal) info_.focal_known = true;
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    if (!camera_->next(frame)) return false;
    if (!calibration_) return true;
    correct(frame.depth.intrinsics, calibration_->depth_focal);
    frame.depth.mm_per_count *= calibration_->depth_scale;
    correct(frame.color.intrinsics, true);
    return true;
  }

  Findings findings() const override {
    Findings found = camera_->findings();
    if (!info_.calibrated)
      found.push_back({"camera_not_calibrated",
                       Severity::warn,
                       {{"device", 0, info_.device.empty() ? "of no known name" : info_.device}},
                       {}});
    if (!info_.focal_known)
      found.push_back({"camera_focal_assumed", Severity::warn, {{"focal_px", info_.depth.fx_px, ""}}, {}});
    return found;
  }

 private:
  void correct(Intrinsics& k, bool applies) const {
    if (!applies || k.width == 0) return;
    // Where the maker's focal length is not known, the one that was measured stands for itself.
    const bool relative = camera_->info().focal_known && calibration_->focal_scale > 0;
    const double scale = relative || k.fx_px <= 0 ? calibration_->focal_scale
                                                  : calibration_->focal_px * k.width / calibration_->width / k.fx_px;
    k.fx_px *= scale;
    k.fy_px *= scale;
  }

  std::unique_ptr<Camera> camera_;
  CameraInfo info_;
  std::optional<DeviceCalibration> calibration_;
};

nlohmann::ordered_json json_of(const DeviceCalibration& c) {
  return {{"device", c.device},
          {"focal_scale", c.focal_scale},
          {"focal_px", c.focal_px},
          {"width", c.width},
          {"focal_sigma_percent", c.focal_sigma_percent},
          {"depth_focal", c.depth_focal},
          {"depth_scale", c.depth_scale},
          {"depth_scale_spread_percent", c.depth_scale_spread_percent},
          {"views", c.views},
          {"residual_px", c.residual_px}};
}

DeviceCalibration calibration_of(const nlohmann::json& json) {
  DeviceCalibration c;
  c.device = json.at("device").get<std::string>();
  c.focal_scale = json.at("focal_scale").get<double>();
  c.focal_px = json.at("focal_px").get<double>();
  c.width = json.at("width").get<int>();
  c.focal_sigma_percent = json.at("focal_sigma_percent").get<double>();
  c.depth_focal = json.at("depth_focal").get<bool>();
  c.depth_scale = json.at("depth_scale").get<double>();
  c.depth_scale_spread_percent = json.at("depth_scale_spread_percent").get<double>();
  c.views = json.at("views").get<int>();
  c.residual_px = json.at("residual_px").get<double>();
  return c;
}

bool sane(const DeviceCalibration& c) {
  const auto near_one = [](double value) { return value > 0.5 && value < 2.0; };
  return !c.device.empty() && c.width > 0 && c.focal_px > 0 && (c.focal_scale == 0 || near_one(c.focal_scale)) &&
         near_one(c.depth_scale);
}

}  // namespace

std::filesystem::path calibrations_path() {
  if (const char* config = std::getenv("XDG_CONFIG_HOME"); config && *config == '/')
    return std::filesystem::path(config) / "fit" / "cameras.json";
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home && *home ? home : "/") / ".config" / "fit" / "cameras.json";
}

Calibrations read_calibrations(const std::filesystem::path& path) {
  std::error_code none;
  if (!std::filesystem::exists(path, none)) return {};
  Calibrations found;
  try {
    const auto json = nlohmann::json::parse(read_file(path));
    for (const auto& entry : json.at("cameras")) {
      const DeviceCalibration calibration = calibration_of(entry);
      if (json.at("format").get<int>() != 1 || !sane(calibration))
        throw nlohmann::json::other_error::create(501, "", nullptr);
      found[calibration.device] = calibration;
    }
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::bad_input,
                fmt::format("{} is not a file of calibrations that Fit wrote; move it away and calibrate again.",
                            path.string()));
  }
  return found;
}

void store_calibration(const std::filesystem::path& path, const DeviceCalibration& calibration) {
  if (!sane(calibration))
    throw Error(ErrorKind::bad_params,
                calibration.device.empty()
                    ? "The recording does not say which camera it was; name it with --device."
                    : "The calibration is beyond what any camera can be wrong by; nothing was stored.");
  Calibrations all = read_calibrations(path);
  all[calibration.device] = calibration;
  nlohmann::ordered_json json{{"format", 1}, {"cameras", nlohmann::ordered_json::array()}};
  for (const auto& [device, entry] : all) json["cameras"].push_back(json_of(entry));
  std::error_code none;
  std::filesystem::create_directories(path.parent_path(), none);
  write_file(path, json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

std::unique_ptr<Camera> calibrated(std::unique_ptr<Camera> camera, const Calibrations& calibrations) {
  const auto found = calibrations.find(camera->info().device);
  const bool apply = found != calibrations.end() && !camera->info().calibrated;
  return std::make_unique<CalibratedCamera>(std::move(camera), apply ? &found->second : nullptr);
}

}  // namespace fit
