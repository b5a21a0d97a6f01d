#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>
#include <vector>

#include "libfit/detail/print_checks.h"
#include "libfit/detail/trim_surface.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

constexpr double kSharp = 50.0;  // degrees that the surface may turn at one edge
constexpr double kSliver = 0.3;  // mm: no nozzle draws a narrower triangle and no finger feels it

struct Side {
  int low, high;  ///< vertices
  int triangle;
  bool operator<(const Side& other) const {
    return std::tie(low, high, triangle) < std::tie(other.low, other.high, other.triangle);
  }
};

/// The unit normal; zero for a triangle narrower than kSliver.
Vector3d normal_of(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[triangle];
  const Vector3d a = mesh.vertices[t[0]], b = mesh.vertices[t[1]], c = mesh.vertices[t[2]];
  const Vector3d normal = (b - a).cross(c - a);
  const double longest = std::sqrt(std::max({(b - a).squaredNorm(), (c - b).squaredNorm(), (a - c).squaredNorm()}));
  return normal.norm() > kSliver * longest ? Vector3d(normal.normalized()) : Vector3d(Vector3d::Zero());
}

Vector3d middle_of(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[triangle];
  return (mesh.vertices[t[0]] + mesh.vertices[t[1]] + mesh.vertices[t[2]]) / 3.0;
}

}  // namespace

Findings check_rim(const SocketCase& made, const SolidifyParams& asked) {
  const Mesh& socket = made.socket.mesh();
  const TrimSurface trim(made.trimline);
  const double band = asked.trimline_wall_mm;
  std::vector<char> in_band(socket.vertices.size());
  for (std::size_t i = 0; i < in_band.size(); ++i)
    in_band[i] = socket.vertices[i].z() > trim.lowest_mm() - 3.0 * band && trim.above(socket.vertices[i]).value > -band;
  std::vector<Side> sides;
  for (std::size_t i = 0; i < socket.triangles.size(); ++i) {
    const Eigen::Vector3i& t = socket.triangles[i];
    if (!in_band[t[0]] || !in_band[t[1]] || !in_band[t[2]]) continue;
    for (int k = 0; k < 3; ++k)
      sides.push_back({std::min(t[k], t[(k + 1) % 3]), std::max(t[k], t[(k + 1) % 3]), static_cast<int>(i)});
  }
  std::sort(sides.begin(), sides.end());

  double flattest = 1.0;  // cosine of the sharpest turn
  Vector3d place = Vector3d::Zero();
  for (std::size_t i = 0; i + 1 < sides.size(); ++i) {
    if (sides[i].low != sides[i + 1].low || sides[i].high != sides[i + 1].high) continue;
    const Vector3d a = normal_of(socket, sides[i].triangle), b = normal_of(socket, sides[i + 1].triangle);
    const bool hollow = a.dot(middle_of(socket, sides[i + 1].triangle) - middle_of(socket, sides[i].triangle)) > 0.0;
    if (hollow || a.isZero() || b.isZero() || a.dot(b) >= flattest) continue;
    flattest = a.dot(b);
    place = 0.5 * (socket.vertices[sides[i].low] + socket.vertices[sides[i].high]);
  }
  const double turn = std::acos(std::clamp(flattest, -1.0, 1.0)) * 180.0 / std::numbers::pi;
  if (turn <= kSharp) return {};
  return {{"rim_sharp", Severity::warn, {{"turn_deg", turn, ""}}, place}};
}

}  // namespace fit::detail
