#include "libfit/repair.h"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>

#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/holes.h"
#include "libfit/detail/limb_part.h"
#include "libfit/detail/make_manifold.h"
#include "libfit/detail/sew.h"
#include "libfit/detail/skin.h"

namespace fit {

namespace {

using namespace detail;

void check(const Mesh& scan) {
  if (scan.triangles.empty()) throw Error(ErrorKind::bad_input, "The scan has no triangles: export it as a surface.");
  const int vertices = static_cast<int>(scan.vertices.size());
  for (const Eigen::Vector3i& t : scan.triangles)
    if (t.minCoeff() < 0 || t.maxCoeff() >= vertices)
      throw Error(ErrorKind::bad_input, "The scan names a vertex that it does not have: export it again.");
  for (const Eigen::Vector3d& v : scan.vertices)
    if (!v.allFinite() || v.cwiseAbs().maxCoeff() > 1e7)
      throw Error(ErrorKind::bad_input,
                  "The scan has a vertex that is nowhere (not a number, or beyond 10 km): export it again.");
}

FindingValue value(const char* name, double number) { return {name, number, {}}; }

Finding note(const char* code, std::vector<FindingValue> values) {
  return {code, Severity::note, std::move(values), {}};
}

void keep_limb(Skin& skin, Findings& findings) {
  EdgePairs pairs = pair_edges(skin.mesh);
  const Parts parts = connected_parts(pairs.opposite);
  const std::vector<PartSize> sizes = part_sizes(skin.mesh, parts, find_rims(skin.mesh, pairs.opposite));
  const int limb = limb_part(sizes);
  if (limb < 0)
    throw Error(ErrorKind::bad_input,
                "Nothing in the scan is round like a limb: there are only sheets. Scan all round the limb.");
  if (sizes[limb].volume_mm3 < 0.0)
    for (Eigen::Vector3i& t : skin.mesh.triangles) std::swap(t[1], t[2]);
  if (parts.count == 1) return;
  std::vector<std::uint8_t> kept(skin.mesh.triangles.size());
  for (std::size_t t = 0; t < kept.size(); ++t) kept[t] = parts.of_triangle[t] == limb;
  double area = 0.0;
  for (const PartSize& size : sizes)
    if (size.part != limb) area += size.area_mm2;
  keep_triangles(skin, kept);
  findings.push_back(note("parts_removed", {value("parts", parts.count - 1.0), value("area_cm2", area / 100.0)}));
}

void fill(Skin& skin, const RepairParams& params, Findings& findings, const Progress& progress) {
  const EdgePairs pairs = pair_edges(skin.mesh);
  std::vector<Rim> rims = find_rims(skin.mesh, pairs.opposite);
  const ProximalOpening opening = find_opening(skin.mesh, rims);
  if (opening.rim < 0)
    throw Error(ErrorKind::bad_input,
                "No proximal opening can be told in the scan: its largest opening is smaller than a quarter of the "
                "limb's section.");
  rims.erase(rims.begin() + opening.rim);
  const std::vector<Filled> filled = fill_holes(skin, rims, progress);
  if (filled.empty()) return;
  const Filled* largest = &filled[0];
  double area = 0.0;
  for (const Filled& hole : filled) {
    area += hole.area_mm2;
    if (hole.area_mm2 > largest->area_mm2) largest = &hole;
    if (hole.width_mm > params.largest_hole_mm)
      findings.push_back({"hole_large",
                          Severity::forbid,
                          {value("width_mm", hole.width_mm), value("limit_mm", params.largest_hole_mm)},
                          hole.centre_mm});
  }
  findings.push_back({"holes_filled",
                      largest->width_mm > 20.0 ? Severity::warn : Severity::note,
                      {value("holes", static_cast<double>(filled.size())), value("area_cm2", area / 100.0),
                       value("width_mm", largest->width_mm)},
                      largest->centre_mm});
}

}  // namespace

Repaired repair(const Mesh& scan, const RepairParams& params, const Progress& progress) {
  validate(params);
  check(scan);
  progress(0.0);
  Skin skin{scan, std::vector<std::uint8_t>(scan.triangles.size(), 0)};
  Repaired repaired;
  const Sewn sewn = sew(skin, params.merge_mm);
  progress(0.2);
  const MadeManifold made = make_manifold(skin);
  if (sewn.merged + sewn.split_edges > 0)
    repaired.findings.push_back(
        note("seams_sewn", {value("corners", sewn.merged + 0.0), value("edges", sewn.split_edges + 0.0)}));
  if (sewn.collapsed + sewn.repeated > 0)
    repaired.findings.push_back(
        note("triangles_removed", {value("flat", sewn.collapsed + 0.0), value("repeated", sewn.repeated + 0.0)}));
  if (made.crowded_edges + made.twisted_edges + made.split_vertices > 0)
    repaired.findings.push_back(note("sheets_parted", {value("edges", made.crowded_edges + made.twisted_edges + 0.0),
                                                       value("corners", made.split_vertices + 0.0)}));
  if (made.flipped > 0) repaired.findings.push_back(note("triangles_turned", {value("triangles", made.flipped + 0.0)}));
  progress(0.3);
  keep_limb(skin, repaired.findings);
  progress(0.4);
  fill(skin, params, repaired.findings, progress.part(0.4, 0.9));
  remove_unused_vertices(skin.mesh);
  for (std::size_t t = 0; t < skin.mesh.triangles.size(); ++t) {
    if (!skin.invented[t]) continue;
    const Eigen::Vector3i& corner = skin.mesh.triangles[t];
    const Eigen::Vector3d& a = skin.mesh.vertices[corner[0]];
    repaired.invented_mm2 += 0.5 * (skin.mesh.vertices[corner[1]] - a).cross(skin.mesh.vertices[corner[2]] - a).norm();
  }
  repaired.surface = std::move(skin.mesh);
  repaired.invented = std::move(skin.invented);
  progress(1.0);
  return repaired;
}

}  // namespace fit
