#pragma once

#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "libfit/rectify.h"

namespace fit {

enum class TapeOver { skin, liner };
template <>
struct EnumNames<TapeOver> {
  static constexpr std::array<std::string_view, 2> names{"skin", "liner"};
};

enum class TapeScaling { one_factor, graded };
template <>
struct EnumNames<TapeScaling> {
  static constexpr std::array<std::string_view, 2> names{"one_factor", "graded"};
};

/// A girth read by hand.
struct TapeGirth {
  double below_mpt_mm = 0.0;  ///< along the limb's axis
  double girth_mm = 0.0;

  bool operator==(const TapeGirth&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"below_mpt_mm", &TapeGirth::below_mpt_mm, -100.0, 600.0,
               "How far below the mid-patellar tendon, along the limb's axis."},
        Number{"girth_mm", &TapeGirth::girth_mm, 50.0, 1200.0, "What the tape read there."},
    };
  }
};

struct TapeParams {
  std::vector<TapeGirth> tape;
  TapeOver tape_over = TapeOver::skin;
  TapeScaling tape_scaling = TapeScaling::one_factor;

  bool operator==(const TapeParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        List{"tape", &TapeParams::tape, "Girths read by hand; the scan is scaled to them."},
        Choice{"tape_over", &TapeParams::tape_over, "What the tape lay over."},
        Choice{"tape_scaling", &TapeParams::tape_scaling, "One factor for the whole limb, or one graded along it."},
    };
  }
};

/// A station of the tape, before and after.
struct TapeStation {
  double below_mpt_mm = 0.0;
  double tape_mm = 0.0;    ///< the girth wanted of the scan: what the tape read, given or taken what the liner is thick
  double scan_mm = 0.0;    ///< the scan's girth there before
  double scaled_mm = 0.0;  ///< and after
};

struct ScaledToTape {
  Limb limb;
  double factor = 1.0;                ///< one factor: in all directions; graded: the mean over the stations
  std::vector<TapeStation> stations;  ///< from proximal to distal
  Findings findings;
};

/// Scales a limb to girths by hand: scanners err by 1 to 7 % in volume, a tape far less. Without a tape the limb stays
/// as it is.
/// - one_factor: the same in all directions, so the length with it; the least-squares fit to the girths, in mm. A
/// station
///   that stays more than 2 % off is a finding that proposes graded.
/// - graded: away from the axis alone, so every length stays; exact at the stations, between them a monotone cubic (F.
/// N.
///   Fritsch and R. E. Carlson 1980), beyond them constant.
/// A tape over the liner and a scan over the skin, or the other way round, differ by 2 pi liner_mm.
/// A factor outside 0.97 to 1.03 is a finding that warns.
/// Needs: `limb` is in the limb frame, with its mid-patellar tendon, closed below the highest station.
/// Throws Error::bad_params (a station beyond the limb, one named twice, a value out of range), Error::bad_input (a
/// factor outside 0.90 to 1.10, no mid-patellar tendon, an open limb), Cancelled.
ScaledToTape scale_to_tape(const Limb& limb, const TapeParams& params, ScannedOver scanned_over, double liner_mm,
                           const Progress& progress = {});

}  // namespace fit
