#include "libfit/measure.h"

#include <fmt/format.h>

#include "apps/fit/commands.h"
#include "apps/fit/describe.h"
#include "apps/fit/design_flags.h"
#include "libfit/mesh_io.h"

namespace fit::cli {

namespace {

/// Volume below the proximal opening, closed by a fan from the middle of its rim: exact for a flat rim.
double capped_volume_mm3(const Mesh& limb) {
  Mesh capped = limb;
  for (const auto& loop : boundary_loops(limb)) {
    Eigen::Vector3d middle = Eigen::Vector3d::Zero();
    for (int corner : loop)
      middle += limb.vertices[static_cast<std::size_t>(corner)] / static_cast<double>(loop.size());
    const int center = static_cast<int>(capped.vertices.size());
    capped.vertices.push_back(middle);
    for (std::size_t i = 0; i < loop.size(); ++i)
      capped.triangles.emplace_back(loop[(i + 1) % loop.size()], loop[i], center);
  }
  return volume_mm3(capped);
}

Outcome measure_limb(const Arguments& arguments, Console& console) {
  Design design;
  apply_flags(arguments, design);
  const Progress progress = console.progress();
  const MeshFile file = read_mesh(arguments.get("LIMB"), progress.part(0.0, 0.5, "reading"));
  const InMillimetres limb = to_millimetres(file.mesh, file.declared_unit, design.scale);
  const auto slices = measure(limb.mesh, design.stations, progress.part(0.5, 1.0, "measuring"));
  const double volume = capped_volume_mm3(limb.mesh);
  const double length_mm = bounding_box(limb.mesh).size().z();

  Outcome outcome;
  outcome.lines = {fmt::format("length {:.1f} mm, volume {:.0f} mm3 with every opening closed flat, skin {:.0f} mm2",
                               length_mm, volume, area_mm2(limb.mesh)),
                   fmt::format("{:>10} {:>10} {:>10} {:>12} {:>8} {:>8}", "height mm", "girth mm", "area mm2",
                               "volume mm3", "AP mm", "ML mm")};
  auto stations = nlohmann::ordered_json::array();
  for (const Slice& slice : slices) {
    outcome.lines.push_back(fmt::format("{:10.1f} {:10.1f} {:10.0f} {:12.0f} {:8.1f} {:8.1f}", slice.height_mm,
                                        slice.girth_mm, slice.area_mm2, slice.volume_mm3, slice.ap_mm, slice.ml_mm));
    stations.push_back(json_of(slice));
  }
  for (const std::string& line : lines_of(limb.findings)) outcome.lines.push_back(line);
  outcome.json = {{"length_mm", length_mm},
                  {"volume_mm3", volume},
                  {"area_mm2", area_mm2(limb.mesh)},
                  {"stations", stations},
                  {"findings", json_of(limb.findings)}};
  return outcome;
}

}  // namespace

Command measure_command() {
  return {"measure",
          "Girth, area, volume and widths along a limb that stands along z, distal end down.",
          {{"LIMB", "A mesh file in the limb frame, such as limb.ply."}},
          design_options({"scale", "aop_grid", "stations"}),
          measure_limb};
}

}  // namespace fit::cli
