#include "libfit/detail/cap_loops.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector2d;
using Loop = std::vector<int>;

double twice_area(const Vector2d& a, const Vector2d& b, const Vector2d& c) {
  return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

class Cap {
 public:
  explicit Cap(const std::vector<Vector2d>& points) : points_(points) {}

  double area_of(const Loop& loop) const {
    double twice = 0.0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const Vector2d &a = at(loop[i]), &b = at(loop[(i + 1) % loop.size()]);
      twice += a.x() * b.y() - a.y() * b.x();
    }
    return twice / 2.0;
  }

  bool inside(const Vector2d& point, const Loop& loop) const {
    bool in = false;
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const Vector2d &a = at(loop[i]), &b = at(loop[(i + 1) % loop.size()]);
      if ((a.y() > point.y()) != (b.y() > point.y()) &&
          point.x() < a.x() + (point.y() - a.y()) / (b.y() - a.y()) * (b.x() - a.x()))
        in = !in;
    }
    return in;
  }

  /// The corner of a hole that is farthest to the right.
  std::size_t rightmost(const Loop& hole) const {
    return static_cast<std::size_t>(
        std::max_element(hole.begin(), hole.end(), [&](int a, int b) { return at(a).x() < at(b).x(); }) - hole.begin());
  }

  /// The loop with a hole taken in: there and back along a bridge to a corner that the hole's rightmost one sees.
  void take_in(Loop& loop, const Loop& hole) const {
    const std::size_t from = rightmost(hole);
    const std::size_t to = seen_from(at(hole[from]), loop);
    Loop bridge;
    for (std::size_t k = 0; k <= hole.size(); ++k) bridge.push_back(hole[(from + k) % hole.size()]);
    bridge.push_back(loop[to]);
    loop.insert(loop.begin() + static_cast<std::ptrdiff_t>(to) + 1, bridge.begin(), bridge.end());
  }

  void clip_ears(Loop loop, std::vector<Eigen::Vector3i>& triangles) const {
    std::size_t i = 0, tried = 0;
    while (loop.size() > 3) {
      const std::size_t n = loop.size(), before = (i + n - 1) % n, after = (i + 1) % n;
      if (is_ear(loop, before, i, after, tried > n)) {
        triangles.emplace_back(loop[before], loop[i], loop[after]);
        loop.erase(loop.begin() + static_cast<std::ptrdiff_t>(i));
        // Past the next corner, so that fans do not grow from one.
        i = (i + 1) % loop.size();
        tried = 0;
      } else {
        i = after;
        if (++tried > 2 * n) throw Error(ErrorKind::no_solution, "A section of the part crosses itself.");
      }
    }
    triangles.emplace_back(loop[0], loop[1], loop[2]);
  }

 private:
  const Vector2d& at(int corner) const { return points_[static_cast<std::size_t>(corner)]; }

  /// Eberly's rule: along the ray to the right, the nearest edge; of its ends the right one, unless a corner of the
  /// loop stands between, then that with the least angle to the ray.
  std::size_t seen_from(const Vector2d& eye, const Loop& loop) const {
    double nearest = std::numeric_limits<double>::infinity();
    std::size_t edge = loop.size();
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const Vector2d &a = at(loop[i]), &b = at(loop[(i + 1) % loop.size()]);
      // Counter-clockwise, so that the edges that look at the eye go up.
      if (!(a.y() <= eye.y() && b.y() > eye.y())) continue;
      const double x = a.x() + (eye.y() - a.y()) / (b.y() - a.y()) * (b.x() - a.x());
      if (x >= eye.x() && x < nearest) nearest = x, edge = i;
    }
    if (edge == loop.size()) throw Error(ErrorKind::no_solution, "A section of the part has a hole outside it.");
    const std::size_t next = (edge + 1) % loop.size();
    const std::size_t candidate = at(loop[edge]).x() > at(loop[next]).x() ? edge : next;
    const Vector2d hit(nearest, eye.y()), &corner = at(loop[candidate]);
    std::size_t best = candidate;
    double best_slope = std::abs(corner.y() - eye.y()) / std::max(1e-300, corner.x() - eye.x());
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const Vector2d& p = at(loop[i]);
      if (p == corner || p.x() < eye.x() || !in_triangle(p, eye, hit, corner)) continue;
      const double slope = std::abs(p.y() - eye.y()) / std::max(1e-300, p.x() - eye.x());
      if (slope < best_slope && opens_to(loop, i, eye)) best_slope = slope, best = i;
    }
    return best;
  }

  /// A corner may stand in a loop twice, after a bridge: the one whose inside holds the way to the eye is meant.
  bool opens_to(const Loop& loop, std::size_t i, const Vector2d& eye) const {
    const Vector2d &before = at(loop[(i + loop.size() - 1) % loop.size()]), &p = at(loop[i]),
                   &after = at(loop[(i + 1) % loop.size()]);
    if (twice_area(before, p, after) > 0.0)
      return twice_area(p, after, eye) >= 0.0 && twice_area(before, p, eye) >= 0.0;
    return twice_area(p, after, eye) >= 0.0 || twice_area(before, p, eye) >= 0.0;
  }

  static bool in_triangle(const Vector2d& p, const Vector2d& a, const Vector2d& b, const Vector2d& c) {
    const double u = twice_area(a, b, p), v = twice_area(b, c, p), w = twice_area(c, a, p);
    return (u >= 0.0 && v >= 0.0 && w >= 0.0) || (u <= 0.0 && v <= 0.0 && w <= 0.0);
  }

  /// `flat_too`: where nothing else is left, also a corner without area.
  bool is_ear(const Loop& loop, std::size_t before, std::size_t i, std::size_t after, bool flat_too) const {
    const Vector2d &a = at(loop[before]), &b = at(loop[i]), &c = at(loop[after]);
    const double area = twice_area(a, b, c);
    if (area < 0.0 || (area == 0.0 && !flat_too)) return false;
    const Vector2d low = a.cwiseMin(b).cwiseMin(c), high = a.cwiseMax(b).cwiseMax(c);
    for (int corner : loop) {
      const Vector2d& p = at(corner);
      if ((p.array() < low.array()).any() || (p.array() > high.array()).any()) continue;
      if (corner == loop[before] || corner == loop[i] || corner == loop[after]) continue;
      if (in_triangle(p, a, b, c)) return false;
    }
    return true;
  }

  const std::vector<Vector2d>& points_;
};

}  // namespace

