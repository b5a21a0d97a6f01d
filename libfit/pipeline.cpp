#include "libfit/pipeline.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "libfit/error.h"
#include "libfit/print_pose.h"

namespace fit {

namespace {

/// What no default may stand in for: a wrong guess is a wrong leg.
void require_decisions(const Design& design) {
  std::vector<std::string> missing;
  if (!design.locate.side) missing.push_back("side");
  if (!design.locate.level) missing.push_back("level");
  if (design.input == Input::limb && !design.rectify.liner_mm) missing.push_back("liner_mm");
  if (design.input == Input::limb && !design.rectify.scanned_over) missing.push_back("scanned_over");
  if (!missing.empty())
    throw Error(ErrorKind::bad_params,
                fmt::format("No socket is made without {}: say {}, nothing can stand in for a decision about a person.",
                            fmt::join(missing, ", "), missing.size() == 1 ? "it" : "them"));
}

/// A positive that is given is not shaped again.
Rectified as_given(const Limb& positive) {
  Rectified given;
  given.positive = positive.surface;
  given.change_mm.assign(positive.surface.vertices.size(), 0.0);
  return given;
}

/// Where the template thickens the wall, on this limb.
SolidifyParams with_template_walls(SolidifyParams params, const Rectified& rectified) {
  for (const PlacedRegion& region : rectified.regions)
    if (region.wall_mm)
      params.wall_regions.push_back({region.name, region.center_mm, region.reach_mm, *region.wall_mm});
  return params;
}

/// At the same heights, up to where both are whole all round.
Stations measured(const Limb& limb, const Mesh& positive, const MeasureParams& params, const Progress& progress) {
  Stations stations;
  stations.limb = measure(limb.surface, params, progress.part(0.0, 0.5));
  std::vector<double> heights_mm;
  for (const Slice& slice : stations.limb) heights_mm.push_back(slice.height_mm);
  stations.positive = measure_at(positive, heights_mm, progress.part(0.5, 1.0));
  return stations;
}

void add(Findings& all, const Findings& some) { all.insert(all.end(), some.begin(), some.end()); }

}  // namespace

Pipeline::Pipeline(Mesh scan, std::optional<Unit> declared) : scan_(std::move(scan)), declared_(declared) {}

void Pipeline::update(const Design& design, const Progress& progress) {
  validate(design);
  require_decisions(design);
  const Outputs before = std::exchange(outputs_, {});
  const Design made_with = std::exchange(made_with_, design);
  Outputs& now = outputs_;

  // Keeps a stage's result when neither the params it looks at nor a stage before it changed; else makes it again.
  bool changed = false;
  const auto redo = [&]<class Result>(std::shared_ptr<const Result> Outputs::*stage, auto params, auto make) {
    if (!changed && before.*stage && params(made_with) == params(design)) {
      now.*stage = before.*stage;
    } else {
      changed = true;
      now.*stage = std::make_shared<const Result>(make());
    }
  };

  redo(
      &Outputs::scan, [](const Design& d) { return d.scale; },
      [&] { return to_millimetres(scan_, declared_, design.scale); });
  redo(
      &Outputs::repaired, [](const Design& d) { return d.repair; },
      [&] { return repair(now.scan->mesh, design.repair, progress.part(0.0, 0.25, "cleaning the scan")); });
  redo(
      &Outputs::located, [](const Design& d) { return std::tuple(d.locate, d.landmarks); },
      [&] {
        return locate(*now.repaired, design.landmarks, design.locate, progress.part(0.25, 0.35, "finding the limb"));
      });
  redo(
      &Outputs::limb, [](const Design& d) { return d.tape_measure; }, [&] { return now.located->limb; });
  redo(
      &Outputs::rectified, [](const Design& d) { return std::tuple(d.input, d.rectify); },
      [&] {
        return design.input == Input::positive
                   ? as_given(*now.limb)
                   : rectify(*now.limb, design.rectify, progress.part(0.35, 0.5, "shaping the positive"));
      });
  redo(
      &Outputs::stations, [](const Design& d) { return d.stations; },
      [&] {
        return measured(*now.limb, now.rectified->positive, design.stations, progress.part(0.5, 0.52, "measuring"));
      });
  redo(
      &Outputs::trimmed, [](const Design& d) { return std::tuple(d.trim, d.rectify.rectification); },
      [&] {
        return trim(now.rectified->positive, *now.limb, design.rectify.rectification, design.trim,
                    progress.part(0.52, 0.54, "placing the trimline"));
      });
  redo(
      &Outputs::attached, [](const Design& d) { return std::tuple(d.locate.side, d.attach); },
      [&] {
        return attach(now.rectified->positive, *design.locate.side, design.attach,
                      progress.part(0.54, 0.56, "placing the block"));
      });
  redo(
      &Outputs::solidified, [](const Design& d) { return d.solidify; },
      [&] {
        return solidify(now.rectified->positive, now.trimmed->trimline, now.attached->hardware,
                        with_template_walls(design.solidify, *now.rectified),
                        progress.part(0.56, 0.75, "making the socket"));
      });
  redo(
      &Outputs::draping_model, [](const Design& d) { return d.drape; },
      [&] {
        return draping_model(now.rectified->positive, design.drape,
                             progress.part(0.75, 0.85, "making the draping model"));
      });

  add(now.findings, now.scan->findings);
  add(now.findings, now.repaired->findings);
  add(now.findings, now.located->findings);
  add(now.findings, now.rectified->findings);
  add(now.findings, now.trimmed->findings);
  add(now.findings, now.attached->findings);
  add(now.findings, now.solidified->findings);
  now.print_from_limb =
      print_from_limb(now.solidified->socket.mesh(), now.attached->hardware.limb_from_block.linear().col(2));
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
