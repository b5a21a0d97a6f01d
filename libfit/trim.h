#pragma once

#include <optional>
#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/template.h"

namespace fit {

/// Where the socket ends above: a closed curve on the positive, single-valued around the limb's axis, and the surface
/// that it spans. Height over the angle about z: `height_mm[k]` at the angle 2 pi k / height_mm.size(), counted from +x
/// towards +y; between them a periodic cubic (Catmull-Rom).
struct Trimline {
  std::vector<double> height_mm;

  /// Height of the curve at an angle about z (rad). Needs: at least one height.
  double height_at(double angle_rad) const;
};

/// A point that a person set on the trimline.
struct TrimlinePoint {
  double angle_deg = 0.0;  ///< about the limb's axis: 0 anterior, 90 lateral, 180 posterior, 270 medial
  double height_mm = 0.0;  ///< above the distal end of the limb

  bool operator==(const TrimlinePoint&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"angle_deg", &TrimlinePoint::angle_deg, 0.0, 360.0,
               "About the limb's axis: 0 anterior, 90 lateral, 180 posterior, 270 medial."},
        Number{"height_mm", &TrimlinePoint::height_mm, 20.0, 800.0, "Above the distal end of the limb."},
    };
  }
};

struct TrimParams {
  std::optional<double> trim_mm;
  std::vector<TrimlinePoint> trimline_points;
  double trim_raise_mm = 0.0;

  bool operator==(const TrimParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"trim_mm", &TrimParams::trim_mm, 20.0, 800.0,
                       "A flat trimline this far above the distal end, in place of the template's."},
        List{"trimline_points", &TrimParams::trimline_points, "Points of the trimline, in place of the template's."},
        Number{"trim_raise_mm", &TrimParams::trim_raise_mm, -60.0, 60.0,
               "Raises the whole of the template's trimline."},
    };
  }
};

struct Trimmed {
  Trimline trimline;
  Findings findings;
};

/// The trimline of a socket: a flat cut at `trim_mm`, else through a person's points, else through the template's, set
/// from its landmarks; of a template without points flat, 15 mm below the lowest place of the opening.
///
/// The positive must go on for 10 mm above the trimline all round, so that the brim is made of skin that was seen.
/// Where it does not, a template's trimline is lowered smoothly until it does, and a finding names the shortest place;
/// it forbids printing when more than 25 mm are lost. What a person set is refused there. A trimline below the tibial
/// tubercle is a finding that forbids printing: nothing would hold the knee. Needs: `positive` in the limb frame, open
/// at the proximal opening alone, or closed above. Throws Error::bad_params (above the scan, fewer than 3 points or two
/// at one angle), Error::bad_input (the positive is too short, a template's landmark is missing), Cancelled.
Trimmed trim(const Mesh& positive, const Limb& limb, const Template& rectification, const TrimParams& params = {},
             const Progress& progress = {});

}  // namespace fit
