#include "scanners/detail/recording_records.h"

#include <nlohmann/json.hpp>

#include "libfit/error.h"

namespace fit {

namespace {

nlohmann::ordered_json json_of(const Intrinsics& k) {
  return {{"width", k.width}, {"height", k.height}, {"fx_px", k.fx_px},
          {"fy_px", k.fy_px}, {"cx_px", k.cx_px},   {"cy_px", k.cy_px}};
}

Intrinsics intrinsics_of(const nlohmann::json& json) {
  return {json.at("width").get<int>(),    json.at("height").get<int>(),   json.at("fx_px").get<double>(),
          json.at("fy_px").get<double>(), json.at("cx_px").get<double>(), json.at("cy_px").get<double>()};
}

}  // namespace

std::string camera_json(const CameraInfo& info) {
  nlohmann::ordered_json json{{"format", info.format},         {"device", info.device},
                              {"depth", json_of(info.depth)},  {"focal_known", info.focal_known},
                              {"calibrated", info.calibrated}, {"frames_per_s", info.frames_per_s}};
  if (info.color) json["color"] = json_of(*info.color);
  auto& matrix = json["color_from_depth"];
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 4; ++c) matrix.push_back(info.color_from_depth.matrix()(r, c));
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

CameraInfo camera_from_json(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    CameraInfo info;
    info.format = json.at("format").get<std::string>();
    info.device = json.at("device").get<std::string>();
    info.depth = intrinsics_of(json.at("depth"));
    if (json.contains("color")) info.color = intrinsics_of(json.at("color"));
    info.focal_known = json.at("focal_known").get<bool>();
    info.calibrated = json.at("calibrated").get<bool>();
    info.frames_per_s = json.at("frames_per_s").get<double>();
    for (int i = 0; i < 12; ++i)
      info.color_from_depth.matrix()(i / 4, i % 4) =
          json.at("color_from_depth").at(static_cast<std::size_t>(i)).get<double>();
    return info;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::bad_input, "its description of the camera is damaged");
  }
}

}  // namespace fit
