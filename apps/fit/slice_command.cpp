#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/slicing/slice.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"

namespace fit::cli {

namespace {

Outcome slice_part(const Arguments& arguments, Console& console) {
  Design design;
  SliceParams params;
  apply_choices(arguments, design);
  apply_flags(arguments, params);
  const std::string output = arguments.get("output");
  if (!design.printer || !design.material)
    throw Error(ErrorKind::bad_params, "Slicing needs a printer and a material: say --printer and --material.");
  const Progress progress = console.progress();
  const Solid part(read_mesh(arguments.get("PART"), progress.part(0.0, 0.1, "reading")).mesh);
  const Sliced sliced = slice(part, *design.printer, *design.material, params, progress.part(0.1, 1.0, "slicing"));
  const bool forbidden = !forbidding(design, sliced.findings).empty();
  if (!forbidden) write_file(output, sliced.gcode);

  Outcome outcome;
  outcome.exit_code = forbidden ? 1 : 0;
  outcome.lines = lines_of(sliced.findings);
  outcome.lines.push_back(forbidden ? "No G-code was written." : output);
  outcome.json = {{"slicer", sliced.slicer},
                  {"print_time_s", sliced.figures.print_time_s},
                  {"filament_g", sliced.figures.filament_g},
                  {"layers", sliced.figures.layer_tops_mm.size()},
                  {"findings", json_of(sliced.findings)}};
  if (!forbidden) outcome.json["file"] = output;
  return outcome;
}

}  // namespace

Command slice_command() {
  auto options = design_options({"printer", "material"});
  for (const Option& option : options_of(SliceParams{}, "How it is printed")) options.push_back(option);
  options.insert(options.begin(), {"output", "The G-code to write.", "FILE", "", Option::Kind::value, "o"});
  return {"slice",
          "Makes G-code of a part by PrusaSlicer, and checks it against part and printer.",
          {{"PART", "The part as it stands on the bed: socket.stl."}},
          options,
          slice_part};
}

}  // namespace fit::cli
