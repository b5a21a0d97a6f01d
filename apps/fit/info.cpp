#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "apps/fit/recordings.h"
#include "libfit/mesh_io.h"
#include "scanners/devices.h"

namespace fit::cli {

namespace {

Outcome info(const Arguments& arguments, Console& console) {
  if (arguments.has("devices")) return devices_info();
  if (!arguments.has("FILE"))
    throw Error(ErrorKind::bad_params, "Name a file, a recording or a camera; --devices names the cameras.");
  const std::string path = arguments.get("FILE");
  if (is_device(path) || is_recording(path)) return recording_info(path);
  Design design;
  apply_flags(arguments, design);
  const MeshFile file = read_mesh(path, console.progress().part(0, 1, "reading"));
  const InMillimetres scan = to_millimetres(file.mesh, file.declared_unit, design.scale);
  Findings findings = file.findings;
  findings.insert(findings.end(), scan.findings.begin(), scan.findings.end());
  const Box box = bounding_box(scan.mesh);
  std::optional<std::string> flaw;
  try {
    Solid{scan.mesh};
  } catch (const Error& error) {
    flaw = error.what();
  }

  Outcome outcome;
  outcome.lines = {fmt::format("{}, {} in it", file.format,
                               file.objects == 1 ? "one object" : fmt::format("{} objects", file.objects)),
                   fmt::format("{} triangles, {} vertices{}", scan.mesh.triangles.size(), scan.mesh.vertices.size(),
                               scan.mesh.colors.empty() ? "" : ", in colour"),
                   fmt::format("{}, numbers in {}", size_of(box), name_of(scan.unit)),
                   fmt::format("surface {:.0f} mm2", area_mm2(scan.mesh)),
                   flaw ? fmt::format("not a closed solid: {}", *flaw)
                        : fmt::format("closed solid of {:.0f} mm3", volume_mm3(scan.mesh))};
  for (const std::string& line : lines_of(findings)) outcome.lines.push_back(line);
  outcome.json = {{"format", file.format},
                  {"objects", file.objects},
                  {"triangles", scan.mesh.triangles.size()},
                  {"vertices", scan.mesh.vertices.size()},
                  {"colors", !scan.mesh.colors.empty()},
                  {"unit", name_of(scan.unit)},
                  {"lowest_mm", json_of(box.lowest)},
                  {"highest_mm", json_of(box.highest)},
                  {"area_mm2", area_mm2(scan.mesh)},
                  {"closed", !flaw}};
  if (!flaw) outcome.json["volume_mm3"] = volume_mm3(scan.mesh);
  outcome.json["findings"] = json_of(findings);
  return outcome;
}

}  // namespace

Command info_command() {
  std::vector<Option> options = design_options({"scale", "aop_grid"});
  options.insert(options.begin(), {"devices",
                                   "Names the recordings and live cameras that this build reads, and the cameras that "
                                   "are attached.",
                                   "", "", Option::Kind::on});
  return {"info",
          "Says what a mesh file, a recording or a live camera gives, or which cameras are attached.",
          {{"FILE",
            "A mesh file (STL, PLY, OBJ, OFF, 3MF or AAOP), a recording or a live camera (`fit record --help` "
            "names the kinds).",
            false, true}},
          options,
          info};
}

}  // namespace fit::cli
