#pragma once

#include <optional>
#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/template.h"

namespace fit {

/// Where the socket ends above: a closed curve on the positive, single-valued around the limb's axis, and the surface that
/// it spans. Height over the angle about z: `height_mm[k]` at the angle 2 pi k / height_mm.size(), counted from +x towards
/// +y; between them a periodic cubic (Catmull-Rom).
struct Trimline {
  std::vector<double> height_mm;

  /// Height of the curve at an angle about z (rad).
  double height_at(double angle_rad) const;
};

struct TrimParams {
  std::optional<double> trim_mm;  ///< height above the distal end of a flat cut; the template's trimline without it

  bool operator==(const TrimParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"trim_mm", &TrimParams::trim_mm, 20.0, 800.0, "A flat trimline this far above the distal end, in place of the template's."},
    };
  }
};

struct Trimmed {
  Trimline trimline;
  Findings findings;  ///< the scan does not reach 10 mm beyond it, ...
};

/// The trimline of a socket: from the template's landmarks, from points, or a flat cut.
Trimmed trim(const Mesh& positive, const Limb& limb, const Template& rectification, const TrimParams& params = {},
             const Progress& progress = {});

}  // namespace fit