std::vector<Eigen::Vector3i> cap_loops(const std::vector<Vector2d>& points_mm, const std::vector<Loop>& loops) {
  const Cap cap(points_mm);
  struct Outer {
    Loop loop;
    double area;
    std::vector<const Loop*> holes;
  };
  std::vector<Outer> outers;
  for (const Loop& loop : loops)
    if (const double area = cap.area_of(loop); area > 0.0) outers.push_back({loop, area, {}});
  for (const Loop& hole : loops) {
    if (cap.area_of(hole) > 0.0) continue;
    Outer* around = nullptr;
    for (Outer& outer : outers)
      if (cap.inside(points_mm[static_cast<std::size_t>(hole[0])], outer.loop) &&
          (!around || outer.area < around->area))
        around = &outer;
    if (!around) throw Error(ErrorKind::no_solution, "A section of the part has a hole outside it.");
    around->holes.push_back(&hole);
  }
  std::vector<Eigen::Vector3i> triangles;
  for (Outer& outer : outers) {
    const auto reach = [&](const Loop* hole) {
      return points_mm[static_cast<std::size_t>((*hole)[cap.rightmost(*hole)])].x();
    };
    std::stable_sort(outer.holes.begin(), outer.holes.end(),
                     [&](const Loop* a, const Loop* b) { return reach(a) > reach(b); });
    for (const Loop* hole : outer.holes) cap.take_in(outer.loop, *hole);
    cap.clip_ears(std::move(outer.loop), triangles);
  }
  return triangles;
}

}  // namespace fit::detail
