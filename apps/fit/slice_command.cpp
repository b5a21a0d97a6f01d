#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/slicing/slice.h"
#include "libfit/file.h"
#include "libfit/fit_ring.h"
#include "libfit/mesh_io.h"

namespace fit::cli {

namespace {

/// "ring.gcode" with a word: "ring_top.gcode".
std::string with_word(const std::string& file, const std::string& word) {
  const std::filesystem::path path = file;
  return (path.parent_path() / (path.stem().string() + "_" + word + path.extension().string())).string();
}

nlohmann::ordered_json json_of(const Sliced& sliced) {
  return {{"slicer", sliced.slicer},
          {"print_time_s", sliced.figures.print_time_s},
          {"filament_g", sliced.figures.filament_g},
          {"layers", sliced.figures.layer_tops_mm.size()},
          {"findings", cli::json_of(sliced.findings)}};
}

/// Minutes before hours: two rings of the socket, each with a G-code of its own.
Outcome slice_rings(const Solid& part, const Design& design, const SliceParams& params, const std::string& output,
                    const Progress& progress) {
  const FitRings rings = fit_rings(part, 20.0, progress.part(0.1, 0.2, "cutting the rings"));
  Outcome outcome;
  double time_s = 0.0;
  const auto add = [&](const std::string& word, const Solid& ring, double from_mm, double to_mm, const Progress& part) {
    const Sliced sliced = slice(ring, *design.printer, *design.material, params, part);
    const bool forbidden = !forbidding(design, sliced.findings).empty();
    const std::string file = with_word(output, word);
    for (std::string& line : lines_of(sliced.findings)) outcome.lines.push_back(std::move(line));
    if (forbidden)
      outcome.exit_code = 1;
    else
      write_file(file, sliced.gcode);
    outcome.lines.push_back(
        forbidden ? fmt::format("The {} ring has no G-code.", word)
                  : fmt::format("{}: {:.0f} to {:.0f} mm above the block's foot, {:.0f} min and {:.0f} g", file,
                                from_mm, to_mm, sliced.figures.print_time_s / 60.0, sliced.figures.filament_g));
    time_s += sliced.figures.print_time_s;
    outcome.json[word] = json_of(sliced);
    outcome.json[word]["from_mm"] = from_mm;
    outcome.json[word]["to_mm"] = to_mm;
    if (!forbidden) outcome.json[word]["file"] = file;
  };
  add("top", rings.top, rings.top_from_mm, rings.top_to_mm, progress.part(0.2, 0.6, "slicing the ring at the top"));
  add("middle", rings.middle, rings.middle_from_mm, rings.middle_to_mm,
      progress.part(0.6, 1.0, "slicing the ring in the middle"));
  outcome.lines.push_back(
      fmt::format("Both rings print in {:.0f} min: try them on before the socket is printed.", time_s / 60.0));
  outcome.json["print_time_s"] = time_s;
  return outcome;
}

Outcome slice_part(const Arguments& arguments, Console& console) {
  Design design;
  SliceParams params;
  apply_choices(arguments, design);
  // Rings to try on carry nobody: they are thin, unless it was said otherwise.
  if (arguments.has("fit_ring")) params = {.perimeters = 2, .infill_percent = 0.0, .brim_mm = 2.0};
  apply_flags(arguments, params);
  const std::string output = arguments.get("output");
  if (!design.printer || !design.material)
    throw Error(ErrorKind::bad_params, "Slicing needs a printer and a material: say --printer and --material.");
  const Progress progress = console.progress();
  const Solid part(read_mesh(arguments.get("PART"), progress.part(0.0, 0.1, "reading")).mesh);
  if (arguments.has("fit_ring")) return slice_rings(part, design, params, output, progress);
  const Sliced sliced = slice(part, *design.printer, *design.material, params, progress.part(0.1, 1.0, "slicing"));
  const bool forbidden = !forbidding(design, sliced.findings).empty();
  if (!forbidden) write_file(output, sliced.gcode);

  Outcome outcome;
  outcome.exit_code = forbidden ? 1 : 0;
  outcome.lines = lines_of(sliced.findings);
  outcome.lines.push_back(forbidden ? "No G-code was written." : output);
  outcome.json = json_of(sliced);
  if (!forbidden) outcome.json["file"] = output;
  return outcome;
}

}  // namespace

Command slice_command() {
  auto options = design_options({"printer", "material"});
  for (const Option& option : options_of(SliceParams{}, "How it is printed")) options.push_back(option);
  options.insert(
      options.begin(),
      {"fit_ring",
       "Slices two rings of 20 mm to try on in place of the whole: the highest that goes all the way round and "
       "one half way down, as FILE_top and FILE_middle; two lines wide and hollow unless said.",
       "", "", Option::Kind::on});
  options.insert(options.begin(), {"output", "The G-code to write.", "FILE", "", Option::Kind::value, "o"});
  return {"slice",
          "Makes G-code of a part by PrusaSlicer, and checks it against part and printer.",
          {{"PART", "The part as it stands on the bed: socket.stl."}},
          options,
          slice_part};
}

}  // namespace fit::cli
