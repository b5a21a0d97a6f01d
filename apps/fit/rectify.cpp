#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/stage.h"

namespace fit::cli {

namespace {

Outcome rectify_limb(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::rectified, arguments, console);
  const Rectified& rectified = *reached.outputs.rectified;
  MeshExtras extras;
  extras.name = "positive";
  extras.vertex_values = {{"change_mm", rectified.change_mm}};
  write_mesh(arguments.get("output"), rectified.positive, extras);
  Outcome outcome = outcome_of(reached, arguments.get("output"));
  outcome.lines.push_back(fmt::format("allowance for liner and socks: {:.2f} mm", rectified.allowance_mm));
  outcome.json["allowance_mm"] = rectified.allowance_mm;
  return outcome;
}

}  // namespace

Command rectify_command() {
  return stage_command("rectify", "Shapes the positive, the socket's inner surface, out of a limb.",
                       "The positive: .ply .stl .obj .3mf, in the limb frame.",
                       {"input", "scale", "aop_grid", "repair", "locate", "landmarks", "tape_measure", "rectify"}, rectify_limb);
}

}  // namespace fit::cli
