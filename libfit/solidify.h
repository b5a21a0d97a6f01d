#pragma once

#include <array>
#include <string>
#include <string_view>
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

/// Where the identifier stands on the socket's outer surface.
enum class IdentifierPlace { posterior, anterior };
template <>
struct EnumNames<IdentifierPlace> {
  static constexpr std::array<std::string_view, 2> names{"posterior", "anterior"};
};

/// What is raised on the socket so that it cannot be taken for another one. Letters A to Z, digits, space and - . /
struct Identifier {
  std::string identifier_code;
  std::string identifier_side;  ///< L or R; the pipeline takes it from the design's side when it is empty
  std::string identifier_date;
  IdentifierPlace identifier_place = IdentifierPlace::posterior;
  double letter_height_mm = 8.0;

  bool operator==(const Identifier&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"identifier_code", &Identifier::identifier_code, "Code of the person or socket: no name."},
        Text{"identifier_side", &Identifier::identifier_side, "L or R; taken from the side when it is not given."},
        Text{"identifier_date", &Identifier::identifier_date, "Date, such as 2026-03-31."},
        Choice{"identifier_place", &Identifier::identifier_place, "The side of the socket that it is raised on."},
        Number{"letter_height_mm", &Identifier::letter_height_mm, 5.0, 20.0,
               "Height of its letters; less where it must."},
    };
  }
};

struct SolidifyParams {
  double wall_mm = 6.0;
  double trimline_wall_mm = 7.0;
  double distal_wall_mm = 8.0;
  double rim_radius_mm = 3.0;
  double flare_mm = 0.0;
  double crease_radius_mm = 1.0;
  double resolution_mm = 1.0;
  std::vector<WallRegion> wall_regions;
  Identifier identifier;

  bool operator==(const SolidifyParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"wall_mm", &SolidifyParams::wall_mm, 1.0, 15.0, "Wall thickness."},
        Number{"trimline_wall_mm", &SolidifyParams::trimline_wall_mm, 1.0, 15.0, "Wall thickness at the trimline."},
        Number{"distal_wall_mm", &SolidifyParams::distal_wall_mm, 1.0, 20.0, "Wall thickness at the distal end."},
        Number{"rim_radius_mm", &SolidifyParams::rim_radius_mm, 0.5, 7.5,
               "Radius of the rim's edges; at most half the wall."},
        Number{"flare_mm", &SolidifyParams::flare_mm, 0.0, 8.0, "How far the rim turns outward over its last 14 mm."},
        Number{
            "crease_radius_mm", &SolidifyParams::crease_radius_mm, 0.0, 5.0,
            "Creases of the positive narrower than twice this are filled in the cavity; 0 leaves their knife edges."},
        Number{"resolution_mm", &SolidifyParams::resolution_mm, 0.4, 3.0,
               "Size of the triangles of the outer surface."},
        List{"wall_regions", &SolidifyParams::wall_regions, "Places where the wall is thicker."},
        Part{"identifier", &SolidifyParams::identifier, "What is written on the socket."},
    };
  }
};

struct Solidified {
  Solid socket;
  Findings findings;  ///< creases that were closed, walls that could not be had, ...
};

/// The socket around a positive, in one step: wall, rounded rim, distal block with its holes, fillets, identifier.
///
/// Needs: the positive in the limb frame, oriented, free of crossings, open above at its proximal opening alone; the
/// trimline at least 15 mm above its distal end and at most 10 mm above its opening (which goes on straight there).
/// The socket is one signed field (detail/solid_field.h) whose surface is taken out of it by dual contouring, so it is
/// closed and free of crossings whatever the positive is. On smooth skin vertices lie on the surface to 0.01 mm, single
/// ones to 0.04 mm; skin whose noise is finer than `resolution_mm` is cut across (`measure_walls` has the figures).
/// Edges of block and holes are kept to 0.05 mm. The same bits on any number of threads. Throws Error::bad_params (a
/// value out of range, an identifier that cannot be written), Error::bad_input (an opening too many or none, an inside
/// out positive, a trimline off the positive), Error::no_solution (a socket in several pieces, or closed above),
/// Cancelled.
Solidified solidify(const Mesh& positive, const Trimline& trimline, const Hardware& hardware,
                    const SolidifyParams& params = {}, const Progress& progress = {});

}  // namespace fit
