#include "libfit/detail/cross_section.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "libfit/parallel.h"

namespace fit::detail {

namespace {

/// The piece of an outline in one triangle, from the edge where the outline enters to the edge where it leaves.
struct Segment {
  std::uint64_t enters;
  std::uint64_t leaves;
  Eigen::Vector2d from;
};

std::uint64_t edge_key(int a, int b) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(std::min(a, b))) << 32) |
         static_cast<std::uint32_t>(std::max(a, b));
}

// Always from the lower index, so that both triangles of an edge find the same bits.
Eigen::Vector2d crossing(const Mesh& surface, int a, int b, double height) {
  const Eigen::Vector3d& low = surface.vertices[std::min(a, b)];
  const Eigen::Vector3d& high = surface.vertices[std::max(a, b)];
  const double t = (height - low.z()) / (high.z() - low.z());
  return low.head<2>() + t * (high.head<2>() - low.head<2>());
}

/// A list of triangles a height, in one array.
struct CrossedTriangles {
  std::vector<std::size_t> begin;
  std::vector<int> triangle;
};

CrossedTriangles crossed_triangles(const Mesh& surface, const std::vector<double>& heights) {
  std::vector<int> level(surface.vertices.size());
  parallel_for(level.size(), 16384, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      level[i] =
          static_cast<int>(std::upper_bound(heights.begin(), heights.end(), surface.vertices[i].z()) - heights.begin());
  });
  const auto levels = [&](const Eigen::Vector3i& t) { return std::minmax({level[t[0]], level[t[1]], level[t[2]]}); };
  CrossedTriangles crossed;
  crossed.begin.assign(heights.size() + 1, 0);
  for (const Eigen::Vector3i& t : surface.triangles) {
    const auto [lowest, highest] = levels(t);
    for (int i = lowest; i < highest; ++i) ++crossed.begin[i + 1];
  }
  for (std::size_t i = 0; i < heights.size(); ++i) crossed.begin[i + 1] += crossed.begin[i];
  crossed.triangle.resize(crossed.begin.back());
  std::vector<std::size_t> at(crossed.begin.begin(), crossed.begin.end() - 1);
  for (std::size_t i = 0; i < surface.triangles.size(); ++i) {
    const auto [lowest, highest] = levels(surface.triangles[i]);
    for (int k = lowest; k < highest; ++k) crossed.triangle[at[k]++] = static_cast<int>(i);
  }
  return crossed;
}

Segment segment_in(const Mesh& surface, const Eigen::Vector3i& t, double height) {
  Segment segment{};
  for (int corner = 0; corner < 3; ++corner) {
    const int a = t[corner];
    const int b = t[(corner + 1) % 3];
    const bool a_above = surface.vertices[a].z() >= height;
    const bool b_above = surface.vertices[b].z() >= height;
    if (a_above && !b_above) {
      segment.enters = edge_key(a, b);
      segment.from = crossing(surface, a, b, height);
    } else if (!a_above && b_above) {
      segment.leaves = edge_key(a, b);
    }
  }
  return segment;
}

/// For each segment the one that goes on where it leaves, or -1. Where several meet in an edge they are paired in
/// order: any pairing closes the outlines.
std::vector<int> followers(const std::vector<Segment>& segments) {
  const int count = static_cast<int>(segments.size());
  std::vector<std::pair<std::uint64_t, int>> enters;
  std::vector<std::pair<std::uint64_t, int>> leaves;
  enters.reserve(segments.size());
  leaves.reserve(segments.size());
  for (int i = 0; i < count; ++i) {
    enters.emplace_back(segments[i].enters, i);
    leaves.emplace_back(segments[i].leaves, i);
  }
  std::sort(enters.begin(), enters.end());
  std::sort(leaves.begin(), leaves.end());
  std::vector<int> next(segments.size(), -1);
  for (int i = 0, k = 0; i < count && k < count;) {
    if (enters[i].first < leaves[k].first) {
      ++i;
    } else if (leaves[k].first < enters[i].first) {
      ++k;
    } else {
      next[leaves[k++].second] = enters[i++].second;
    }
  }
  return next;
}

std::vector<Outline> joined(const std::vector<Segment>& segments, const Mesh& surface, double height) {
  const std::vector<int> next = followers(segments);
  std::vector<char> follows(segments.size(), 0);
  for (int after : next)
    if (after >= 0) follows[after] = 1;
  std::vector<char> used(segments.size(), 0);
  std::vector<Outline> outlines;
  const auto trace = [&](int start, bool closed) {
    Outline outline;
    outline.closed = closed;
    int last = start;
    for (int i = start; i >= 0 && !used[i]; i = next[i]) {
      used[i] = 1;
      outline.points.push_back(segments[i].from);
      last = i;
    }
    if (!closed) {
      const std::uint64_t edge = segments[last].leaves;
      outline.points.push_back(
          crossing(surface, static_cast<int>(edge >> 32), static_cast<int>(edge & 0xffffffffu), height));
    }
    outlines.push_back(std::move(outline));
  };
  for (int i = 0; i < static_cast<int>(segments.size()); ++i)
    if (!follows[i]) trace(i, false);
  for (int i = 0; i < static_cast<int>(segments.size()); ++i)
    if (!used[i]) trace(i, true);
  return outlines;
}

