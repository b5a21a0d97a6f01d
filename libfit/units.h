#pragma once

#include <optional>

#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/params.h"

namespace fit {

enum class Unit { millimetre, centimetre, metre, inch };
template <>
struct EnumNames<Unit> {
  static constexpr std::array<std::string_view, 4> names{"mm", "cm", "m", "inch"};
};

double millimetres_in(Unit unit);

struct UnitsParams {
  std::optional<Unit> units;  ///< of the file's numbers; recognised by the size of a limb when not given

  bool operator==(const UnitsParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{OptionalChoice{"units", &UnitsParams::units,
                                     "Unit of the scan's numbers; recognised by the size of a limb when not given."}};
  }
};

struct InMillimetres {
  Mesh mesh;
  Unit unit;
  Findings findings;
};

/// The scan in millimetres. `declared` is what the file itself says (3MF does); what the user says goes before it.
/// Without either the unit is the one in which the scan is as large as a limb (80 to 1200 mm over all, with room for a
/// floor around it); millimetres win where two would do. Numbers that were converted are said in a finding, and a size
/// that fits no unit is one that forbids printing.
InMillimetres to_millimetres(Mesh scan, std::optional<Unit> declared, const UnitsParams& params = {});

}  // namespace fit
