#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "libfit/mesh_io.h"
#include "libfit/self_crossing.h"

namespace fit::cli {

namespace {

/// Whether a part that lies as it is printed, turned about the vertical by a right angle or not, is within the printer.
bool fits(const Eigen::Vector3d& size_mm, const Printer& printer) {
  const bool along = size_mm.x() <= printer.bed_x_mm && size_mm.y() <= printer.bed_y_mm;
  const bool across = size_mm.y() <= printer.bed_x_mm && size_mm.x() <= printer.bed_y_mm;
  return (along || across) && size_mm.z() <= printer.height_mm;
}

constexpr std::size_t most = 1000;

Outcome check_part(const Arguments& arguments, Console& console) {
  Design design;
  apply_choices(arguments, design);
  const Progress progress = console.progress();
  const MeshFile file = read_mesh(arguments.get("PART"), progress.part(0.0, 0.3, "reading"));
  const Solid part(file.mesh);
  const auto crossings = self_crossings(part.mesh(), most, progress.part(0.3, 1.0, "looking for self-crossings"));
  const Box box = bounding_box(part.mesh());
  const bool fits_printer = !design.printer || fits(box.size(), *design.printer);

  Outcome outcome;
  outcome.exit_code = crossings.empty() && fits_printer ? 0 : 1;
  outcome.lines = lines_of(file.findings);
  outcome.lines.push_back(
      fmt::format("closed and oriented, {}, {:.1f} cm3", size_of(box), volume_mm3(part.mesh()) / 1000));
  if (crossings.empty()) {
    outcome.lines.push_back("it crosses itself nowhere");
  } else {
    const auto& triangle = part.mesh().triangles[static_cast<std::size_t>(crossings.front()[0])];
    const Eigen::Vector3d& at = part.mesh().vertices[static_cast<std::size_t>(triangle[0])];
    outcome.lines.push_back(
        fmt::format("Do not print it: {}{} pairs of triangles cross, one near ({:.1f}, {:.1f}, {:.1f}) mm.",
                    crossings.size(), crossings.size() == most ? " or more" : "", at.x(), at.y(), at.z()));
  }
  if (!fits_printer)
    outcome.lines.push_back(fmt::format("It is larger than the {} can print.", design.printer->printer_name));
  outcome.json = {{"closed", true},
                  {"self_crossings", crossings.size()},
                  {"fits_printer", fits_printer},
                  {"size_mm", json_of(Eigen::Vector3d(box.size()))},
                  {"volume_mm3", volume_mm3(part.mesh())},
                  {"findings", json_of(file.findings)}};
  return outcome;
}

}  // namespace

Command check_command() {
  return {"check",
          "Checks a print file as a stranger would: closed, oriented, free of self-crossings.",
          {{"PART", "A print file: socket.stl."}},
          design_options({"printer"}),
          check_part};
}

}  // namespace fit::cli
