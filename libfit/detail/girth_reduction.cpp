#include "libfit/detail/girth_reduction.h"

#include <algorithm>
#include <cmath>

#include "libfit/detail/cross_section.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr double kSpacingMm = 4.0;
constexpr int kMostRounds = 12;
constexpr double kHit = 2e-4;     ///< of the girth: rounds end when all are nearer
constexpr double kMissed = 2e-3;  ///< of the girth: said in a finding
constexpr std::size_t kGrain = 8192;

/// A value a height, at an even spacing; between them a Catmull-Rom curve, beyond them the last.
template <class T>
T along(const std::vector<T>& values, double first, double spacing, double height) {
  const int last = static_cast<int>(values.size()) - 1;
  const double place = std::clamp((height - first) / spacing, 0.0, static_cast<double>(last));
  const int k = std::min(static_cast<int>(place), std::max(last - 1, 0));
  const double t = place - k;
  const T &a = values[std::max(k - 1, 0)], &b = values[k], &c = values[std::min(k + 1, last)],
          &d = values[std::min(k + 2, last)];
  return b + 0.5 * t * ((c - a) + t * ((2.0 * a - 5.0 * b + 4.0 * c - d) + t * (3.0 * (b - c) + d - a)));
}

/// The triangles that meet one of the heights, as a surface of its own: the same sections for a fraction of the work.
Mesh met_by(const Mesh& surface, const std::vector<double>& heights, std::vector<int>& kept) {
  Mesh met;
  met.vertices = surface.vertices;
  const auto level = [&](int vertex) {
    return std::upper_bound(heights.begin(), heights.end(), surface.vertices[vertex].z());
  };
  for (const Eigen::Vector3i& t : surface.triangles) {
    const auto at = level(t[0]);
    if (level(t[1]) != at || level(t[2]) != at) met.triangles.push_back(t);
  }
  kept = remove_unused_vertices(met);
  return met;
}

/// Girth and middle (of the convex hull) of the largest outline at each height.
struct Girths {
  std::vector<double> girth_mm;
  std::vector<Eigen::Vector2d> middle;
};

Girths girths_of(const Mesh& surface, const std::vector<double>& heights) {
  const auto sections = cross_sections(surface, heights);
  Girths girths{std::vector<double>(heights.size(), 0.0),
                std::vector<Eigen::Vector2d>(heights.size(), Eigen::Vector2d::Zero())};
  parallel_for(heights.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Outline* skin = largest(sections[i]);
      if (!skin) continue;
      const Outline hull{convex_hull(skin->points)};
      girths.girth_mm[i] = perimeter_mm(hull);
      girths.middle[i] = centroid(hull);
    }
  });
  return girths;
}

/// Takes the unevenness of single sections out of a curve; it keeps straight runs.
template <class T>
void smooth(std::vector<T>& values, int rounds) {
  for (int round = 0; round < rounds; ++round) {
    const std::vector<T> before = values;
    for (std::size_t i = 1; i + 1 < values.size(); ++i)
      values[i] = 0.25 * (before[i - 1] + before[i + 1]) + 0.5 * before[i];
  }
}

}  // namespace

std::vector<GirthMissed> reduce_girths(Mesh& surface, double top_mm, const std::function<double(double)>& percent_at,
                                       const Values& free, const Progress& progress) {
  const double bottom = bounding_box(surface).lowest.z();
  const int count = static_cast<int>((top_mm - bottom - kSpacingMm) / kSpacingMm);
  if (count < 2) return {};
  const double first = bottom + kSpacingMm;
  std::vector<double> heights(count);
  std::vector<double> asked(count);
  for (int i = 0; i < count; ++i) {
    heights[i] = first + i * kSpacingMm;
    asked[i] = percent_at(heights[i]) / 100.0;
  }
  if (std::all_of(asked.begin(), asked.end(), [](double share) { return share == 0.0; })) return {};

  std::vector<int> kept;
  const Mesh before = met_by(surface, heights, kept);
  Girths start = girths_of(before, heights);
  std::vector<Eigen::Vector2d>& middle = start.middle;
  smooth(middle, 4);

  std::vector<double> share = asked;  // by which free skin nears the middle
  const auto moved = [&](const Eigen::Vector3d& vertex, double freedom) {
    const Eigen::Vector2d from_middle = vertex.head<2>() - along(middle, first, kSpacingMm, vertex.z());
    const Eigen::Vector2d step = freedom * along(share, first, kSpacingMm, vertex.z()) * from_middle;
    return Eigen::Vector3d(vertex.x() - step.x(), vertex.y() - step.y(), vertex.z());
  };

  Mesh after = before;
  std::vector<double> reached(count);
  for (int round = 0; round < kMostRounds; ++round) {
    progress(static_cast<double>(round) / kMostRounds);
    parallel_for(before.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) after.vertices[i] = moved(before.vertices[i], free[kept[i]]);
    });
    const Girths now = girths_of(after, heights);
    double worst = 0.0;
    for (int i = 0; i < count; ++i) {
      reached[i] = 1.0 - now.girth_mm[i] / start.girth_mm[i];
      worst = std::max(worst, std::abs(reached[i] - asked[i]));
    }
    if (worst < kHit || round + 1 == kMostRounds) break;
    for (int i = 0; i < count; ++i) {
      const double yields = std::abs(share[i]) > 1e-6 ? std::clamp(reached[i] / share[i], 0.25, 1.0) : 1.0;
      const double most = 3.0 * std::abs(asked[i]) + 0.01;
      share[i] = std::clamp(share[i] + (asked[i] - reached[i]) / yields, -most, most);
    }
  }
  parallel_for(surface.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) surface.vertices[i] = moved(surface.vertices[i], free[i]);
  });

  std::vector<GirthMissed> missed;
  for (int i = 0; i < count; ++i)
    if (std::abs(reached[i] - asked[i]) > kMissed) missed.push_back({heights[i], 100.0 * asked[i], 100.0 * reached[i]});
  return missed;
}

}  // namespace fit::detail
