#include "libfit/solidify.h"

#include <fmt/format.h>

#include <algorithm>

#include "libfit/detail/contour.h"
#include "libfit/detail/pieces.h"
#include "libfit/detail/place_identifier.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/solid_field.h"
#include "libfit/error.h"

namespace fit {

namespace {

using Eigen::Vector3d;

/// The positive goes on straight above its opening, but that much is invented at most.
constexpr double kMostAboveOpeningMm = 10.0;
constexpr double kLeastDepthMm = 15.0;
/// Pieces and voids smaller than this are dropped, and said; larger ones are an error.
constexpr double kCrumbMm3 = 100.0;
constexpr double kVoidMm3 = 2000.0;
constexpr double kWorthSayingMm3 = 1.0;
/// The skin may stand off the socket by more than this where a crease was filled.
constexpr double kDeepCreaseMm = 2.0;

void check_trim(const Mesh& positive, const std::vector<int>& opening, const detail::TrimSurface& trim,
                double distal_mm) {
  if (trim.lowest_mm() - distal_mm < kLeastDepthMm)
    throw Error(
        ErrorKind::bad_params,
        fmt::format("The trimline comes down to {:.0f} mm above the distal end; it must stay at least {:.0f} mm "
                    "above it.",
                    trim.lowest_mm() - distal_mm, kLeastDepthMm));
  double worst = 0.0;
  Vector3d place = Vector3d::Zero();
  for (const int vertex : opening) {
    const Vector3d& point = positive.vertices[vertex];
    const double height = trim.height_and_slope(std::atan2(point.y(), point.x())).first - point.z();
    if (height <= worst) continue;
    worst = height;
    place = point;
  }
  if (worst > kMostAboveOpeningMm)
    throw Error(
        ErrorKind::bad_input,
        fmt::format("The trimline lies {:.0f} mm above the edge of the positive near ({:.0f}, {:.0f}, {:.0f}) mm; "
                    "lower it there, or scan more of the limb.",
                    worst, place.x(), place.y(), place.z()));
}

Box box_of_socket(const Box& positive, const detail::SolidField::Shape& shape) {
  Box box = positive;
  const double margin = shape.wall->thickest_mm() + shape.flare_mm + detail::RaisedText::kRaisedMm + 1.0;
  box.lowest.array() -= margin;
  box.highest.array() += margin;
  for (const detail::PlacedPart& part : shape.parts) {
    if (part.cut()) continue;
    const Vector3d reach = Vector3d::Constant(part.radius_mm() + 1.0);
    box.lowest = box.lowest.cwiseMin(part.center_mm() - reach);
    box.highest = box.highest.cwiseMax(part.center_mm() + reach);
  }
  box.highest.z() = std::min(box.highest.z(), shape.trim.highest_mm() + 1.0);
  return box;
}

Finding finding(const char* code, Severity severity, double volume_mm3, const Vector3d& place) {
  return {code, severity, {{"volume_mm3", volume_mm3, {}}}, place};
}

/// Leaves the one piece that is the socket.
Mesh one_piece(Mesh mesh, Findings& findings) {
  std::vector<int> piece_of;
  const std::vector<detail::Piece> pieces = detail::pieces(mesh, piece_of);
  if (pieces.empty())
    throw Error(ErrorKind::no_solution, "Nothing of the socket is left below its trimline; raise the trimline.");
  const auto largest = std::max_element(pieces.begin(), pieces.end(),
                                        [](const auto& a, const auto& b) { return a.volume_mm3 < b.volume_mm3; });
  std::vector<bool> dropped(pieces.size(), false);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const detail::Piece& piece = pieces[i];
    if (&piece == &*largest) continue;
    dropped[i] = true;
    if (piece.volume_mm3 < -kVoidMm3)
      throw Error(ErrorKind::no_solution, "The socket would be closed above; the trimline must cross the positive.");
    if (piece.volume_mm3 > kCrumbMm3)
      throw Error(
          ErrorKind::no_solution,
          fmt::format("The socket falls into pieces: one of {:.0f} mm3 near ({:.0f}, {:.0f}, {:.0f}) mm does not "
                      "hang on to the rest; move the distal block nearer to the limb, or thicken the wall.",
                      piece.volume_mm3, piece.middle_mm.x(), piece.middle_mm.y(), piece.middle_mm.z()));
    if (std::abs(piece.volume_mm3) < kWorthSayingMm3) continue;
    findings.push_back(piece.volume_mm3 < 0.0
                           ? finding("void_filled", Severity::note, -piece.volume_mm3, piece.middle_mm)
                           : finding("crumb_dropped", Severity::note, piece.volume_mm3, piece.middle_mm));
  }
  if (pieces.size() == 1) return mesh;
  return detail::without_pieces(mesh, piece_of, dropped);
}

}  // namespace

Solidified solidify(const Mesh& positive, const Trimline& trimline, const Hardware& hardware,
                    const SolidifyParams& params, const Progress& progress) {
  validate(params);
  progress.part(0.0, 0.1)(0.0);
  const Box box = bounding_box(positive);
  const detail::TrimSurface trim(trimline);
  const detail::WallThickness wall(params, box.lowest.z());
  const double top = std::max(box.highest.z(), trim.highest_mm()) + wall.thickest_mm() + 20.0;
  const detail::ClosedPositive closed = detail::extended_and_closed(positive, top);
  check_trim(positive, closed.opening, trim, box.lowest.z());
  progress.part(0.0, 0.1)(0.3);
  const detail::ClosestPoint to_positive(closed.mesh);
  progress.part(0.0, 0.1)(0.8);
  const detail::RoundedCreases creases(closed.mesh, to_positive, params.crease_radius_mm, trim.highest_mm() + 10.0);
  progress.part(0.0, 0.1)(1.0);

  // A wall of less than two cells could be lost between the nodes of the grid.
  const double spacing = std::min(params.resolution_mm, wall.thinnest_mm() / 2.0);
  detail::SolidField::Shape shape{
      .positive = &closed.mesh,
      .to_positive = &to_positive,
      .creases = creases.filled().deepest_mm > 0.0 ? &creases : nullptr,
      .wall = wall,
      .text = std::nullopt,
      .trim = trim,
      .rim_radius_mm = std::min(params.rim_radius_mm, std::min(params.trimline_wall_mm, wall.thinnest_mm()) / 2.0),
      .flare_mm = params.flare_mm,
      .parts = {},
      .block_from_limb = hardware.limb_from_block.inverse(),
      .reach_mm = 2.0 * spacing,
  };
  for (const BlockPart& part : hardware.parts) shape.parts.emplace_back(part, hardware.limb_from_block);
  Findings findings;
  if (shape.creases != nullptr)
    findings.push_back(
        {"crease_rounded",
         creases.filled().deepest_mm > kDeepCreaseMm ? Severity::warn : Severity::note,
         {{"width_mm", 2.0 * params.crease_radius_mm, {}}, {"depth_mm", creases.filled().deepest_mm, {}}},
         creases.filled().place_mm});
  shape.text = detail::place_identifier(params.identifier, shape);
  if (!shape.text && detail::has_text(params.identifier))
    findings.push_back({"identifier_left_out", Severity::warn, {}, std::nullopt});
  const Box domain = box_of_socket(box, shape);
  const detail::SolidField field(std::move(shape));
  Mesh mesh = detail::contour(field, domain, spacing, progress.part(0.1, 0.97));
  progress.part(0.97, 1.0)(0.0);
  mesh = one_piece(std::move(mesh), findings);
  return {Solid(std::move(mesh)), std::move(findings)};
}

}  // namespace fit
