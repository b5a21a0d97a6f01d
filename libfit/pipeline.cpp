#include "libfit/pipeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "libfit/error.h"
#include "libfit/parallel.h"
#include "libfit/print_pose.h"

namespace fit {

namespace {

void require_decisions(const Design& design, Stage last) {
  const std::vector<std::string> missing = missing_decisions(design, last);
  if (!missing.empty())
    throw Error(ErrorKind::bad_params,
                fmt::format("No socket is made without {}: say {}, nothing can stand in for a decision about a person.",
                            fmt::join(missing, ", "), missing.size() == 1 ? "it" : "them"));
}

/// With the walls of the template's regions on this limb, and on every socket the letter of its side.
SolidifyParams with_template_walls(const Design& design, const Rectified& rectified) {
  SolidifyParams params = design.solidify;
  if (params.identifier.identifier_side.empty())
    params.identifier.identifier_side = *design.locate.side == Side::right ? "R" : "L";
  for (const PlacedRegion& region : rectified.regions)
    if (region.wall_mm)
      params.wall_regions.push_back({region.name, region.center_mm, region.reach_mm, *region.wall_mm});
  return params;
}

/// Height of the lowest place of the opening: above it a section is not whole.
double opening_mm(const Mesh& surface) {
  double lowest_mm = bounding_box(surface).highest.z();
  for (const std::vector<int>& loop : boundary_loops(surface))
    for (int vertex : loop) lowest_mm = std::min(lowest_mm, surface.vertices[vertex].z());
  return lowest_mm;
}

/// At the same heights, up to where all are whole all round.
Stations measured(const Limb& limb, const Rectified& rectified, const MeasureParams& params, const Progress& progress) {
  const Mesh& positive = rectified.positive;
  const Mesh over_liner{rectified.over_liner, positive.triangles};
  const double top_mm = std::min({opening_mm(limb.surface), opening_mm(over_liner), opening_mm(positive)});
  std::vector<double> heights_mm;
  for (int i = 1; i * params.station_spacing_mm < top_mm; ++i) heights_mm.push_back(i * params.station_spacing_mm);
  Stations stations;
  stations.limb = measure_at(limb.surface, heights_mm, progress.part(0.0, 0.5));
  stations.positive = measure_at(positive, heights_mm, progress.part(0.5, 1.0));
  if (!heights_mm.empty()) stations.over_liner_mm3 = measure_at(over_liner, {heights_mm.back()})[0].volume_mm3;
  return stations;
}

/// Of a stage that was reached.
template <class Result>
void add(Findings& all, const std::shared_ptr<const Result>& stage) {
  if (stage) all.insert(all.end(), stage->findings.begin(), stage->findings.end());
}

/// A scan that its unit makes far too small or large for a limb, where another unit would not, is refused here: all
/// that follows would blame the scan.
InMillimetres as_large_as_a_limb(InMillimetres scan) {
  const double length_mm = bounding_box(scan.mesh).size().maxCoeff();
  for (const Finding& finding : scan.findings)
    if (finding.code == "units_doubtful" && finding.values.back().word != "no unit" &&
        (length_mm < 40.0 || length_mm > 4000.0))
      throw Error(ErrorKind::bad_input, sentence(finding) + " " + remedy(finding));
  return scan;
}

}  // namespace

std::vector<std::string> missing_decisions(const Design& design, Stage last) {
  std::vector<std::string> missing;
  if (last >= Stage::located && !design.locate.side) missing.push_back("side");
  if (last >= Stage::located && !design.locate.level) missing.push_back("level");
  const bool shaped = last >= Stage::rectified && design.input == Input::limb;
  if (shaped && !design.rectify.liner_mm) missing.push_back("liner_mm");
  if (shaped && !design.rectify.scanned_over) missing.push_back("scanned_over");
  return missing;
}

Pipeline::Pipeline(Mesh scan, std::optional<Unit> declared, std::vector<Printer> printers)
    : scan_(std::move(scan)), declared_(declared), printers_(std::move(printers)) {}

void Pipeline::update(const Design& design, const Progress& progress, Stage last) {
  validate(design);
  require_decisions(design, last);
  const Outputs before = std::exchange(outputs_, {});
  const Design made_with = std::exchange(made_with_, design);
  Outputs& now = outputs_;

  // Keeps a stage's result when neither the params it looks at nor a stage before it changed; else makes it again.
  const auto redo_after = [&]<class Result>(bool& changed, Stage at, std::shared_ptr<const Result> Outputs::*stage,
                                            auto params, auto make) {
    if (at > last) return;
    if (!changed && before.*stage && params(made_with) == params(design)) {
      now.*stage = before.*stage;
    } else {
      changed = true;
      now.*stage = std::make_shared<const Result>(make());
    }
  };
  bool changed = false;
  const auto redo = [&](Stage at, auto stage, auto params, auto make) { redo_after(changed, at, stage, params, make); };

  redo(
      Stage::scan, &Outputs::scan, [](const Design& d) { return d.scale; },
      [&] { return as_large_as_a_limb(to_millimetres(scan_, declared_, design.scale)); });
  redo(
      Stage::repaired, &Outputs::repaired, [](const Design& d) { return d.repair; },
      [&] { return repair(now.scan->mesh, design.repair, progress.part(0.0, 0.25, "cleaning the scan")); });
  redo(
      Stage::located, &Outputs::located, [](const Design& d) { return std::tuple(d.locate, d.landmarks); },
      [&] {
        return locate(*now.repaired, design.landmarks, design.locate, progress.part(0.25, 0.35, "finding the limb"));
      });
  redo(
      Stage::scaled, &Outputs::scaled,
      [](const Design& d) { return std::tuple(d.tape_measure, d.rectify.scanned_over, d.rectify.liner_mm); },
      [&] {
        return scale_to_tape(now.located->limb, design.tape_measure,
                             design.rectify.scanned_over.value_or(ScannedOver::skin),
                             design.rectify.liner_mm.value_or(0.0), progress.part(0.35, 0.37, "scaling to the tape"));
      });
  if (now.scaled) now.limb = {now.scaled, &now.scaled->limb};
  redo(
      Stage::rectified, &Outputs::rectified, [](const Design& d) { return std::tuple(d.input, d.rectify); },
      [&] {
        const Progress shaping = progress.part(0.35, 0.5, "shaping the positive");
        return design.input == Input::positive ? as_given(*now.limb, shaping)
                                               : rectify(*now.limb, design.rectify, shaping);
      });
  redo(
      Stage::checked, &Outputs::stations, [](const Design& d) { return d.stations; },
      [&] { return measured(*now.limb, *now.rectified, design.stations, progress.part(0.5, 0.52, "measuring")); });
  redo(
      Stage::trimmed, &Outputs::trimmed, [](const Design& d) { return std::tuple(d.trim, d.rectify.rectification); },
      [&] {
        return trim(now.rectified->positive, *now.limb, design.rectify.rectification, design.trim,
                    progress.part(0.52, 0.54, "placing the trimline"));
      });
  redo(
      Stage::attached, &Outputs::attached, [](const Design& d) { return std::tuple(d.locate.side, d.attach); },
      [&] {
        return attach(now.rectified->positive, *design.locate.side, design.attach,
                      progress.part(0.54, 0.56, "placing the block"));
      });
  redo(
      Stage::solidified, &Outputs::solidified, [](const Design& d) { return d.solidify; },
      [&] {
        return solidify(now.rectified->positive, now.trimmed->trimline, now.attached->hardware,
                        with_template_walls(design, *now.rectified), progress.part(0.56, 0.75, "making the socket"));
      });
  // These two hang on nothing of each other.
  bool positive_changed = changed;
  parallel_both(
      [&] {
        redo(
            Stage::checked, &Outputs::checked,
            [](const Design& d) { return std::tuple(d.check, d.printer, d.material); },
            [&] {
              return check_print(
                  {*now.limb, *now.rectified, now.trimmed->trimline, now.attached->hardware, now.solidified->socket},
                  with_template_walls(design, *now.rectified), {design.printer, printers_, design.material},
                  design.check, progress.part(0.75, 1.0, "checking the socket"));
            });
      },
      [&] {
        redo_after(
            positive_changed, Stage::checked, &Outputs::draping_model, [](const Design& d) { return d.drape; },
            [&] { return draping_model(now.rectified->positive, design.drape); });
      });

  add(now.findings, now.scan);
  add(now.findings, now.repaired);
  add(now.findings, now.located);
  add(now.findings, now.scaled);
  add(now.findings, now.rectified);
  add(now.findings, now.trimmed);
  add(now.findings, now.attached);
  add(now.findings, now.solidified);
  add(now.findings, now.checked);
  if (!now.solidified) return;
  now.print_from_limb =
      print_from_limb(now.solidified->socket.mesh(), now.attached->hardware.limb_from_block.linear().col(2),
                      now.checked ? now.checked->print_turn_deg : 0.0);
}

Findings forbidding(const Design& design, const Findings& findings) {
  Findings left;
  for (const Finding& finding : findings) {
    if (finding.severity != Severity::forbid) continue;
    const bool overridden = can_be_overridden(finding.code) &&
                            std::any_of(design.overrides.begin(), design.overrides.end(), [&](const Override& o) {
                              return o.finding == finding.code && !o.reason.empty();
                            });
    if (!overridden) left.push_back(finding);
  }
  return left;
}

}  // namespace fit
