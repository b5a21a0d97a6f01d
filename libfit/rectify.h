#pragma once

#include <optional>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/template.h"

namespace fit {

enum class ScannedOver { skin, liner };
template <> struct EnumNames<ScannedOver> { static constexpr std::array<std::string_view, 2> names{"skin", "liner"}; };

struct RectifyParams {
  std::optional<ScannedOver> scanned_over;
  std::optional<double> liner_mm;
  int sock_ply = 0;
  double patellar_tendon_bearing = 0.0;
  double reduction_scale = 1.0;
  Template rectification;

  bool operator==(const RectifyParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalChoice{"scanned_over", &RectifyParams::scanned_over, "What the limb wore when it was scanned."},
        OptionalNumber{"liner_mm", &RectifyParams::liner_mm, 0.0, 15.0, "Thickness of the liner that the socket is worn over; 0 for none."},
        Whole{"sock_ply", &RectifyParams::sock_ply, 0, 15, "Plies of sock that the socket is worn over."},
        Number{"patellar_tendon_bearing", &RectifyParams::patellar_tendon_bearing, 0.0, 1.0, "0 bears on the whole surface (TSB), 1 on the patellar tendon (PTB)."},
        Number{"reduction_scale", &RectifyParams::reduction_scale, -1.0, 3.0, "Multiplies the template's circumference reductions."},
        Part{"rectification", &RectifyParams::rectification, "The template: reductions, regions and trimline, as values."},
    };
  }
};

struct Rectified {
  Mesh positive;                ///< the socket's inner surface; same triangles as the limb's surface
  Values change_mm;             ///< one a vertex: along the normal, carve -, build-up +; the allowance is not in it
  double allowance_mm = 0.0;    ///< liner and socks, outward everywhere
  Findings findings;
};

/// Shapes the positive out of the limb: allowance for liner and socks, circumference reduction by station, regional carves
/// and build-ups, distal clearance. See models/templates/.
/// Throws Error::bad_params (scanned_over or liner_mm missing; a template of another level), Error::bad_input, Cancelled.
Rectified rectify(const Limb& limb, const RectifyParams& params, const Progress& progress = {});

}  // namespace fit
