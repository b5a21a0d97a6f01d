#include "libfit/detail/smooth_skin.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "libfit/detail/fair_patch.h"

namespace fit::detail {

namespace {

/// Volume between the surface and the centre of its rim: of an open limb, what it holds below a fan over the opening.
double held_mm3(const Mesh& mesh) {
  Eigen::Vector3d origin = Eigen::Vector3d::Zero();
  std::size_t count = 0;
  for (const std::vector<int>& rim : boundary_loops(mesh))
    for (int v : rim) {
      origin += mesh.vertices[v];
      ++count;
    }
  origin /= static_cast<double>(std::max<std::size_t>(count, 1));
  double volume = 0.0;
  for (const Eigen::Vector3i& t : mesh.triangles)
    volume += (mesh.vertices[t[0]] - origin).dot((mesh.vertices[t[1]] - origin).cross(mesh.vertices[t[2]] - origin));
  return volume / 6.0;
}

}  // namespace

Smoothed smooth_skin(Mesh& skin, double wave_mm, double least_noise_mm) {
  Smoothed smoothed;
  Mesh result = skin;
  const std::vector<Hold> holds(skin.vertices.size(), Hold::by_waves_over(wave_mm));
  if (!fair(result.vertices, skin.triangles, holds, Continuity::tangent, false)) return smoothed;
  const std::vector<Eigen::Vector3d> normals = vertex_normals(skin);
  double squares = 0.0;
  for (std::size_t v = 0; v < normals.size(); ++v) {
    const double moved = (result.vertices[v] - skin.vertices[v]).dot(normals[v]);
    squares += moved * moved;
  }
  smoothed.noise_mm = std::sqrt(squares / static_cast<double>(normals.size()));
  if (smoothed.noise_mm < least_noise_mm) return smoothed;
  const double before = held_mm3(skin);
  const double offset_mm = (before - held_mm3(result)) / area_mm2(result);
  const std::vector<Eigen::Vector3d> outward = vertex_normals(result);
  for (std::size_t v = 0; v < outward.size(); ++v) result.vertices[v] += offset_mm * outward[v];
  smoothed.volume_change_percent = 100.0 * (held_mm3(result) / before - 1.0);
  smoothed.applied = true;
  skin = std::move(result);
  return smoothed;
}

}  // namespace fit::detail
