#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/design_flags.h"
#include "apps/slicing/shrinkage.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"
#include "libfit/params_json.h"
#include "models/load.h"

namespace fit::cli {

namespace {

template <class Profile>
nlohmann::ordered_json named_json(const std::string& name, const Profile& profile) {
  nlohmann::ordered_json json{{"name", name}};
  for (const auto& [key, value] : to_json(profile).items()) json[key] = value;
  return json;
}

Outcome list_printers() {
  Outcome outcome;
  outcome.json = nlohmann::ordered_json::array();
  for (const std::string& name : printer_names()) {
    const Printer printer = load_printer(name);
    outcome.lines.push_back(fmt::format(
        "{:18} {:28} {:g} x {:g} x {:g} mm, nozzle {:g} mm, layers of {:g} mm{}", name, printer.printer_name,
        printer.bed_x_mm, printer.bed_y_mm, printer.height_mm, printer.nozzle_mm, printer.layer_mm,
        printer.slicer_printer.empty() ? "; PrusaSlicer has no profile: sizes only" : ""));
    outcome.json.push_back(named_json(name, printer));
  }
  outcome.lines.push_back(fmt::format("Another printer is a JSON file like those in {}: --printer mine.json",
                                      (models_folder() / "printers").string()));
  return outcome;
}

Outcome list_materials(const Arguments&, Console&) {
  Outcome outcome;
  outcome.json = nlohmann::ordered_json::array();
  for (const std::string& name : material_names()) {
    const Material material = load_material(name);
    outcome.lines.push_back(
        fmt::format("{:8} walls of {:g} mm or more, {:g} g/cm3, shrinks {:g} % in the plane and {:g} % "
                    "in height. {}",
                    name, material.least_wall_mm, material.density_g_cm3, material.shrinkage_xy_percent,
                    material.shrinkage_z_percent, material.caution));
    outcome.json.push_back(named_json(name, material));
  }
  outcome.lines.push_back("What a filament shrinks on a printer of yours: fit printers calibrate");
  return outcome;
}

/// The material with what was measured in it, as a file that --material takes.
Outcome write_material(const RingParams& ring, const RingMeasured& measured, const Arguments& arguments) {
  const std::string output = arguments.get("output");
  Material material = load_material(arguments.get("material"));
  const Shrinkage shrinkage = shrinkage_of(ring, measured);
  material.shrinkage_xy_percent = std::round(1000.0 * shrinkage.xy_percent) / 1000.0;
  material.shrinkage_z_percent = std::round(1000.0 * shrinkage.z_percent) / 1000.0;
  material.material_provenance += fmt::format(
      "; shrinkage from a ring of {:g} and {:g} mm, {:g} mm high, that measured "
      "{:g}, {:g} and {:g} mm",
      ring.ring_outer_mm, ring.ring_inner_mm, ring.ring_height_mm, *measured.measured_outer_mm,
      *measured.measured_inner_mm, *measured.measured_height_mm);
  if (const auto printer = arguments.find("printer"))
    material.material_provenance += fmt::format(", printed by {}", load_printer(*printer).printer_name);
  write_file(output, to_json(material).dump(2) + "\n");
  Outcome outcome;
  outcome.lines = {
      fmt::format("{}: it shrinks {:.2f} % in the plane and {:.2f} % in height; say --material {} from now on, "
                  "and prints are drawn that much larger.",
                  output, material.shrinkage_xy_percent, material.shrinkage_z_percent, output)};
  outcome.json = {{"file", output},
                  {"shrinkage_xy_percent", material.shrinkage_xy_percent},
                  {"shrinkage_z_percent", material.shrinkage_z_percent}};
  return outcome;
}

Outcome calibrate_printer(const Arguments& arguments) {
  RingParams ring;
  RingMeasured measured;
  apply_flags(arguments, ring);
  apply_flags(arguments, measured);
  if (measured != RingMeasured{}) return write_material(ring, measured, arguments);
  const std::string output = arguments.get("output");
  write_print(output, calibration_ring(ring));
  Outcome outcome;
  outcome.lines = {
      fmt::format("{}: a ring of {:g} mm outside and {:g} mm inside, {:g} mm high.", output, ring.ring_outer_mm,
                  ring.ring_inner_mm, ring.ring_height_mm),
      "Print it as you print sockets, let it cool for an hour, measure both diameters in two directions and "
      "the height, and say: fit printers calibrate --material petg --measured-outer-mm 99.5 "
      "--measured-inner-mm 87.4 --measured-height-mm 39.9 -o my_petg.json"};
  outcome.json = {{"file", output}};
  return outcome;
}

Outcome printers(const Arguments& arguments, Console&) {
  const std::string what = arguments.find("WHAT").value_or("list");
  if (what == "list") return list_printers();
  if (what == "calibrate") return calibrate_printer(arguments);
  throw Error(ErrorKind::bad_params, fmt::format("'fit printers {}' is not known: list or calibrate.", what));
}

}  // namespace

Command printers_command() {
  std::vector<Option> options{
      {"output", "The ring to write (.stl, .3mf), or the material's file when measures are given.", "FILE", "",
       Option::Kind::value, "o"},
      {"printer", "The printer that printed the ring.", "NAME", "Calibration"},
      {"material", "The material that the ring was printed of.", "NAME", "Calibration"}};
  for (Option& option : options_of(RingMeasured{}, "Calibration")) options.push_back(std::move(option));
  for (Option& option : options_of(RingParams{}, "The ring as drawn")) options.push_back(std::move(option));
  return {"printers",
          "Lists the printers that Fit knows; 'calibrate' finds what a filament shrinks, by a printed ring.",
          {{"WHAT", "list, or calibrate.", false, true}},
          options,
          printers};
}

Command materials_command() {
  return {"materials", "Lists the materials that Fit knows, and what to mind of each.", {}, {}, list_materials};
}

}  // namespace fit::cli
