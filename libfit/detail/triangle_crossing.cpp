#include "libfit/detail/triangle_crossing.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <utility>

#include "libfit/detail/orientation.h"

namespace fit::detail {

namespace {

using Eigen::Vector2d;
using Eigen::Vector3d;
using Eigen::Vector3i;

using Triangle = std::array<Vector3d, 3>;
using FlatTriangle = std::array<Vector2d, 3>;

Vector2d without_axis(const Vector3d& point, int axis) { return {point[(axis + 1) % 3], point[(axis + 2) % 3]}; }

/// The axis along which the triangle is seen best, and not as a line; -1 when it is a line from everywhere.
int view_axis(const Triangle& t) {
  const Vector3d normal = (t[1] - t[0]).cross(t[2] - t[0]).cwiseAbs();
  int best = 0;
  normal.maxCoeff(&best);
  for (int i = 0; i < 3; ++i) {
    const int axis = (best + i) % 3;
    if (orient2d(without_axis(t[0], axis), without_axis(t[1], axis), without_axis(t[2], axis)) != 0) return axis;
  }
  return -1;
}

FlatTriangle flat(const Triangle& t, int axis) {
  return {without_axis(t[0], axis), without_axis(t[1], axis), without_axis(t[2], axis)};
}

/// Whether a side of the first triangle has all of the other strictly beyond it: then they do not meet, in space
/// neither. Of triangles in one plane it tells most, without the long sums of their heights over each other.
bool beyond_a_side(const FlatTriangle& t, const FlatTriangle& other) {
  const int turn = orient2d(t[0], t[1], t[2]);
  for (int k = 0; k < 3; ++k) {
    const auto beyond = [&](const Vector2d& point) { return turn * orient2d(t[k], t[(k + 1) % 3], point) < 0; };
    if (beyond(other[0]) && beyond(other[1]) && beyond(other[2])) return true;
  }
  return false;
}

bool contains(const FlatTriangle& t, const Vector2d& point) {
  const int turn = orient2d(t[0], t[1], t[2]);
  for (int k = 0; k < 3; ++k)
    if (turn * orient2d(t[k], t[(k + 1) % 3], point) < 0) return false;
  return true;
}

/// Whether the segments pq and ab meet; touching counts.
bool segments_meet(const Vector2d& p, const Vector2d& q, const Vector2d& a, const Vector2d& b) {
  const int a_side = orient2d(p, q, a), b_side = orient2d(p, q, b);
  if (a_side * b_side > 0) return false;
  const int p_side = orient2d(a, b, p), q_side = orient2d(a, b, q);
  if (p_side * q_side > 0) return false;
  if (a_side != 0 || b_side != 0 || p_side != 0 || q_side != 0) return true;
  // All on one line: they meet when their extents do.
  for (int axis = 0; axis < 2; ++axis)
    if (std::max(p[axis], q[axis]) < std::min(a[axis], b[axis]) ||
        std::max(a[axis], b[axis]) < std::min(p[axis], q[axis]))
      return false;
  return true;
}

/// Whether a segment in the plane of the triangle meets it.
bool meets_flat(const Triangle& t, const Vector3d& p, const Vector3d& q) {
  const int axis = view_axis(t);
  const FlatTriangle seen = flat(t, axis);
  const Vector2d from = without_axis(p, axis), to = without_axis(q, axis);
  if (contains(seen, from) || contains(seen, to)) return true;
  for (int k = 0; k < 3; ++k)
    if (segments_meet(from, to, seen[k], seen[(k + 1) % 3])) return true;
  return false;
}

/// Whether the segment pq meets the triangle; touching counts. The sides are those of p and q from the triangle's
/// plane.
bool meets(const Triangle& t, const Vector3d& p, const Vector3d& q, int p_side, int q_side) {
  if (p_side * q_side > 0) return false;
  if (p_side == 0 && q_side == 0) return meets_flat(t, p, q);
  int lowest = 1, highest = -1;
  for (int k = 0; k < 3; ++k) {
    const int turn = orient3d(p, q, t[k], t[(k + 1) % 3]);
    lowest = std::min(lowest, turn);
    highest = std::max(highest, turn);
    if (lowest * highest < 0) return false;
  }
  return true;
}

/// Whether a side of `other`, of those from corner `begin` to before `end`, meets the triangle.
bool meets_a_side(const Triangle& t, const Triangle& other, int begin, int end) {
  std::array<int, 3> side;
  for (int k = 0; k < 3; ++k) side[k] = orient3d(t[0], t[1], t[2], other[k]);
  for (int k = begin; k < end; ++k)
    if (meets(t, other[k], other[(k + 1) % 3], side[k], side[(k + 1) % 3])) return true;
  return false;
}

}  // namespace

bool on_a_line(const Vector3d& a, const Vector3d& b, const Vector3d& c) { return view_axis({a, b, c}) < 0; }

bool triangles_cross(const std::vector<Vector3d>& vertices, const Vector3i& first, const Vector3i& second) {
  // Shared corners come first in both, so that what is left are the corners opposite.
  Vector3i a = first, b = second;
  int shared = 0;
  for (int i = 0; i < 3; ++i)
    for (int k = shared; k < 3; ++k) {
      if (a[i] != b[k]) continue;
      std::swap(a[i], a[shared]);
      std::swap(b[k], b[shared]);
      ++shared;
      break;
    }
  if (shared == 3) return true;
  const Triangle t{vertices[a[0]], vertices[a[1]], vertices[a[2]]};
  const Triangle u{vertices[b[0]], vertices[b[1]], vertices[b[2]]};
  if (shared == 2) {
    if (orient3d(t[0], t[1], t[2], u[2]) != 0) return false;
    const int axis = view_axis(t);
    const Vector2d from = without_axis(t[0], axis), to = without_axis(t[1], axis);
    return orient2d(from, to, without_axis(t[2], axis)) == orient2d(from, to, without_axis(u[2], axis));
  }
  if (shared == 1) return meets_a_side(t, u, 1, 2) || meets_a_side(u, t, 1, 2);
  const int axis = view_axis(t);
  if (beyond_a_side(flat(t, axis), flat(u, axis)) || beyond_a_side(flat(u, axis), flat(t, axis))) return false;
  return meets_a_side(t, u, 0, 3) || meets_a_side(u, t, 0, 3);
}

}  // namespace fit::detail
