#include "libfit/solidify.h"

#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/stage.h"
#include "libfit/print_pose.h"

namespace fit::cli {

namespace {

Outcome solidify_positive(const Arguments& arguments, Console& console) {
  const Reached reached = run_to(Stage::solidified, arguments, console);
  const Solid socket(moved(reached.outputs.print_from_limb, reached.outputs.solidified->socket.mesh()));
  MeshExtras extras;
  extras.name = "socket";
  write_print(arguments.get("output"), socket, extras);
  Outcome outcome = outcome_of(reached, arguments.get("output"));
  outcome.lines.push_back(fmt::format("{} triangles, {:.1f} cm3; not checked: `fit make` checks it",
                                      socket.mesh().triangles.size(), volume_mm3(socket.mesh()) / 1000));
  outcome.json["triangles"] = socket.mesh().triangles.size();
  outcome.json["volume_mm3"] = volume_mm3(socket.mesh());
  return outcome;
}

}  // namespace

Command solidify_command() {
  return stage_command(
      "solidify", "Makes the socket as a solid, standing as it is printed, without the checks.",
      "The socket: .stl or .3mf.",
      {"input", "scale", "aop_grid", "repair", "locate", "landmarks", "tape_measure", "rectify", "trim", "attach", "solidify"},
      solidify_positive);
}

}  // namespace fit::cli
