#pragma once

#include <optional>
#include <vector>

#include "libfit/attach.h"
#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/printer.h"
#include "libfit/progress.h"
#include "libfit/rectify.h"
#include "libfit/solid.h"
#include "libfit/solidify.h"
#include "libfit/trim.h"

namespace fit {

enum class Activity { low, moderate, high };
template <>
struct EnumNames<Activity> {
  static constexpr std::array<std::string_view, 3> names{"low", "moderate", "high"};
};

struct CheckParams {
  std::optional<double> body_mass_kg;
  Activity activity = Activity::moderate;
  double largest_squeeze_mm = 6.0;

  bool operator==(const CheckParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"body_mass_kg", &CheckParams::body_mass_kg, 10.0, 250.0, "Body mass of the person."},
        Choice{"activity", &CheckParams::activity, "How much the person walks and carries."},
        Number{"largest_squeeze_mm", &CheckParams::largest_squeeze_mm, 0.0, 40.0,
               "How much the limb's diameter may be squeezed on its way in (unverified starting value)."},
    };
  }
};

/// What is checked: what the stages before made.
struct SocketCase {
  const Limb& limb;
  const Rectified& rectified;
  const Trimline& trimline;
  const Hardware& hardware;
  const Solid& socket;
};

/// What it is made on and of.
struct Workshop {
  std::optional<Printer> printer;  ///< that was named
  std::vector<Printer> printers;   ///< that are known
  std::optional<Material> material;
};

struct Checked {
  Findings findings;
  Values wall_mm;  ///< one a vertex of the socket: thickness measured there; NaN where it has no meaning (rim, holes)
  double thinnest_mm = 0.0;     ///< of all those; NaN when there are none
  double print_turn_deg = 0.0;  ///< about the vertical, to fit the printer that was named
};

/// Checks a socket before it is printed: self-crossings, the wall between inner and outer surface, whether the limb can
/// get in, body mass and activity against the wall, the printer, overhangs, the rim's edge, and the change from the
/// limb. Each finding is a code of the catalogue in finding.cpp.
///
/// The wall is the true nearest distance: from each vertex of the outer surface to the positive, and from each of the
/// inner to the triangles of the outer. It is not measured in the rim's band (1.5 times the wall there; 15 mm below a
/// flare) and in holes.
/// Needs: all in the limb frame; the positive and the limb have the same vertices, or the positive was given as the
/// limb. Throws Error::bad_params, Error::bad_input (no positive, a socket nowhere near the positive), Cancelled.
Checked check_print(const SocketCase& made, const SolidifyParams& asked, const Workshop& workshop = {},
                    const CheckParams& params = {}, const Progress& progress = {});

}  // namespace fit
