#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libfit/landmarks.h"
#include "libfit/params.h"

namespace fit {

/// A circumference reduction at one station.
struct Reduction {
  double station = 0.0;            ///< fraction of the way from distal end (0) to MPT (1); may be above 1
  double reduction_percent = 0.0;  ///< of the girth over the liner; negative enlarges

  bool operator==(const Reduction&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"station", &Reduction::station, -0.2, 2.0, "Fraction of the way from distal end (0) to MPT (1)."},
        Number{"reduction_percent", &Reduction::reduction_percent, -10.0, 15.0, "Of the girth over the liner; negative enlarges."},
    };
  }
};

/// Data of a socket style, read from models/templates/ and kept in the Design as a value.
struct Template {
  std::string template_name;
  Level template_level = Level::transtibial;
  std::vector<Reduction> reductions;

  bool operator==(const Template&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"template_name", &Template::template_name, "Name of the template."},
        Choice{"template_level", &Template::template_level, "The level of amputation it is for."},
        List{"reductions", &Template::reductions, "Circumference reductions by station."},
    };
  }
};

}  // namespace fit
