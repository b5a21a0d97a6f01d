#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/template.h"

namespace fit {

enum class ScannedOver { skin, liner };
template <>
struct EnumNames<ScannedOver> {
  static constexpr std::array<std::string_view, 2> names{"skin", "liner"};
};

/// How thick socks are. Plies do not add linearly, and sources disagree (0.38 mm a ply; 0.7, 1.2 and 1.5 mm for 1, 3
/// and 5 plies): an unverified starting value.
struct SockThickness {
  double ply = 0.0;
  double sock_mm = 0.0;

  bool operator==(const SockThickness&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"ply", &SockThickness::ply, 0.0, 30.0, "Plies worn together."},
        Number{"sock_mm", &SockThickness::sock_mm, 0.0, 10.0, "Their thickness under load."},
    };
  }
};

struct RectifyParams {
  std::optional<ScannedOver> scanned_over;
  std::optional<double> liner_mm;
  int sock_ply = 0;
  std::vector<SockThickness> sock_table{{0.0, 0.0}, {1.0, 0.7}, {3.0, 1.2}, {5.0, 1.5}};
  double patellar_tendon_bearing = 0.0;
  double reduction_scale = 1.0;
  std::optional<double> uniform_reduction_percent;
  double region_scale = 1.0;
  std::optional<double> distal_clearance_mm;
  Template rectification;

  bool operator==(const RectifyParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalChoice{"scanned_over", &RectifyParams::scanned_over, "What the limb wore when it was scanned."},
        OptionalNumber{"liner_mm", &RectifyParams::liner_mm, 0.0, 15.0,
                       "Thickness of the liner that the socket is worn over; 0 for none."},
        Whole{"sock_ply", &RectifyParams::sock_ply, 0, 15, "Plies of sock that the socket is worn over."},
        List{"sock_table", &RectifyParams::sock_table, "Thickness of socks by ply, ascending; linear between."},
        Number{"patellar_tendon_bearing", &RectifyParams::patellar_tendon_bearing, 0.0, 1.0,
               "0 bears on the whole surface (TSB), 1 on the patellar tendon (PTB)."},
        Number{"reduction_scale", &RectifyParams::reduction_scale, -1.0, 3.0,
               "Multiplies the template's circumference reductions."},
        OptionalNumber{"uniform_reduction_percent", &RectifyParams::uniform_reduction_percent, -10.0, 15.0,
                       "One circumference reduction all along the limb, in place of the template's."},
        Number{"region_scale", &RectifyParams::region_scale, 0.0, 2.0,
               "Multiplies the template's carves and build-ups."},
        OptionalNumber{"distal_clearance_mm", &RectifyParams::distal_clearance_mm, 0.0, 30.0,
                       "Room below the distal end, in place of the template's."},
        Part{"rectification", &RectifyParams::rectification, "The template: reductions, regions and trimline."},
    };
  }
};

/// A region of the template on this limb.
struct PlacedRegion {
  std::string name;
  Eigen::Vector3d center_mm;  ///< on the positive
  double reach_mm;
  double change_mm;  ///< what the blend asks for: - carve, + build-up
  std::optional<double> wall_mm;
  bool unverified;
};

struct Rectified {
  Mesh positive;              ///< the socket's inner surface; same triangles as the limb's surface
  Values change_mm;           ///< one a vertex: along the normal, carve -, build-up +; the allowance is not in it
  double allowance_mm = 0.0;  ///< liner and socks, outward everywhere
  std::vector<Eigen::Vector3d> over_liner;  ///< the positive's vertices before anything is shaped: with the allowance
  std::vector<PlacedRegion> regions;  ///< those that change something or thicken the wall, in the template's order
  Findings findings;
};

/// Shapes the positive out of the limb, in this order:
/// 1. outward by the allowance for liner and socks where the scan was taken over the skin, by nothing over the liner;
/// 2. circumference reduction: each section shrinks towards its middle until its girth, as a tape reads it, is down by
///    what the template asks at its station (within 0.2 % of the girth, else a finding says where not); reliefs stay
///    and the rest takes more;
/// 3. regional carves and build-ups along the normal, the template's blended from TSB to PTB, falling off over the
///    geodesic distance; a relief is never carved;
/// 4. room below the distal end.
/// The moves are smooth and fold nothing that is wider than a few millimetres. Where the walls of a deep fold cross all
/// the same, the fold is bridged, and a finding says so; a positive that crosses itself still is forbidden.
/// A blend that carves is a finding that forbids printing until a person confirmed the landmarks it hangs on.
/// Needs: `limb` in the limb frame, open at the proximal opening alone.
/// Throws Error::bad_params (scanned_over or liner_mm missing; a template of another level; tables out of order),
/// Error::bad_input (no skin; a transtibial limb without MPT), Cancelled.
Rectified rectify(const Limb& limb, const RectifyParams& params, const Progress& progress = {});

/// A positive that was shaped elsewhere and is not shaped again. One that crosses itself is forbidden.
/// Throws Cancelled.
Rectified as_given(const Limb& positive, const Progress& progress = {});

/// The template's values that no source stands behind, by name, for the report.
std::vector<std::string> unverified_values(const Template& rectification);

}  // namespace fit
