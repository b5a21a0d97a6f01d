#include "libfit/repair.h"

#include <fmt/format.h>

#include <Eigen/Geometry>
#include <algorithm>

#include "libfit/detail/around.h"
#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/even_rim.h"
#include "libfit/detail/flat_parts.h"
#include "libfit/detail/grow.h"
#include "libfit/detail/holes.h"
#include "libfit/detail/join_parts.h"
#include "libfit/detail/limb_part.h"
#include "libfit/detail/make_manifold.h"
#include "libfit/detail/open_cap.h"
#include "libfit/detail/sew.h"
#include "libfit/detail/skin.h"
#include "libfit/detail/smooth_skin.h"
#include "libfit/detail/spikes.h"
#include "libfit/self_crossing.h"

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

template <class Count>
FindingValue value(const char* name, Count number) {
  return {name, static_cast<double>(number), {}};
}

Finding note(const char* code, std::vector<FindingValue> values) {
  return {code, Severity::note, std::move(values), {}};
}

/// The parts of a skin, and which of them is the limb.
struct Sorted {
  std::vector<Rim> rims;
  Parts parts;
  std::vector<PartSize> sizes;
  int limb;
};

Sorted sort_parts(const Skin& skin) {
  const EdgePairs pairs = pair_edges(skin.mesh);
  Sorted sorted{find_rims(skin.mesh, pairs.opposite), connected_parts(pairs.opposite), {}, -1};
  sorted.sizes = part_sizes(skin.mesh, sorted.parts, sorted.rims);
  sorted.limb = limb_part(sorted.sizes);
  if (sorted.limb < 0)
    throw Error(ErrorKind::bad_input,
                "Nothing in the scan is round and large enough to be a limb: there are only sheets or crumbs. Scan all "
                "round the limb.");
  return sorted;
}

/// Leaves the part that is the limb, facing outward.
Sorted keep_limb(Skin& skin) {
  Sorted sorted = sort_parts(skin);
  if (sorted.sizes[sorted.limb].volume_mm3 < 0.0)
    for (Eigen::Vector3i& t : skin.mesh.triangles) std::swap(t[1], t[2]);
  if (sorted.parts.count == 1) return sorted;
  std::vector<std::uint8_t> kept(skin.mesh.triangles.size());
  for (std::size_t t = 0; t < kept.size(); ++t) kept[t] = sorted.parts.of_triangle[t] == sorted.limb;
  keep_triangles(skin, kept);
  return sorted;
}

/// Joins to the limb what is its skin, and leaves the rest out.
void separate_limb(Skin& skin, Findings& findings) {
  constexpr int kMostJoined = 40;
  constexpr double kGap_mm = 12.0;
  int joined = 0;
  double joined_mm2 = 0.0;
  for (; joined < kMostJoined; ++joined) {
    const Sorted sorted = sort_parts(skin);
    const double area = join_part(skin, sorted.parts, sorted.rims, sorted.limb, kGap_mm);
    if (area <= 0.0) break;
    joined_mm2 += area;
  }
  if (joined > 0)
    findings.push_back(note("parts_joined", {value("parts", joined), value("area_cm2", joined_mm2 / 100.0)}));
  const Sorted sorted = keep_limb(skin);
  if (sorted.parts.count == 1) return;
  const double limb_mm3 = std::abs(sorted.sizes[sorted.limb].volume_mm3);
  double area = 0.0;
  const PartSize* rival = nullptr;
  for (const PartSize& size : sorted.sizes) {
    if (size.part == sorted.limb) continue;
    area += size.area_mm2;
    if (size.likeness() <= 0.0 || std::abs(size.volume_mm3) < 0.25 * limb_mm3) continue;
    if (rival == nullptr || size.likeness() > rival->likeness()) rival = &size;
  }
  findings.push_back(note("parts_removed", {value("parts", sorted.parts.count - 1), value("area_cm2", area / 100.0)}));
  if (rival != nullptr)
    findings.push_back({"other_limb_removed",
                        Severity::warn,
                        {value("share_percent", 100.0 * std::abs(rival->volume_mm3) / limb_mm3)},
                        rival->centre_mm});
}

/// Opens a limb that its scanner closed by a flat cap. Before crossings are cut out: a cap often crosses the skin it
/// closes.
void remove_cap(Skin& skin, Findings& findings) {
  if (find_opening(skin.mesh, find_rims(skin.mesh, pair_edges(skin.mesh).opposite)).rim >= 0) return;
  const std::optional<OpenedCap> cap = open_flat_cap(skin);
  if (!cap) return;
  keep_limb(skin);
  findings.push_back({"cap_removed", Severity::note, {value("area_cm2", cap->area_mm2 / 100.0)}, cap->centre_mm});
}

