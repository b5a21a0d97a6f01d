#include "apps/fit/report_json.h"

#include <algorithm>
#include <cmath>

#include "apps/fit/describe.h"
#include "apps/fit/versions.h"
#include "libfit/params_json.h"

namespace fit::cli {

namespace {

using Json = nlohmann::ordered_json;

Json stations_of(const std::vector<Slice>& slices) {
  Json list = Json::array();
  for (const Slice& slice : slices) list.push_back(json_of(slice));
  return list;
}

Json landmarks_of(const Landmarks& landmarks) {
  Json table = Json::object();
  for (const auto& [landmark, place] : landmarks) table[std::string(name_of(landmark))] = to_json(place);
  return table;
}

Json overridden_in(const Design& design, const Findings& findings) {
  Json list = Json::array();
  for (const Override& decision : design.overrides)
    for (const Finding& finding : findings)
      if (finding.code == decision.finding)
        list.push_back({{"code", finding.code}, {"sentence", sentence(finding)}, {"reason", decision.reason}});
  return list;
}

/// Numbers that tell one socket from another; what was not made has none.
Json figures_of(const Design& design, const Outputs& outputs) {
  Json figures = Json::object();
  if (outputs.stations && !outputs.stations->limb.empty()) {
    const double limb_mm3 = outputs.stations->limb.back().volume_mm3;
    const double positive_mm3 = outputs.stations->positive.back().volume_mm3;
    figures["measured_up_to_mm"] = outputs.stations->limb.back().height_mm;
    figures["limb_volume_mm3"] = limb_mm3;
    figures["positive_volume_mm3"] = positive_mm3;
    const bool over_skin = outputs.rectified && outputs.rectified->allowance_mm > 0.0;
    const double over_liner_mm3 = over_skin ? outputs.stations->over_liner_mm3 : limb_mm3;
    figures["liner_and_socks_volume_percent"] = 100.0 * (over_liner_mm3 - limb_mm3) / limb_mm3;
    figures["rectification_volume_percent"] = 100.0 * (positive_mm3 - over_liner_mm3) / over_liner_mm3;
  }
  if (outputs.rectified && !outputs.rectified->change_mm.empty()) {
    const auto [carved, built_up] = std::ranges::minmax(outputs.rectified->change_mm);
    figures["carved_most_mm"] = std::max(0.0, -carved);
    figures["built_up_most_mm"] = std::max(0.0, built_up);
  }
  if (outputs.checked && std::isfinite(outputs.checked->thinnest_mm))
    figures["wall_thinnest_mm"] = outputs.checked->thinnest_mm;
  if (outputs.solidified) {
    const double socket_mm3 = volume_mm3(outputs.solidified->socket.mesh());
    figures["socket_volume_mm3"] = socket_mm3;
    if (design.material) figures["plastic_g"] = 1e-3 * socket_mm3 * design.material->density_g_cm3;
  }
  if (outputs.draping_model) {
    const CarvingStock stock = carving_stock(*outputs.draping_model);
    figures["carving_stock_diameter_mm"] = stock.diameter_mm;
    figures["carving_stock_length_mm"] = stock.length_mm;
    figures["carving_axis_mm"] = {stock.axis_mm.x(), stock.axis_mm.y()};
    if (outputs.draping_model->mandrel) figures["mandrel_depth_mm"] = outputs.draping_model->mandrel->depth_mm;
  }
  return figures;
}

Json slicing_of(const Sliced& sliced, const std::optional<AsPrinted>& as_printed) {
  Json json{{"slicer", sliced.slicer},
            {"layers", sliced.figures.layer_tops_mm.size()},
            {"print_time_s", 300.0 * std::round(sliced.figures.print_time_s / 300.0)},
            {"filament_g", std::round(sliced.figures.filament_g)},
            {"findings", json_of(sliced.findings)}};
  if (as_printed)
    json["as_printed"] = {{"mean_mm", as_printed->mean_mm},
                          {"iqr_mm", as_printed->iqr_mm},
                          {"largest_mm", as_printed->largest_mm},
                          {"seen_percent", as_printed->seen_percent}};
  return json;
}

}  // namespace

std::string report_json(const Project& project, const Outputs& outputs, const CaseFiles& files) {
  Json json;
  json["format"] = "fit-report 1";
  json["made_by"] = project.made_by;
  json["print_files"] = files.sha256.contains("socket.stl");
  json["claim"] = "A check socket, to be judged by a trained person; no compliance with any standard is claimed.";
  json["forbidding"] = json_of(files.forbidding);
  json["overridden"] = overridden_in(project.design, files.findings);
  json["findings"] = json_of(files.findings);
  json["scan"] = {{"file", project.scan_file}, {"sha256", project.scan_sha256}};
  if (outputs.scan) json["scan"]["unit"] = name_of(outputs.scan->unit);
  if (outputs.repaired) json["invented_mm2"] = outputs.repaired->invented_mm2;
  if (outputs.located) {
    json["limb_from_scan"] = json_of(outputs.located->limb_from_scan);
    json["frame_confidence"] = outputs.located->frame_confidence;
  }
  if (outputs.limb) json["landmarks"] = landmarks_of(outputs.limb->landmarks);
  if (outputs.rectified) json["allowance_mm"] = outputs.rectified->allowance_mm;
  if (outputs.solidified) json["print_from_limb"] = json_of(outputs.print_from_limb);
  if (outputs.stations)
    json["stations"] = {{"limb", stations_of(outputs.stations->limb)},
                        {"positive", stations_of(outputs.stations->positive)}};
  json["figures"] = figures_of(project.design, outputs);
  if (files.sliced) json["slicing"] = slicing_of(*files.sliced, files.as_printed);
  json["versions"] = versions();
  json["design"] = to_json(project.design);
  json["files"] = files.sha256;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fit::cli
