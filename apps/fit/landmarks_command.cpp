#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/stage.h"
#include "libfit/landmark_file.h"

namespace fit::cli {

namespace {

Outcome find_landmarks(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::located, arguments, console);
  const Located& located = *reached.outputs.located;
  write_landmarks(arguments.get("output"), {moved(located.limb_from_scan.inverse(), located.limb.landmarks), false});

  Outcome outcome = outcome_of(reached, arguments.get("output"));
  std::vector<std::string> table{fmt::format("limb frame found with confidence {:.2f}", located.frame_confidence)};
  auto landmarks = nlohmann::ordered_json::object();
  for (const auto& [landmark, place] : located.limb.landmarks) {
    const Eigen::Vector3d& at = place.point_mm;
    table.push_back(fmt::format("{:24} ({:6.1f}, {:6.1f}, {:6.1f}) mm in the limb frame, {}", name_of(landmark), at.x(),
                                at.y(), at.z(),
                                place.confirmed ? "confirmed" : fmt::format("confidence {:.2f}", place.confidence)));
    landmarks[std::string(name_of(landmark))] = {
        {"point_mm", json_of(at)}, {"confidence", place.confidence}, {"confirmed", place.confirmed}};
  }
  outcome.lines.insert(outcome.lines.begin(), table.begin(), table.end());
  outcome.json["frame_confidence"] = located.frame_confidence;
  outcome.json["landmarks_in_limb_frame"] = landmarks;
  return outcome;
}

}  // namespace

Command landmarks_command() {
  return stage_command("landmarks", "Finds the limb in a scan and proposes its landmarks.",
                       "The landmarks as JSON, in the scan's frame; --landmarks reads it.",
                       {"scale", "aop_grid", "repair", "locate", "landmarks"}, find_landmarks);
}

}  // namespace fit::cli