/// Removes flagged triangles; what they held together falls apart, and the limb is kept.
void cut_out(Skin& skin, std::vector<std::uint8_t> flagged) {
  for (std::uint8_t& flag : flagged) flag ^= 1;
  keep_triangles(skin, flagged);
  make_manifold(skin);
  keep_limb(skin);
}

Eigen::Vector3d corner_of(const Mesh& mesh, int triangle) { return mesh.vertices[mesh.triangles[triangle][0]]; }

void remove_spikes(Skin& skin, Findings& findings) {
  Spikes spikes = find_spikes(skin.mesh, pair_edges(skin.mesh).opposite);
  if (spikes.seed < 0) return;
  const Eigen::Vector3d place = corner_of(skin.mesh, spikes.seed);
  grow(spikes.triangles, skin.mesh, Around(skin.mesh), 1);
  cut_out(skin, std::move(spikes.triangles));
  findings.push_back(
      {"spikes_removed", Severity::note, {value("spikes", spikes.spikes), value("folds", spikes.folds)}, place});
}

/// Cuts out the triangles that cross, and `rings` around them. Gives how many pairs crossed.
std::size_t remove_crossings(Skin& skin, int rings, Eigen::Vector3d& place, const Progress& progress) {
  const auto pairs = self_crossings(skin.mesh, 1000000, progress);
  if (pairs.empty()) return 0;
  place = corner_of(skin.mesh, pairs[0][0]);
  std::vector<std::uint8_t> flagged(skin.mesh.triangles.size(), 0);
  for (const auto& pair : pairs) flagged[pair[0]] = flagged[pair[1]] = 1;
  if (rings > 0) grow(flagged, skin.mesh, Around(skin.mesh), rings);
  cut_out(skin, std::move(flagged));
  return pairs.size();
}

/// Fills all rims but the proximal opening, which is made where the scanner closed it.
std::vector<Filled> close_holes(Skin& skin, Findings& findings, const Progress& progress) {
  std::vector<Rim> rims = find_rims(skin.mesh, pair_edges(skin.mesh).opposite);
  ProximalOpening opening = find_opening(skin.mesh, rims);
  if (opening.rim < 0) {
    fill_holes(skin, rims, progress);
    if (const std::optional<OpenedCap> end = open_round_end(skin)) {
      findings.push_back(
          {"closed_end_cut", Severity::warn, {value("area_cm2", end->area_mm2 / 100.0)}, end->centre_mm});
      keep_limb(skin);
      rims = find_rims(skin.mesh, pair_edges(skin.mesh).opposite);
      opening = find_opening(skin.mesh, rims);
    }
  }
  if (opening.rim < 0)
    throw Error(ErrorKind::bad_input,
                "No proximal opening can be told in the scan: its largest opening is smaller than a quarter of the "
                "limb's section. Cut the scan across above the trimline.");
  rims.erase(rims.begin() + opening.rim);
  return fill_holes(skin, rims, progress);
}

void say_filled(const std::vector<Filled>& filled, const RepairParams& params, Findings& findings) {
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
  findings.push_back(
      {"holes_filled",
       largest->width_mm > 20.0 ? Severity::warn : Severity::note,
       {value("holes", filled.size()), value("area_cm2", area / 100.0), value("width_mm", largest->width_mm)},
       largest->centre_mm});
}

void close_surface(Skin& skin, const RepairParams& params, Findings& findings, const Progress& progress) {
  constexpr int kRounds = 6;
  Eigen::Vector3d place = Eigen::Vector3d::Zero();
  const std::size_t crossings = remove_crossings(skin, 1, place, progress.part(0.0, 0.3));
  if (crossings > 0) findings.push_back({"crossings_removed", Severity::note, {value("pairs", crossings)}, place});
  std::vector<Filled> filled;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = 0.3 + 0.7 * round / kRounds;
    const std::size_t before = skin.mesh.triangles.size();
    const std::vector<Filled> now = close_holes(skin, findings, progress.part(begin, begin + 0.05));
    filled.insert(filled.end(), now.begin(), now.end());
    const bool untouched = round == 0 && crossings == 0 && skin.mesh.triangles.size() == before;
    if (untouched || remove_crossings(skin, 1 + round, place, progress.part(begin + 0.05, begin + 0.1)) == 0) {
      say_filled(filled, params, findings);
      return;
    }
  }
  throw Error(ErrorKind::no_solution,
              fmt::format("The scan crosses itself near ({:.0f}, {:.0f}, {:.0f}) mm in a way that could not be mended: "
                          "scan the limb again there.",
                          place.x(), place.y(), place.z()));
}

