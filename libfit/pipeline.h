#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "libfit/attach.h"
#include "libfit/check_print.h"
#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/locate.h"
#include "libfit/measure.h"
#include "libfit/printer.h"
#include "libfit/rectify.h"
#include "libfit/repair.h"
#include "libfit/solidify.h"
#include "libfit/tape.h"
#include "libfit/trim.h"
#include "libfit/units.h"

namespace fit {

/// What the scan is of.
enum class Input { limb, positive };
template <> struct EnumNames<Input> { static constexpr std::array<std::string_view, 2> names{"limb", "positive"}; };

/// A person's decision to print in spite of a finding.
struct Override {
  std::string finding;  ///< its code
  std::string reason;

  bool operator==(const Override&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Text{"finding", &Override::finding, "Code of the finding."},
        Text{"reason", &Override::reason, "Why the socket is made all the same."},
    };
  }
};

/// All that a person decided about a socket. A project file is a Design in JSON; undo is a list of old ones.
struct Design {
  Input input = Input::limb;
  UnitsParams scale;
  RepairParams repair;
  LocateParams locate;
  Landmarks landmarks;  ///< placed by a person, in the scan's frame
  TapeParams tape_measure;
  RectifyParams rectify;
  TrimParams trim;
  AttachParams attach;
  SolidifyParams solidify;
  CheckParams check;
  std::optional<Printer> printer;
  std::optional<Material> material;
  std::vector<Override> overrides;

  bool operator==(const Design&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Choice{"input", &Design::input, "What the scan is of: a limb, or a positive that is already rectified."},
        Part{"scale", &Design::scale, "Units of the scan."},
        Part{"repair", &Design::repair, "Cleaning of the scan."},
        Part{"locate", &Design::locate, "Side, level and axis of the limb."},
        Table{"landmarks", &Design::landmarks, "Landmarks that a person placed or confirmed, in the scan's frame."},
        Part{"tape_measure", &Design::tape_measure, "Girths by hand."},
        Part{"rectify", &Design::rectify, "From limb to positive."},
        Part{"trim", &Design::trim, "The trimline."},
        Part{"attach", &Design::attach, "The distal block."},
        Part{"solidify", &Design::solidify, "From positive to socket."},
        Part{"check", &Design::check, "What the socket is checked against."},
        OptionalPart{"printer", &Design::printer, "The printer."},
        OptionalPart{"material", &Design::material, "The material."},
        List{"overrides", &Design::overrides, "Findings that a person overrides."},
    };
  }
};

}  // namespace fit
