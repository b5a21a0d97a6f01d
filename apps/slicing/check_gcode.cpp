#include <algorithm>
#include <cmath>

#include "apps/slicing/slice.h"

namespace fit {

namespace {

Finding forbid(const char* code, std::vector<FindingValue> values) {
  return {code, Severity::forbid, std::move(values), std::nullopt};
}

/// How far a box reaches out of another in the plane of the bed.
double beyond_mm(const Box& inner, const Box& outer) {
  const Eigen::Vector3d below = outer.lowest - inner.lowest;
  const Eigen::Vector3d above = inner.highest - outer.highest;
  return std::max({below.x(), below.y(), above.x(), above.y()});
}

/// The greatest height over which the part has no layer, and where it begins.
std::pair<double, double> greatest_gap_mm(const std::vector<double>& layer_tops_mm) {
  std::pair<double, double> greatest{layer_tops_mm.front(), 0.0};
  for (std::size_t i = 1; i < layer_tops_mm.size(); ++i)
    greatest = std::max(greatest, {layer_tops_mm[i] - layer_tops_mm[i - 1], layer_tops_mm[i - 1]});
  return greatest;
}

}  // namespace

Findings check_gcode(const Gcode& gcode, const Solid& part, const Box& bed_mm, const Printer& printer,
                     const SliceParams& params) {
  constexpr double bed_slack_mm = 0.01;
  Findings findings;
  if (const double beyond = beyond_mm(gcode.printed_mm, bed_mm); beyond > bed_slack_mm)
    findings.push_back(forbid("sliced_off_bed", {{"beyond_mm", beyond, ""}, {"printer", 0.0, printer.printer_name}}));
  const double greatest_height_mm = std::min(bed_mm.highest.z(), printer.height_mm);
  if (gcode.printed_mm.highest.z() > greatest_height_mm + bed_slack_mm)
    findings.push_back(forbid("sliced_too_tall", {{"printed_height_mm", gcode.printed_mm.highest.z(), ""},
                                                  {"greatest_height_mm", greatest_height_mm, ""},
                                                  {"printer", 0.0, printer.printer_name}}));

  const Eigen::Vector3d size = bounding_box(part.mesh()).size();
  const auto [gap_mm, below_mm] = greatest_gap_mm(gcode.layer_tops_mm);
  if (gap_mm > 1.75 * printer.layer_mm + 0.1)
    findings.push_back(forbid("sliced_layers_missing", {{"gap_mm", gap_mm, ""}, {"height_mm", below_mm, ""}}));

  // Lines lie half their width inside the part's outline, and a top may end within its last layer.
  const double line_mm = 2.0 * printer.nozzle_mm;
  const Eigen::Vector3d printed = gcode.part_mm.size();
  const double height_mm = gcode.layer_tops_mm.back();
  const double missing_mm = std::max({size.x() - printed.x(), size.y() - printed.y(), size.z() - height_mm});
  const double extra_mm = std::max({printed.x() - size.x(), printed.y() - size.y(), height_mm - size.z()});
  const double slack_mm = line_mm + printer.layer_mm;
  if (missing_mm > slack_mm || extra_mm > slack_mm)
    findings.push_back(forbid("sliced_size_differs", {{"difference_mm", std::max(missing_mm, extra_mm), ""}}));

  const double ratio = gcode.part_volume_mm3 / volume_mm3(part.mesh());
  const bool filled = params.infill_percent >= 100;
  constexpr double least = 0.9;
  constexpr double most = 1.15;
  if (ratio > most || (filled && ratio < least))
    findings.push_back(forbid("sliced_volume_differs", {{"printed_percent", 100 * ratio, ""}}));
  return findings;
}

}  // namespace fit
