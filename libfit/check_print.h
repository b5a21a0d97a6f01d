#pragma once

#include <optional>

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
template <> struct EnumNames<Activity> { static constexpr std::array<std::string_view, 3> names{"low", "moderate", "high"}; };

struct CheckParams {
  std::optional<double> body_mass_kg;
  Activity activity = Activity::moderate;

  bool operator==(const CheckParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"body_mass_kg", &CheckParams::body_mass_kg, 10.0, 250.0, "Body mass of the person."},
        Choice{"activity", &CheckParams::activity, "How much the person walks and carries."},
    };
  }
};

struct Checked {
  Findings findings;
  Values wall_mm;  ///< one a vertex of the socket: thickness measured there; NaN where it has no meaning (rim, holes, text)
};

}  // namespace fit
