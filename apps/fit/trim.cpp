#include "libfit/trim.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fit/commands.h"
#include "apps/fit/stage.h"
#include "libfit/file.h"

namespace fit::cli {

namespace {

Outcome trim_positive(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::trimmed, arguments, console);
  const std::vector<double>& heights_mm = reached.outputs.trimmed->trimline.height_mm;
  const nlohmann::ordered_json json{{"format", "fit-trimline 1"}, {"frame", "limb"}, {"height_mm", heights_mm}};
  write_file(arguments.get("output"), json.dump(2) + "\n");
  const auto [lowest, highest] = std::minmax_element(heights_mm.begin(), heights_mm.end());
  Outcome outcome = outcome_of(reached, arguments.get("output"));
  outcome.lines.push_back(fmt::format("from {:.1f} to {:.1f} mm above the distal end", *lowest, *highest));
  outcome.json["lowest_mm"] = *lowest;
  outcome.json["highest_mm"] = *highest;
  return outcome;
}

}  // namespace

Command trim_command() {
  return stage_command("trim", "Places the trimline, the socket's upper edge.",
                       "The trimline as JSON: heights at even angles about the limb's axis, from +x towards +y.",
                       {"input", "scale", "aop_grid", "repair", "locate", "landmarks", "tape_measure", "rectify", "trim"},
                       trim_positive);
}

}  // namespace fit::cli
