#include "libfit/attach.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/cross_section.h"

namespace fit {

namespace {

constexpr double kRad = std::numbers::pi / 180.0;
constexpr double kDomeMm = 60.0;        ///< how high above the distal end its dome is looked for
constexpr double kSteepest = 0.2;       ///< upward part of a normal that still counts as upright
constexpr double kOpensMm = 1.0;        ///< how far a cut goes on into the cavity
constexpr double kThroughMm = 1.0;      ///< how far a vent's bore begins inside the cavity
constexpr double kWallAtMostMm = 60.0;  ///< how far a vent's bore reaches outward

/// The axes of the block before it is turned out, in the limb frame. With v the limb's axis in them, tan(flexion) and
/// tan(adduction) are the slopes of v to the block's front and to lateral: what a goniometer reads from the side and
/// from the front. The shortest turn that does it leaves the front where it was.
Eigen::Quaterniond lean(Side side, const AttachParams& params) {
  const Eigen::Vector3d limb_axis(lateral_sign(side) * std::tan(params.adduction_deg * kRad),
                                  std::tan(params.flexion_deg * kRad), 1.0);
  return Eigen::Quaterniond::FromTwoVectors(limb_axis, Eigen::Vector3d::UnitZ());
}

/// The inner surface near the distal end, in the block's frame: vertices and middles of the triangles that face down or
/// stand upright.
std::vector<Eigen::Vector3d> dome_of(const Mesh& positive, const Eigen::Isometry3d& block_from_limb, double lowest) {
  std::vector<Eigen::Vector3d> dome;
  for (const Eigen::Vector3i& t : positive.triangles) {
    const Eigen::Vector3d a = block_from_limb * positive.vertices[t[0]];
    if (a.z() > lowest + kDomeMm) continue;
    const Eigen::Vector3d b = block_from_limb * positive.vertices[t[1]];
    const Eigen::Vector3d c = block_from_limb * positive.vertices[t[2]];
    const Eigen::Vector3d normal = (b - a).cross(c - a);
    if (normal.z() > kSteepest * normal.norm()) continue;
    dome.insert(dome.end(), {a, b, c, Eigen::Vector3d((a + b + c) / 3.0)});
  }
  return dome;
}

/// How high the dome comes above a piece's footprint, and whether all of the footprint lies below it.
struct Above {
  double highest = -1e300;
  bool covers = false;
  bool opens() const { return highest > -1e300; }
};

Above above(const BlockPiece& piece, const std::vector<Eigen::Vector3d>& dome) {
  Above result;
  const double scale = std::max(1.0, piece.top_scale);
  const double x = 0.5 * scale * piece.width_mm;
  const double y = 0.5 * scale * (piece.shape == PartShape::box ? piece.depth_mm : piece.width_mm);
  bool met[8] = {};
  for (const Eigen::Vector3d& point : dome) {
    const double dx = (point.x() - piece.base_mm.x()) / x;
    const double dy = (point.y() - piece.base_mm.y()) / y;
    const double out = piece.shape == PartShape::box ? std::max(std::abs(dx), std::abs(dy)) : std::hypot(dx, dy);
    if (out <= 1.0) result.highest = std::max(result.highest, point.z());
    if (out >= 0.9) met[static_cast<int>(std::lround((std::atan2(dy, dx) / std::numbers::pi + 1.0) * 4.0)) % 8] = true;
  }
  result.covers = std::all_of(std::begin(met), std::end(met), [](bool is) { return is; });
  return result;
}

BlockPart placed(const BlockPiece& piece) {
  BlockPart part{piece, Eigen::Isometry3d::Identity()};
  part.block_from_part.linear() =
      Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d::UnitZ(), piece.axis).toRotationMatrix();
  part.block_from_part.translation() = piece.base_mm;
  return part;
}

void check_piece(const BlockPiece& piece) {
  if (!(piece.axis.norm() > 1e-6))
    throw Error(ErrorKind::bad_params, "A piece of the block has no direction: its axis is zero.");
  if (piece.up_to_limb && piece.axis.normalized().z() < 0.999)
    throw Error(ErrorKind::bad_params, "A piece of the block is to reach up to the limb and its axis is not z.");
}

/// The pieces, lengthened up to the limb. `plane_mm` is the height of the lowest place of the cavity.
void add_pieces(const AttachParams& params, double lateral, const std::vector<Eigen::Vector3d>& dome, double plane_mm,
                Attached& attached) {
  const Eigen::Isometry3d& limb_from_block = attached.hardware.limb_from_block;
  int holes_beside = 0;
  Finding worst_hole;
  for (BlockPiece piece : params.block.block_pieces) {
    check_piece(piece);
    piece.base_mm.x() *= lateral;
    piece.axis.x() *= lateral;
    if (piece.up_to_limb) {
      const Above dome_above = above(piece, dome);
      const double top = std::max(dome_above.highest, plane_mm) + (piece.cut ? kOpensMm : 0.0);
      piece.height_mm = std::max(piece.height_mm, top - piece.base_mm.z());
      if (!dome_above.covers) {
        const Eigen::Vector3d place = limb_from_block * piece.base_mm;
        if (!piece.cut)
          attached.findings.push_back(
              {"block_beside_socket", Severity::warn, {{"width_mm", piece.width_mm, {}}}, place});
        else if (++holes_beside == 1 || !dome_above.opens())
          worst_hole = {"bolt_beside_socket", dome_above.opens() ? Severity::warn : Severity::forbid, {}, place};
      }
    }
    attached.hardware.parts.push_back(placed(piece));
  }
  if (holes_beside == 0) return;
  worst_hole.values = {{"holes", static_cast<double>(holes_beside), {}}};
  attached.findings.push_back(std::move(worst_hole));
}

/// A bore from inside the cavity outward, square to the limb's axis.
BlockPart vent(const Mesh& positive, Side side, const AttachParams& params, const Eigen::Isometry3d& block_from_limb) {
  const double height = bounding_box(positive).lowest.z() + params.vent_height_mm;
  const auto sections = detail::cross_sections(positive, {height});
  const detail::Outline* skin = detail::largest_closed(sections[0]);
  if (!skin)
    throw Error(ErrorKind::bad_input,
                fmt::format("There is no wall for the vent {:.1f} mm above the distal end; set it lower.",
                            params.vent_height_mm));
  const double angle = params.vent_angle_deg * kRad;
  const Eigen::Vector2d outward(lateral_sign(side) * std::sin(angle), std::cos(angle));
  const Eigen::Vector2d middle = detail::centroid(*skin);
  double farthest = 0.0;
  double narrowest = 1e300;
  for (const Eigen::Vector2d& point : skin->points) {
    const Eigen::Vector2d from_middle = point - middle;
    const double along = from_middle.dot(outward);
    const double beside = std::abs(from_middle.x() * outward.y() - from_middle.y() * outward.x());
    if (along <= 0.0 || beside > 0.5 * *params.vent_bore_mm + 2.0) continue;
    farthest = std::max(farthest, along);
    narrowest = std::min(narrowest, along);
  }
  // On a coarse outline no corner may lie within the bore.
  if (farthest == 0.0) narrowest = farthest = std::sqrt(std::abs(detail::area_mm2(*skin)) / std::numbers::pi);
  BlockPart bore;
  bore.shape = PartShape::cylinder;
  bore.cut = true;
  bore.width_mm = bore.depth_mm = *params.vent_bore_mm;
  bore.height_mm = farthest - narrowest + kThroughMm + kWallAtMostMm;
  Eigen::Isometry3d limb_from_part = Eigen::Isometry3d::Identity();
  const Eigen::Vector3d direction(outward.x(), outward.y(), 0.0);
  limb_from_part.linear() = Eigen::Quaterniond::FromTwoVectors(Eigen::Vector3d::UnitZ(), direction).toRotationMatrix();
  limb_from_part.translation() << middle + (narrowest - kThroughMm) * outward, height;
  bore.block_from_part = block_from_limb * limb_from_part;
  return bore;
}

}  // namespace

