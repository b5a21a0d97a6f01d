#include "apps/fit/commands.h"
#include "apps/fit/stage.h"

namespace fit::cli {

namespace {

Outcome repair_scan(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::repaired, arguments, console);
  const Repaired& repaired = *reached.outputs.repaired;
  MeshExtras extras;
  extras.name = "repaired scan";
  extras.triangle_values = {{"invented", Values(repaired.invented.begin(), repaired.invented.end())}};
  write_mesh(arguments.get("output"), repaired.surface, extras);
  Outcome outcome = outcome_of(reached, arguments.get("output"));
  outcome.json["triangles"] = repaired.surface.triangles.size();
  outcome.json["invented_mm2"] = repaired.invented_mm2;
  return outcome;
}

}  // namespace

Command repair_command() {
  return stage_command("repair", "Makes one clean surface of a scan, open at the proximal end alone.",
                       "The surface: .ply .stl .obj .3mf, in the scan's frame, millimetres.", {"scale", "aop_grid", "repair"},
                       repair_scan);
}

}  // namespace fit::cli
