#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "libfit/aop.h"
#include "libfit/attach.h"
#include "libfit/check_print.h"
#include "libfit/draping_model.h"
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
template <>
struct EnumNames<Input> {
  static constexpr std::array<std::string_view, 2> names{"limb", "positive"};
};

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
  AopGrid aop_grid;
  RepairParams repair;
  LocateParams locate;
  Landmarks landmarks;  ///< placed by a person, in the scan's frame
  TapeParams tape_measure;
  RectifyParams rectify;
  TrimParams trim;
  AttachParams attach;
  SolidifyParams solidify;
  DrapeParams drape;
  CheckParams check;
  MeasureParams stations;
  std::optional<Printer> printer;
  std::optional<Material> material;
  std::vector<Override> overrides;

  bool operator==(const Design&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Choice{"input", &Design::input, "What the scan is of: a limb, or a positive that is already rectified."},
        Part{"scale", &Design::scale, "Units of the scan."},
        Part{"aop_grid", &Design::aop_grid, "How the angles of an .aop file count."},
        Part{"repair", &Design::repair, "Cleaning of the scan."},
        Part{"locate", &Design::locate, "Side, level and axis of the limb."},
        Table{"landmarks", &Design::landmarks, "Landmarks that a person placed or confirmed, in the scan's frame."},
        Part{"tape_measure", &Design::tape_measure, "Girths by hand."},
        Part{"rectify", &Design::rectify, "From limb to positive."},
        Part{"trim", &Design::trim, "The trimline."},
        Part{"attach", &Design::attach, "The distal block."},
        Part{"solidify", &Design::solidify, "From positive to socket."},
        Part{"drape", &Design::drape, "From positive to draping model."},
        Part{"check", &Design::check, "What the socket is checked against."},
        Part{"stations", &Design::stations, "Where limb and positive are measured."},
        OptionalPart{"printer", &Design::printer, "The printer."},
        OptionalPart{"material", &Design::material, "The material."},
        List{"overrides", &Design::overrides, "Findings that a person overrides."},
    };
  }
};

/// Limb and positive measured at the same heights above the distal end of the limb.
struct Stations {
  std::vector<Slice> limb;
  std::vector<Slice> positive;
  double over_liner_mm3 = 0.0;  ///< of the limb under liner and socks, unshaped, up to the last of them
};

/// All that is computed from a design and a scan. What a member points to is never changed once it is made, so a copy
/// of Outputs is cheap and stays true. A stage that was not reached is empty.
struct Outputs {
  std::shared_ptr<const InMillimetres> scan;
  std::shared_ptr<const Repaired> repaired;  ///< in the scan's frame
  std::shared_ptr<const Located> located;    ///< as scanned, before the tape
  std::shared_ptr<const ScaledToTape> scaled;
  std::shared_ptr<const Limb> limb;  ///< scaled to the tape: all that follows is made of it
  std::shared_ptr<const Rectified> rectified;
  std::shared_ptr<const Trimmed> trimmed;
  std::shared_ptr<const Attached> attached;
  std::shared_ptr<const Solidified> solidified;
  std::shared_ptr<const DrapingModel> draping_model;
  std::shared_ptr<const Checked> checked;
  std::shared_ptr<const Stations> stations;
  Eigen::Isometry3d print_from_limb = Eigen::Isometry3d::Identity();  ///< of the socket
  Findings findings;                                                  ///< of all stages, in their order
};

/// The findings that forbid printing and are not overridden in `design`.
Findings forbidding(const Design& design, const Findings& findings);

/// The stages in their order; the last makes the draping model and the checks as well.
enum class Stage { scan, repaired, located, scaled, rectified, trimmed, attached, solidified, checked };

/// The decisions that a design lacks for what is made up to `last`, as names of its fields: nothing may stand in for
/// them, a wrong guess is a wrong leg.
std::vector<std::string> missing_decisions(const Design& design, Stage last = Stage::checked);

/// Takes a scan to a checked socket: the whole product. Command line, desktop app, batch mode and benchmarks all call
/// `update`; a stage runs again only when its params or a stage before it changed.
class Pipeline {
 public:
  /// `declared` is the unit that the scan's file states, if it does.
  /// `printers` are those that are proposed where none was named.
  explicit Pipeline(Mesh scan, std::optional<Unit> declared = std::nullopt, std::vector<Printer> printers = {});

  /// Brings the outputs up to `design`, up to the stage `last`; those behind it are emptied. A finding that forbids
  /// printing does not stop it: what can be made is made. Throws Error::bad_params (a value out of range; side, level,
  /// liner_mm or scanned_over missing: one sentence names all), what the stages throw, Cancelled. After a throw the
  /// stages before the failed one keep their outputs.
  void update(const Design& design, const Progress& progress = {}, Stage last = Stage::checked);

  const Outputs& outputs() const { return outputs_; }

 private:
  Mesh scan_;
  std::optional<Unit> declared_;
  std::vector<Printer> printers_;
  Design made_with_;
  Outputs outputs_;
};

}  // namespace fit
