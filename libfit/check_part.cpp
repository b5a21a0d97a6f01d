#include "libfit/check_part.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/part_wall.h"
#include "libfit/detail/pieces.h"
#include "libfit/detail/print_checks.h"
#include "libfit/error.h"
#include "libfit/solid.h"

namespace fit {

namespace {

constexpr double kThickest = 25.0;  // mm: what is thicker is no wall
constexpr double kPatch = 100.0;    // mm2

void refuse_what_is_no_mesh(const Mesh& part) {
  if (part.triangles.empty()) throw Error(ErrorKind::bad_input, "The file holds no triangles to check.");
  const int count = static_cast<int>(part.vertices.size());
  for (const Eigen::Vector3i& t : part.triangles)
    for (const int vertex : t)
      if (vertex < 0 || vertex >= count || !part.vertices[vertex].allFinite())
        throw Error(ErrorKind::bad_input, "A triangle of the part has a corner that is no point.");
}

/// Bodies of a closed part; a void within one is none of its own.
int bodies(const Mesh& part) {
  std::vector<int> piece_of;
  const std::vector<detail::Piece> pieces = detail::pieces(part, piece_of);
  return static_cast<int>(
      std::count_if(pieces.begin(), pieces.end(), [](const detail::Piece& piece) { return piece.volume_mm3 > 0.0; }));
}

/// The rules for a socket's wall, to half a millimetre: a wall of 6 mm that turns inward measures a little less.
SolidifyParams with_wall(double thinnest_mm) {
  SolidifyParams measured;
  measured.wall_mm = std::max(0.5 * std::round(2.0 * thinnest_mm), 0.5);
  return measured;
}

}  // namespace

PartChecked check_part(const Mesh& part, const Workshop& workshop, const CheckParams& params,
                       const Progress& progress) {
  validate(params);
  refuse_what_is_no_mesh(part);
  PartChecked checked;
  checked.thinnest_mm = std::numeric_limits<double>::quiet_NaN();
  const auto add = [&](const Findings& more) {
    checked.findings.insert(checked.findings.end(), more.begin(), more.end());
  };
  try {
    Solid{part};
    checked.closed = true;
  } catch (const Error& error) {
    add({{"not_solid", Severity::forbid, {{"why", 0.0, error.what()}}, std::nullopt}});
  }
  add(detail::check_crossing(part, progress.part(0.0, 0.4)));
  if (checked.closed) {
    checked.bodies = bodies(part);
    if (checked.bodies > 1)
      add({{"part_bodies", Severity::warn, {{"bodies", static_cast<double>(checked.bodies), ""}}, std::nullopt}});
    checked.thinnest_mm =
        detail::least_over_a_patch(part, detail::thickness_behind(part, kThickest, progress.part(0.4, 1.0)), kPatch);
    if (!std::isnan(checked.thinnest_mm)) {
      add({{"part_wall_thinnest", Severity::note, {{"thinnest_mm", checked.thinnest_mm, ""}}, std::nullopt}});
      add(detail::check_strength(with_wall(checked.thinnest_mm), workshop, params));
    }
  }
  checked.print_turn_deg = detail::check_size(part, Eigen::Vector3d::UnitZ(), workshop, checked.findings);
  add(detail::check_overhang(part, Eigen::Vector3d::UnitZ()));
  progress(1.0);
  return checked;
}

}  // namespace fit
