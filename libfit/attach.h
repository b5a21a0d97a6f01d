#pragma once

#include <Eigen/Geometry>
#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

/// What joins the socket to the rest of the prosthesis.
enum class Connector { none, four_hole_plate, pylon_clamp, pyramid_seat, pin_lock };
template <> struct EnumNames<Connector> {
  static constexpr std::array<std::string_view, 5> names{"none", "four_hole_plate", "pylon_clamp", "pyramid_seat", "pin_lock"};
};

struct AttachParams {
  Connector connector = Connector::four_hole_plate;
  double flexion_deg = 5.0;
  double adduction_deg = 5.0;
  double toe_out_deg = 0.0;
  double block_anterior_mm = 0.0;
  double block_lateral_mm = 0.0;
  double block_gap_mm = 8.0;

  bool operator==(const AttachParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Choice{"connector", &AttachParams::connector, "What joins the socket to the prosthesis below it."},
        Number{"flexion_deg", &AttachParams::flexion_deg, -20.0, 40.0, "Positive: the brim leans anterior."},
        Number{"adduction_deg", &AttachParams::adduction_deg, -20.0, 30.0, "Positive: the brim leans lateral."},
        Number{"toe_out_deg", &AttachParams::toe_out_deg, -45.0, 45.0, "Positive: the block's front turns lateral."},
        Number{"block_anterior_mm", &AttachParams::block_anterior_mm, -60.0, 60.0, "The block's shift to anterior."},
        Number{"block_lateral_mm", &AttachParams::block_lateral_mm, -60.0, 60.0, "The block's shift to lateral."},
        Number{"block_gap_mm", &AttachParams::block_gap_mm, 4.0, 80.0, "From the distal inner surface to the block."},
    };
  }
};

/// A simple body that is added to the socket's distal end or cut out of it. Its own frame: its axis is z, its base is
/// centred at z = 0, its top at z = height_mm.
struct BlockPart {
  enum class Shape { box, cylinder };
  Shape shape = Shape::box;
  bool cut = false;           ///< a cut goes through all, wall included; cuts come after additions
  double width_mm = 0.0;      ///< along x; a cylinder's diameter
  double depth_mm = 0.0;      ///< along y; a cylinder's diameter again
  double height_mm = 0.0;
  double top_scale = 1.0;     ///< size of the top over that of the base: a frustum or a cone
  double corner_mm = 0.0;     ///< radius of a box's edges along z
  double fillet_mm = 0.0;     ///< additions: radius of the blend into the socket's outer surface
  Eigen::Isometry3d block_from_part = Eigen::Isometry3d::Identity();
};

/// The distal block, placed: its parts, and its pose in the limb frame.
/// The block's frame: z up (towards the limb), y the block's front; z = 0 is its flat lower face.
struct Hardware {
  std::vector<BlockPart> parts;  ///< empty: a socket without a block
  Eigen::Isometry3d limb_from_block = Eigen::Isometry3d::Identity();
};

struct Attached {
  Hardware hardware;
  Findings findings;
};

/// Places the distal block below the positive.
Attached attach(const Mesh& positive, Side side, const AttachParams& params = {}, const Progress& progress = {});

}  // namespace fit
