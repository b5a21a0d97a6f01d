#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "libfit/check_part.h"
#include "libfit/mesh_io.h"
#include "models/load.h"

namespace fit::cli {

namespace {

Outcome check_file(const Arguments& arguments, Console& console) {
  Design design;
  apply_choices(arguments, design);
  const Progress progress = console.progress();
  const MeshFile file = read_mesh(arguments.get("PART"), progress.part(0.0, 0.1, "reading the part"));
  const InMillimetres part = to_millimetres(file.mesh, file.declared_unit.value_or(Unit::millimetre), design.scale);
  Workshop workshop{design.printer, {}, design.material};
  for (const std::string& name : printer_names()) workshop.printers.push_back(load_printer(name));
  const PartChecked checked =
      check_part(part.mesh, workshop, design.check, progress.part(0.1, 1.0, "checking the part"));
  Findings findings = file.findings;
  findings.insert(findings.end(), checked.findings.begin(), checked.findings.end());
  const Findings against = forbidding(design, findings);
  const Box box = bounding_box(part.mesh);

  Outcome outcome;
  outcome.exit_code = against.empty() ? 0 : 1;
  outcome.lines = lines_of(findings);
  outcome.lines.push_back(fmt::format("{} triangles, {}{}", part.mesh.triangles.size(), size_of(box),
                                      checked.closed ? fmt::format(", {:.1f} cm3", volume_mm3(part.mesh) / 1000) : ""));
  outcome.lines.push_back(against.empty()
                              ? "Nothing was found that forbids printing it; what it is to fit is not known here."
                              : "Do not print it.");
  outcome.json = {{"closed", checked.closed},
                  {"bodies", checked.bodies},
                  {"thinnest_mm", checked.thinnest_mm},
                  {"print_turn_deg", checked.print_turn_deg},
                  {"triangles", part.mesh.triangles.size()},
                  {"size_mm", json_of(Eigen::Vector3d(box.size()))},
                  {"volume_mm3", checked.closed ? volume_mm3(part.mesh) : 0.0},
                  {"forbidding", json_of(against)},
                  {"findings", json_of(findings)}};
  return outcome;
}

}  // namespace

Command check_command() {
  return {"check",
          "Checks a print file as a stranger would: closed, free of self-crossings, wall, printer, overhangs.",
          {{"PART", "A print file as it stands on the bed: socket.stl."}},
          design_options({"scale", "check", "printer", "material", "overrides"}),
          check_file};
}

}  // namespace fit::cli