Attached attach(const Mesh& positive, Side side, const AttachParams& params, const Progress& progress) {
  progress(0.0);
  validate(params);
  if (positive.triangles.empty())
    throw Error(ErrorKind::bad_input, "The positive has no surface to attach a block to.");

  Attached attached;
  Eigen::Isometry3d& limb_from_block = attached.hardware.limb_from_block;
  const Eigen::Quaterniond limb_from_lean = lean(side, params);
  const Eigen::Quaterniond lean_from_block(
      Eigen::AngleAxisd(-lateral_sign(side) * params.toe_out_deg * kRad, Eigen::Vector3d::UnitZ()));
  limb_from_block.linear() = (limb_from_lean * lean_from_block).toRotationMatrix();
  const Eigen::Vector3d up = limb_from_block.linear().col(2);
  double lowest = 1e300;
  for (const Eigen::Vector3d& vertex : positive.vertices) lowest = std::min(lowest, vertex.dot(up));
  const Eigen::Vector3d distal(0.0, 0.0, bounding_box(positive).lowest.z());
  const Eigen::Vector3d shifted =
      distal +
      limb_from_lean * Eigen::Vector3d(lateral_sign(side) * params.block_lateral_mm, params.block_anterior_mm, 0.0);
  const double face = lowest - params.block_gap_mm - params.block.block_height_mm;
  limb_from_block.translation() = shifted + (face - shifted.dot(up)) * up;
  progress(0.3);

  const Eigen::Isometry3d block_from_limb = limb_from_block.inverse();
  const double plane = params.block.block_height_mm + params.block_gap_mm;
  if (params.block.block_pieces.empty()) {
    if (params.block.block_name != "none") attached.findings.push_back({"block_missing", Severity::forbid, {}, distal});
  } else {
    add_pieces(params, lateral_sign(side), dome_of(positive, block_from_limb, plane), plane, attached);
  }
  progress(0.8);
  if (params.vent_bore_mm) attached.hardware.parts.push_back(vent(positive, side, params, block_from_limb));
  progress(1.0);
  return attached;
}

}  // namespace fit
