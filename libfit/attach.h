#pragma once

#include <Eigen/Geometry>
#include <optional>
#include <string>
#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

enum class PartShape { box, cylinder };
template <>
struct EnumNames<PartShape> {
  static constexpr std::array<std::string_view, 2> names{"box", "cylinder"};
};

/// A simple body of a distal block, added to the socket or cut out of it, as in models/hardware/. Its own frame: its
/// axis is z, its base is centred at z = 0, its top at z = height_mm.
struct BlockPiece {
  using Shape = PartShape;
  Shape shape = Shape::box;
  bool cut = false;       ///< a cut goes through all, wall included; cuts come after additions
  double width_mm = 0.0;  ///< along x; a cylinder's diameter
  double depth_mm = 0.0;  ///< along y; a cylinder's diameter again
  double height_mm = 0.0;
  double top_scale = 1.0;  ///< size of the top over that of the base: a frustum or a cone
  double corner_mm = 0.0;  ///< radius of a box's edges along z
  double fillet_mm = 0.0;  ///< additions: radius of the blend into the socket's outer surface
  Eigen::Vector3d base_mm = Eigen::Vector3d::Zero();  ///< where its base is centred, in the block's frame
  Eigen::Vector3d axis = Eigen::Vector3d::UnitZ();    ///< direction of its axis, in the block's frame
  bool up_to_limb = false;  ///< lengthened upwards: an addition into the wall, a cut through the wall into the cavity

  bool operator==(const BlockPiece&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Choice{"shape", &BlockPiece::shape, "Box or cylinder."},
        Switch{"cut", &BlockPiece::cut, "Cut out of the socket, wall included, and not added to it."},
        Number{"width_mm", &BlockPiece::width_mm, 0.1, 300.0, "Along x; a cylinder's diameter."},
        Number{"depth_mm", &BlockPiece::depth_mm, 0.1, 300.0, "Along y; a cylinder's diameter again."},
        Number{"height_mm", &BlockPiece::height_mm, 0.1, 300.0, "Along its axis."},
        Number{"top_scale", &BlockPiece::top_scale, 0.05, 5.0, "Size of its top over that of its base."},
        Number{"corner_mm", &BlockPiece::corner_mm, 0.0, 100.0, "Radius of a box's edges along its axis."},
        Number{"fillet_mm", &BlockPiece::fillet_mm, 0.0, 40.0, "Radius of the blend into the socket."},
        Triple{"base_mm", &BlockPiece::base_mm, "Where its base is centred, in the block's frame."},
        Triple{"axis", &BlockPiece::axis, "Direction of its axis, in the block's frame."},
        Switch{"up_to_limb", &BlockPiece::up_to_limb, "Lengthened upwards into the wall, or a cut through it."},
    };
  }
};

/// Data of what joins the socket to the rest of the prosthesis, read from models/hardware/ and kept in the Design as a
/// value. The block's frame: z up (towards the limb), y the block's front; z = 0 is its flat lower face. In the data x
/// points to lateral, so that one file serves both sides.
struct Block {
  std::string block_name;        ///< empty: not chosen; "none": a socket without a block, on purpose
  double block_height_mm = 0.0;  ///< from its lower face to its upper plane; above that, block_gap_mm to the cavity
  std::vector<BlockPiece> block_pieces;
  std::string block_provenance;

  bool operator==(const Block&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"block_name", &Block::block_name, "Name of the block; 'none' for a socket without one."},
        Number{"block_height_mm", &Block::block_height_mm, 0.0, 200.0, "From its lower face to its upper plane."},
        List{"block_pieces", &Block::block_pieces, "What it is made of."},
        Text{"block_provenance", &Block::block_provenance, "Where its values come from."},
    };
  }
};

struct AttachParams {
  Block block;
  double flexion_deg = 5.0;
  double adduction_deg = 5.0;
  double toe_out_deg = 0.0;
  double block_anterior_mm = 0.0;
  double block_lateral_mm = 0.0;
  double block_gap_mm = 8.0;
  std::optional<double> vent_bore_mm;
  double vent_height_mm = 40.0;
  double vent_angle_deg = 270.0;

  bool operator==(const AttachParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Part{"block", &AttachParams::block, "What joins the socket to the prosthesis below it, as a value."},
        Number{"flexion_deg", &AttachParams::flexion_deg, -20.0, 40.0, "Positive: the brim leans anterior."},
        Number{"adduction_deg", &AttachParams::adduction_deg, -20.0, 30.0, "Positive: the brim leans lateral."},
        Number{"toe_out_deg", &AttachParams::toe_out_deg, -45.0, 45.0, "Positive: the block's front turns lateral."},
        Number{"block_anterior_mm", &AttachParams::block_anterior_mm, -60.0, 60.0, "The block's shift to anterior."},
        Number{"block_lateral_mm", &AttachParams::block_lateral_mm, -60.0, 60.0, "The block's shift to lateral."},
        Number{"block_gap_mm", &AttachParams::block_gap_mm, 4.0, 80.0,
               "From the distal inner surface to the upper plane of the block."},
        OptionalNumber{"vent_bore_mm", &AttachParams::vent_bore_mm, 1.0, 60.0,
                       "Diameter of a bore through the wall for a vent or a valve."},
        Number{"vent_height_mm", &AttachParams::vent_height_mm, 5.0, 400.0,
               "The bore's height above the distal inner surface."},
        Number{"vent_angle_deg", &AttachParams::vent_angle_deg, 0.0, 360.0,
               "The bore's direction: 0 anterior, 90 lateral, 180 posterior, 270 medial."},
    };
  }
};

/// A piece, placed and as long as it must be.
struct BlockPart : BlockPiece {
  Eigen::Isometry3d block_from_part = Eigen::Isometry3d::Identity();
};

/// The distal block, placed: its parts, and its pose in the limb frame.
struct Hardware {
  std::vector<BlockPart> parts;  ///< empty: a socket without a block
  Eigen::Isometry3d limb_from_block = Eigen::Isometry3d::Identity();
};

struct Attached {
  Hardware hardware;
  Findings findings;
};

/// Places the distal block below the positive. Its upper plane lies `block_gap_mm` below the lowest place of the
/// positive, measured square to the block; its middle lies below the limb's axis at the distal end, moved by
/// block_anterior_mm and block_lateral_mm along the block's plane.
/// Flexion and adduction are the angles that the limb's axis makes with the block's, seen from the side and from the
/// front; toe-out turns the block about its own axis.
/// Pieces that go up to the limb are lengthened: additions until the limb's dome has risen over their whole footprint
/// (what would stand in the cavity is not made), cuts until they open into the cavity all round.
/// Needs: `positive` in the limb frame.
/// Throws Error::bad_params, Error::bad_input (no surface; no wall where the vent is asked), Cancelled.
Attached attach(const Mesh& positive, Side side, const AttachParams& params = {}, const Progress& progress = {});

}  // namespace fit
