#include "apps/fit/report_json.h"

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

Json slicing_of(const Sliced& sliced) {
  return {{"slicer", sliced.slicer},
          {"layers", sliced.figures.layer_tops_mm.size()},
          {"findings", json_of(sliced.findings)}};
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
  if (files.sliced) json["slicing"] = slicing_of(*files.sliced);
  json["versions"] = versions();
  json["design"] = to_json(project.design);
  json["files"] = files.sha256;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace fit::cli
