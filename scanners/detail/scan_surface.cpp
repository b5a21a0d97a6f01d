#include "scanners/detail/scan_surface.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scanners/detail/field_surface.h"
#include "scanners/detail/trim_scan.h"

namespace fit {

namespace {

constexpr double fixed_share = 0.3;  // of the noise's variance, the same from frame to frame: more frames do not help
constexpr double much_unseen_percent = 8.0;
constexpr double much_unseen_end_percent = 20.0;  // of the distal end, which carries
constexpr double much_residual_mm = 0.5;

void remove_unused(FieldSurface& surface) {
  Values weight;
  for (const int i : remove_unused_vertices(surface.mesh))
    weight.push_back(surface.weight[static_cast<std::size_t>(i)]);
  surface.weight = std::move(weight);
}

}  // namespace

ScanSurface scan_surface(const FieldGrid& field, const std::vector<KeyView>& views,
                         const std::vector<KeptColor>& colors, const Eigen::Isometry3d& color_from_depth,
                         const ScanSubject& subject, const ScanQuality& quality, const Progress& progress) {
  progress(0.0);
  // What only a few glances of many saw is not to be trusted: a hand that passed, the rim of a shadow.
  FieldSurface found = surface_of(field, std::clamp(0.1 * typical_weight(field), 0.2, 2.0));
  progress(0.4);
  const auto keep = [&] {
    keep_subject(found.mesh, subject, views.front().surface, std::max(3.0, 3.0 * quality.noise_mm));
    remove_unused(found);
  };
  keep();
  cut_open_end(found.mesh, found.weight);
  keep();  // what held to the subject beyond the cut alone
  ScanSurface result;
  result.surface = std::move(found.mesh);
  progress(0.5);
  VertexViews seen = look_up(result.surface, views, colors, color_from_depth);
  result.surface.colors = std::move(seen.colors);
  const double variance = quality.noise_mm * quality.noise_mm;
  for (std::size_t i = 0; i < result.surface.vertices.size(); ++i) {
    const double directions = std::max(1, seen.seen_from[i]);
    const double frames = std::max(0.2, found.weight[i]);
    result.coverage.push_back(std::min(1.0, seen.seen_from[i] / 5.0));
    result.expected_error_mm.push_back(std::sqrt(variance * (fixed_share / directions + (1.0 - fixed_share) / frames) +
                                                 quality.residual_mm * quality.residual_mm));
  }
  result.unseen = unseen_of(result.surface);
  progress(1.0);
  return result;
}

Findings findings_of(const ScanQuality& quality, const Unseen& unseen) {
  Findings findings;
  if (!unseen.where.empty() && (unseen.percent > much_unseen_percent || unseen.end_percent > much_unseen_end_percent))
    findings.push_back(
        {"scan_unseen",
         Severity::warn,
         {{"unseen_percent", unseen.percent, {}}, {"where", 0, unseen.where}, {"advice", 0, unseen.advice}},
         {}});
  if (quality.lost > 0)
    findings.push_back({"scan_lost",
                        quality.lost * 5 > quality.frames ? Severity::warn : Severity::note,
                        {{"lost", double(quality.lost), {}},
                         {"frames", double(quality.frames), {}},
                         {"times", double(quality.losses), {}}},
                        {}});
  if (quality.residual_mm > much_residual_mm)
    findings.push_back({"scan_moved", Severity::warn, {{"residual_mm", quality.residual_mm, {}}}, {}});
  return findings;
}

}  // namespace fit
