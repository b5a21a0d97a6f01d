#include "scanners/detail/scan_surface.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scanners/detail/field_surface.h"

namespace fit {

namespace {

constexpr double crumb_share = 0.05;  // of the largest piece's triangles: what is smaller is no part of a limb
constexpr double fixed_share = 0.3;   // of the noise's variance, the same from frame to frame: more frames do not help
constexpr double much_unseen_percent = 8.0;
constexpr double much_residual_mm = 0.5;

/// Triangles of all pieces that are not crumbs.
void leave_out_crumbs(Mesh& mesh) {
  std::vector<int> root(mesh.vertices.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int i) {
    while (root[static_cast<std::size_t>(i)] != i)
      i = root[static_cast<std::size_t>(i)] = root[static_cast<std::size_t>(root[static_cast<std::size_t>(i)])];
    return i;
  };
  for (const auto& t : mesh.triangles)
    for (int k = 0; k < 2; ++k) {
      const int a = find(t[k]), b = find(t[k + 1]);
      root[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
    }
  std::vector<std::size_t> sizes(mesh.vertices.size(), 0);
  for (const auto& t : mesh.triangles) ++sizes[static_cast<std::size_t>(find(t[0]))];
  const std::size_t largest = sizes.empty() ? 0 : *std::max_element(sizes.begin(), sizes.end());
  std::erase_if(mesh.triangles, [&](const Eigen::Vector3i& t) {
    return static_cast<double>(sizes[static_cast<std::size_t>(find(t[0]))]) <
           crumb_share * static_cast<double>(largest);
  });
}

double median_of(Values values) {
  if (values.empty()) return 0.0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

}  // namespace

ScanSurface scan_surface(const FieldGrid& field, const std::vector<KeyView>& views,
                         const std::vector<KeptColor>& colors, const Eigen::Isometry3d& color_from_depth,
                         const ScanQuality& quality, const Progress& progress) {
  progress(0.0);
  FieldSurface found = surface_of(field, 1e-3);
  // What only a few glances of many saw is not to be trusted: a hand that passed, the rim of a shadow.
  found = surface_of(field, std::clamp(0.1 * median_of(found.weight), 0.2, 2.0));
  progress(0.4);
  leave_out_crumbs(found.mesh);
  ScanSurface result;
  result.surface = std::move(found.mesh);
  const std::vector<int> kept = remove_unused_vertices(result.surface);
  progress(0.5);
  VertexViews seen = look_up(result.surface, views, colors, color_from_depth);
  result.surface.colors = std::move(seen.colors);
  const double variance = quality.noise_mm * quality.noise_mm;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const double directions = std::max(1, seen.seen_from[i]);
    const double frames = std::max(0.2, found.weight[static_cast<std::size_t>(kept[i])]);
    result.coverage.push_back(std::min(1.0, seen.seen_from[i] / 5.0));
    result.expected_error_mm.push_back(std::sqrt(variance * (fixed_share / directions + (1.0 - fixed_share) / frames) +
                                                 quality.residual_mm * quality.residual_mm));
  }
  result.unseen_percent = 100.0 * unseen_share(result.surface, long_axis(result.surface));
  progress(1.0);
  return result;
}

Findings findings_of(const ScanQuality& quality) {
  Findings findings;
  if (quality.unseen_percent > much_unseen_percent)
    findings.push_back({"scan_unseen", Severity::warn, {{"unseen_percent", quality.unseen_percent, {}}}, {}});
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
