#pragma once

#include <string>
#include <vector>

#include "libfit/attach.h"
#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/solid.h"
#include "libfit/trim.h"

namespace fit {

/// A place where the wall is thicker than elsewhere; the thickness falls off smoothly to its edge.
struct WallRegion {
  std::string region_name;
  Eigen::Vector3d center_mm = Eigen::Vector3d::Zero();  ///< in the limb frame
  double radius_mm = 30.0;
  double region_wall_mm = 7.0;

  bool operator==(const WallRegion&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"region_name", &WallRegion::region_name, "What it is called in findings."},
        Triple{"center_mm", &WallRegion::center_mm, "Its middle, in the limb frame."},
        Number{"radius_mm", &WallRegion::radius_mm, 1.0, 200.0, "How far it reaches."},
        Number{"region_wall_mm", &WallRegion::region_wall_mm, 1.0, 20.0, "Wall thickness in its middle."},
    };
  }
};

struct SolidifyParams {
  double wall_mm = 6.0;
  double trimline_wall_mm = 7.0;
  double distal_wall_mm = 8.0;
  double rim_radius_mm = 3.0;
  double flare_mm = 0.0;
  double resolution_mm = 1.0;
  std::vector<WallRegion> wall_regions;

  bool operator==(const SolidifyParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"wall_mm", &SolidifyParams::wall_mm, 1.0, 15.0, "Wall thickness."},
        Number{"trimline_wall_mm", &SolidifyParams::trimline_wall_mm, 1.0, 15.0, "Wall thickness at the trimline."},
        Number{"distal_wall_mm", &SolidifyParams::distal_wall_mm, 1.0, 20.0, "Wall thickness at the distal end."},
        Number{"rim_radius_mm", &SolidifyParams::rim_radius_mm, 0.5, 7.5, "Radius of the rim's edges; at most half the wall."},
        Number{"flare_mm", &SolidifyParams::flare_mm, 0.0, 8.0, "How far the rim turns outward over its last 14 mm."},
        Number{"resolution_mm", &SolidifyParams::resolution_mm, 0.4, 3.0, "Size of the triangles of the outer surface."},
        List{"wall_regions", &SolidifyParams::wall_regions, "Places where the wall is thicker."},
    };
  }
};

struct Solidified {
  Solid socket;
  Findings findings;  ///< creases that were closed, walls that could not be had, ...
};

/// The socket around a positive, in one step: wall, rounded rim, distal block with its holes, fillets, identifier.
///
/// Needs: the positive in the limb frame, oriented, free of crossings, open above at its proximal opening alone.
/// The socket is one signed field (see detail/solid_field.h) whose surface is taken out of it by dual contouring, so it is
/// closed whatever the positive is. Vertices lie on the surface to 0.01 mm, edges of block and holes to 0.05 mm.
/// Throws Error::bad_params, Error::bad_input (an opening too many, a trimline above the opening), Error::no_solution (a
/// socket in several pieces), Cancelled.
Solidified solidify(const Mesh& positive, const Trimline& trimline, const Hardware& hardware,
                    const SolidifyParams& params = {}, const Progress& progress = {});

}  // namespace fit