void say_sewn(const Sewn& sewn, const MadeManifold& made, Findings& findings) {
  if (sewn.merged + sewn.split_edges > 0)
    findings.push_back(note("seams_sewn", {value("corners", sewn.merged), value("edges", sewn.split_edges)}));
  if (sewn.collapsed + sewn.repeated > 0)
    findings.push_back(note("triangles_removed", {value("flat", sewn.collapsed), value("repeated", sewn.repeated)}));
  if (made.crowded_edges + made.twisted_edges + made.split_vertices > 0)
    findings.push_back(note("sheets_parted", {value("edges", made.crowded_edges + made.twisted_edges),
                                              value("corners", made.split_vertices)}));
  if (made.flipped > 0) findings.push_back(note("triangles_turned", {value("triangles", made.flipped)}));
}

void smooth(Mesh& surface, double wave_mm, Findings& findings, const Progress& progress) {
  Mesh result = surface;
  const Smoothed smoothed = smooth_skin(result, wave_mm);
  if (!smoothed.applied) {
    findings.push_back(note("smoothing_not_needed", {value("noise_um", 1000.0 * smoothed.noise_mm)}));
  } else if (!self_crossings(result, 1, progress).empty()) {
    findings.push_back({"smoothing_refused", Severity::warn, {value("wave_mm", wave_mm)}, {}});
  } else {
    surface = std::move(result);
    findings.push_back(note("skin_smoothed", {value("wave_mm", wave_mm), value("noise_um", 1000.0 * smoothed.noise_mm),
                                              value("volume_per_mille", 10.0 * smoothed.volume_change_percent)}));
  }
}

double invented_area(const Skin& skin) {
  double area = 0.0;
  for (std::size_t t = 0; t < skin.mesh.triangles.size(); ++t) {
    if (!skin.invented[t]) continue;
    const Eigen::Vector3i& corner = skin.mesh.triangles[t];
    const Eigen::Vector3d& a = skin.mesh.vertices[corner[0]];
    area += 0.5 * (skin.mesh.vertices[corner[1]] - a).cross(skin.mesh.vertices[corner[2]] - a).norm();
  }
  return area;
}

}  // namespace

Repaired repair(const Mesh& scan, const RepairParams& params, const Progress& progress) {
  validate(params);
  check(scan);
  progress(0.0);
  Skin skin{scan, std::vector<std::uint8_t>(scan.triangles.size(), 0)};
  Repaired repaired;
  const Sewn sewn = sew(skin, params.merge_mm);
  progress(0.1);
  const MadeManifold made = make_manifold(skin);
  say_sewn(sewn, made, repaired.findings);
  progress(0.2);
  for (const FlatRegion& flat : remove_flat_parts(skin))
    repaired.findings.push_back({"flat_part_removed",
                                 Severity::note,
                                 {value("width_mm", flat.width_mm), value("area_cm2", flat.area_mm2 / 100.0)},
                                 flat.centre_mm});
  if (skin.mesh.triangles.empty())
    throw Error(ErrorKind::bad_input, "The scan holds only flat things, no limb. Scan all round the limb.");
  progress(0.3);
  separate_limb(skin, repaired.findings);
  remove_cap(skin, repaired.findings);
  remove_spikes(skin, repaired.findings);
  progress(0.4);
  close_surface(skin, params, repaired.findings, progress.part(0.4, 0.95));
  if (const EvenedRim rim = even_rim(skin); rim.roughness_mm > 0.0)
    repaired.findings.push_back(
        note("rim_evened", {value("roughness_mm", rim.roughness_mm), value("area_cm2", rim.area_mm2 / 100.0)}));
  remove_unused_vertices(skin.mesh);
  if (params.smoothing_mm > 0.0) smooth(skin.mesh, params.smoothing_mm, repaired.findings, progress.part(0.95, 1.0));
  repaired.invented_mm2 = invented_area(skin);
  repaired.surface = std::move(skin.mesh);
  repaired.invented = std::move(skin.invented);
  progress(1.0);
  return repaired;
}

}  // namespace fit