double cross(const Eigen::Vector2d& a, const Eigen::Vector2d& b) { return a.x() * b.y() - a.y() * b.x(); }

}  // namespace

std::vector<std::vector<Outline>> cross_sections(const Mesh& surface, const std::vector<double>& heights_mm) {
  const CrossedTriangles crossed = crossed_triangles(surface, heights_mm);
  std::vector<std::vector<Outline>> sections(heights_mm.size());
  parallel_for(heights_mm.size(), 1, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      std::vector<Segment> segments;
      segments.reserve(crossed.begin[i + 1] - crossed.begin[i]);
      for (std::size_t k = crossed.begin[i]; k < crossed.begin[i + 1]; ++k)
        segments.push_back(segment_in(surface, surface.triangles[crossed.triangle[k]], heights_mm[i]));
      sections[i] = joined(segments, surface, heights_mm[i]);
    }
  });
  return sections;
}

double area_mm2(const Outline& outline) {
  // About a point of the outline: far from the origin digits would be lost.
  double twice = 0.0;
  for (std::size_t i = 2; i < outline.points.size(); ++i)
    twice += cross(outline.points[i - 1] - outline.points[0], outline.points[i] - outline.points[0]);
  return twice / 2.0;
}

Eigen::Vector2d centroid(const Outline& outline) {
  const Eigen::Vector2d& origin = outline.points[0];
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  double twice_area = 0.0;
  for (std::size_t i = 2; i < outline.points.size(); ++i) {
    const Eigen::Vector2d u = outline.points[i - 1] - origin;
    const Eigen::Vector2d v = outline.points[i] - origin;
    sum += cross(u, v) * (u + v) / 3.0;
    twice_area += cross(u, v);
  }
  return twice_area != 0.0 ? Eigen::Vector2d(origin + sum / twice_area) : origin;
}

double perimeter_mm(const Outline& outline) {
  double length =
      outline.closed && !outline.points.empty() ? (outline.points.front() - outline.points.back()).norm() : 0.0;
  for (std::size_t i = 1; i < outline.points.size(); ++i) length += (outline.points[i] - outline.points[i - 1]).norm();
  return length;
}

std::vector<Eigen::Vector2d> convex_hull(std::vector<Eigen::Vector2d> points) {
  std::sort(points.begin(), points.end(), [](const Eigen::Vector2d& a, const Eigen::Vector2d& b) {
    return a.x() != b.x() ? a.x() < b.x() : a.y() < b.y();
  });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() < 3) return points;
  std::vector<Eigen::Vector2d> hull;
  const auto add = [&](const Eigen::Vector2d& point, std::size_t keep) {
    while (hull.size() > keep && cross(hull.back() - hull[hull.size() - 2], point - hull.back()) <= 0.0)
      hull.pop_back();
    hull.push_back(point);
  };
  for (const Eigen::Vector2d& point : points) add(point, 1);
  const std::size_t lower = hull.size();
  for (std::size_t i = points.size() - 1; i-- > 0;) add(points[i], lower);
  hull.pop_back();
  return hull;
}

bool encloses(const Outline& outline, const Eigen::Vector2d& point) {
  bool inside = false;
  const std::vector<Eigen::Vector2d>& p = outline.points;
  for (std::size_t i = 0, k = p.size() - 1; i < p.size(); k = i++) {
    if ((p[i].y() > point.y()) == (p[k].y() > point.y())) continue;
    const double x = p[i].x() + (point.y() - p[i].y()) / (p[k].y() - p[i].y()) * (p[k].x() - p[i].x());
    if (point.x() < x) inside = !inside;
  }
  return inside;
}

namespace {

const Outline* largest_of(const std::vector<Outline>& outlines, bool only_closed) {
  const Outline* best = nullptr;
  double most = 0.0;
  for (const Outline& outline : outlines) {
    if (only_closed && !outline.closed) continue;
    const double area = std::abs(area_mm2(outline));
    if (best && area <= most) continue;
    best = &outline;
    most = area;
  }
  return best;
}

}  // namespace

const Outline* largest(const std::vector<Outline>& outlines) { return largest_of(outlines, false); }

const Outline* largest_closed(const std::vector<Outline>& outlines) { return largest_of(outlines, true); }

}  // namespace fit::detail
