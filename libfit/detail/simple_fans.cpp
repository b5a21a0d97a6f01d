#include "libfit/detail/simple_fans.h"

#include <cmath>

#include "libfit/detail/corners.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Corner = Corners::Corner;

/// Around a vertex with more triangles finding the neighbours by comparing all would take too long.
constexpr int kMostCorners = 16;

/// The sign of the normal's component along an axis in two bits, where Shewchuk's filter for orient2d proves it (1997,
/// section 4.3). The summand covers products too small for a double.
unsigned facing_along(int axis, const Eigen::Vector3d& u, const Eigen::Vector3d& v) {
  constexpr double epsilon = 1.0 / (1LL << 53);
  const int next = (axis + 1) % 3, last = (axis + 2) % 3;
  const double left = u[next] * v[last], right = u[last] * v[next];
  const double doubt = (3.0 + 16.0 * epsilon) * epsilon * (std::abs(left) + std::abs(right)) + 1e-300;
  const double component = left - right;
  return static_cast<unsigned>(component > doubt) | static_cast<unsigned>(component < -doubt) << 1;
}

/// Whether every side that leaves the vertex is the only one, and comes back once: the corners are closed rings.
bool closed_rings(const Corner* begin, const Corner* end) {
  for (const Corner* corner = begin; corner != end; ++corner) {
    int leaving = 0, entering = 0;
    for (const Corner* other = begin; other != end; ++other) {
      leaving += other->next == corner->next;
      entering += other->before == corner->next;
    }
    if (leaving != 1 || entering != 1) return false;
  }
  return true;
}

/// How often corners that all turn the same way, seen along an axis, turn past the direction of the axis after it.
int turns(const std::vector<Eigen::Vector3d>& vertices, int vertex, const Corner* begin, const Corner* end, int axis,
          bool clockwise) {
  const int across = (axis + 2) % 3;
  const double here = vertices[vertex][across];
  int count = 0;
  for (const Corner* corner = begin; corner != end; ++corner) {
    const bool next_beyond = vertices[corner->next][across] >= here;
    const bool before_beyond = vertices[corner->before][across] >= here;
    count += clockwise ? next_beyond && !before_beyond : !next_beyond && before_beyond;
  }
  return count;
}

}  // namespace

std::vector<unsigned char> facings(const Mesh& mesh) {
  std::vector<unsigned char> result(mesh.triangles.size());
  parallel_for(result.size(), 8192, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3i& t = mesh.triangles[i];
      const Eigen::Vector3d& a = mesh.vertices[t[0]];
      const Eigen::Vector3d u = mesh.vertices[t[1]] - a, v = mesh.vertices[t[2]] - a;
      unsigned bits = 0;
      for (int axis = 0; axis < 3; ++axis) bits |= facing_along(axis, u, v) << 2 * axis;
      result[i] = static_cast<unsigned char>(bits);
    }
  });
  return result;
}

// Corners that all turn the same way and follow each other in rings fill the directions around the vertex as often as
// they turn past any one of them. Once: no two overlap, seen along the axis; and no triangle is seen as a line.
std::vector<unsigned char> simple_fans(const Mesh& mesh, const std::vector<unsigned char>& facings) {
  const Corners corners(mesh);
  std::vector<unsigned char> common(mesh.vertices.size(), 0x3f);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int k = 0; k < 3; ++k) common[mesh.triangles[i][k]] &= facings[i];
  std::vector<unsigned char> simple(mesh.vertices.size(), 0);
  parallel_for(simple.size(), 8192, [&](std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const Corner* const begin = corners.at.data() + corners.first[i];
      const Corner* const end = corners.at.data() + corners.first[i + 1];
      if (common[i] == 0 || begin == end || end - begin > kMostCorners) continue;
      const int bit = __builtin_ctz(common[i]);
      simple[i] =
          turns(mesh.vertices, static_cast<int>(i), begin, end, bit / 2, bit % 2 == 1) == 1 && closed_rings(begin, end);
    }
  });
  return simple;
}

}  // namespace fit::detail
