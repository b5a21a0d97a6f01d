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

  redo(&Outputs::scan, [](const Design& d) { return d.scale; },
       [&] { return to_millimetres(scan_, declared_, design.scale); });
  redo(&Outputs::repaired, [](const Design& d) { return d.repair; },
       [&] { return repair(now.scan->mesh, design.repair, progress.part(0.0, 0.25, "cleaning the scan")); });
  redo(&Outputs::located, [](const Design& d) { return std::tuple(d.locate, d.landmarks); }, [&] {
    return locate(*now.repaired, design.landmarks, design.locate, progress.part(0.25, 0.35, "finding the limb"));
  });
  redo(&Outputs::limb, [](const Design& d) { return d.tape_measure; }, [&] { return now.located->limb; });
  redo(&Outputs::rectified, [](const Design& d) { return std::tuple(d.input, d.rectify); }, [&] {
    return design.input == Input::positive
               ? as_given(*now.limb)
               : rectify(*now.limb, design.rectify, progress.part(0.35, 0.45, "shaping the positive"));
  });
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
