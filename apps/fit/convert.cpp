#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "libfit/mesh_io.h"

namespace fit::cli {

namespace {

Outcome convert(const Arguments& arguments, Console& console) {
  Design design;
  apply_flags(arguments, design);
  const std::string output = arguments.get("output");
  MeshFile file = read_mesh(arguments.get("MESH"), console.progress().part(0, 1, "reading"));
  if (file.aop) file.mesh = aop_surface(*file.aop, design.aop_grid).surface;
  const InMillimetres scan = to_millimetres(file.mesh, file.declared_unit, design.scale);
  Findings findings = file.findings;
  findings.insert(findings.end(), scan.findings.begin(), scan.findings.end());
  MeshExtras extras;
  extras.vertex_values = file.vertex_values;
  extras.triangle_values = file.triangle_values;
  if (output.ends_with(".aop")) {
    AopSampling sampling;
    apply_flags(arguments, sampling);
    const AopSampled sampled = sample_aop(scan.mesh, design.locate.side, {}, sampling, design.aop_grid);
    findings.insert(findings.end(), sampled.findings.begin(), sampled.findings.end());
    write_aop(output, sampled.aop);
  } else {
    write_mesh(output, scan.mesh, extras);
  }

  Outcome outcome;
  outcome.lines = {fmt::format("{}: {} triangles, in millimetres", output, scan.mesh.triangles.size())};
  for (const std::string& line : lines_of(findings)) outcome.lines.push_back(line);
  outcome.json = {{"file", output},
                  {"triangles", scan.mesh.triangles.size()},
                  {"unit", name_of(scan.unit)},
                  {"findings", json_of(findings)}};
  return outcome;
}

}  // namespace

Command convert_command() {
  auto options = design_options({"scale", "aop_grid"});
  options.insert(options.begin(), {"output", "The file to write; its ending says the format: .ply .stl .obj .3mf .aop.",
                                   "FILE", "", Option::Kind::value, "o"});
  const std::string group = "Writing an .aop: radii about z, y anterior";
  options.push_back({"side", "The side that the .aop file says.", "left|right", group});
  for (Option& option : options_of(AopSampling{}, group)) options.push_back(std::move(option));
  return {"convert",
          "Writes a mesh file in another format, in millimetres.",
          {{"MESH", "A mesh file: STL, PLY, OBJ, OFF, 3MF or AAOP."}},
          options,
          convert};
}

}  // namespace fit::cli
