#pragma once

#include "libfit/params.h"
#include "libfit/printer.h"
#include "libfit/solid.h"

namespace fit {

/// A ring that is printed to find out how much a filament shrinks on a printer.
struct RingParams {
  double ring_outer_mm = 100.0;
  double ring_inner_mm = 88.0;
  double ring_height_mm = 40.0;

  bool operator==(const RingParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"ring_outer_mm", &RingParams::ring_outer_mm, 30.0, 300.0, "Outer diameter of the ring as drawn."},
        Number{"ring_inner_mm", &RingParams::ring_inner_mm, 20.0, 296.0, "Inner diameter of the ring as drawn."},
        Number{"ring_height_mm", &RingParams::ring_height_mm, 10.0, 200.0, "Height of the ring as drawn."},
    };
  }
};

/// What a calliper reads on the ring when it is cold.
struct RingMeasured {
  std::optional<double> measured_outer_mm;
  std::optional<double> measured_inner_mm;
  std::optional<double> measured_height_mm;

  bool operator==(const RingMeasured&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalNumber{"measured_outer_mm", &RingMeasured::measured_outer_mm, 20.0, 310.0,
                       "Outer diameter of the printed ring, the mean of two directions."},
        OptionalNumber{"measured_inner_mm", &RingMeasured::measured_inner_mm, 10.0, 310.0,
                       "Inner diameter of the printed ring, the mean of two directions."},
        OptionalNumber{"measured_height_mm", &RingMeasured::measured_height_mm, 5.0, 210.0,
                       "Height of the printed ring."},
    };
  }
};

/// How much smaller a print gets, in percent of what was drawn; negative: larger.
struct Shrinkage {
  double xy_percent = 0.0;
  double z_percent = 0.0;
};

/// The ring, its lower face on z = 0; flat to 0.01 mm of a circle. Throws Error::bad_params (no wall left).
Solid calibration_ring(const RingParams& ring);

/// Shrinkage of a ring. In the plane it is that of the mean of both diameters: a line that is printed too wide makes
/// the outer one larger and the inner one smaller by the same. Throws Error::bad_params: a measure is missing, or more
/// than 10 % off, which is no shrinkage but a mistake.
Shrinkage shrinkage_of(const RingParams& ring, const RingMeasured& measured);

/// A part as it is to be drawn so that it has its size when it is cold, about the middle of the bed. The same to the
/// last bit when the material does not shrink.
Mesh compensated(const Material& material, Mesh part);

}  // namespace fit
