#pragma once

#include <vector>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

enum class TapeOver { skin, liner };
template <> struct EnumNames<TapeOver> { static constexpr std::array<std::string_view, 2> names{"skin", "liner"}; };

enum class TapeScaling { one_factor, graded };
template <> struct EnumNames<TapeScaling> { static constexpr std::array<std::string_view, 2> names{"one_factor", "graded"}; };

/// A girth read by hand.
struct TapeGirth {
  double below_mpt_mm = 0.0;  ///< along the limb's axis
  double girth_mm = 0.0;

  bool operator==(const TapeGirth&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"below_mpt_mm", &TapeGirth::below_mpt_mm, -100.0, 600.0, "How far below the mid-patellar tendon, along the limb's axis."},
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

}  // namespace fit
