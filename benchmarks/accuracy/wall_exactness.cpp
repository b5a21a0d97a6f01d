#include "benchmarks/accuracy/wall_exactness.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"
#include "models/shapes/generate_limb.h"

namespace fit {

namespace {

using Eigen::Vector3d;

constexpr double kBandMm = 15.0;

ErrorSpread spread(std::vector<double> errors) {
  ErrorSpread result;
  result.samples = errors.size();
  if (errors.empty()) return result;
  double squared = 0.0;
  for (double& error : errors) {
    squared += error * error;
    if (std::abs(error) > std::abs(result.worst_mm)) result.worst_mm = error;
    error = std::abs(error);
  }
  result.rms_mm = std::sqrt(squared / static_cast<double>(errors.size()));
  const auto at = errors.begin() + static_cast<std::ptrdiff_t>(0.999 * static_cast<double>(errors.size() - 1));
  std::nth_element(errors.begin(), at, errors.end());
  result.within_mm = *at;
  return result;
}

}  // namespace

WallExactness wall_exactness(const Mesh& socket, const Mesh& positive, const Trimline& trimline,
                             const SolidifyParams& asked) {
  const detail::TrimSurface trim(trimline);
  const detail::WallThickness wall(asked, bounding_box(positive).lowest.z());
  const Mesh closed = detail::extended_and_closed(positive, bounding_box(positive).highest.z() + 50.0).mesh;
  const detail::ClosestPoint to_positive(closed);
  std::vector<double> outer, inner_vertices, inner_centers;
  const auto sample = [&](const Vector3d& point, std::vector<double>& inner) {
    const detail::Jet above = trim.above(point);
    if (above.value > -kBandMm) return false;
    const double distance = to_positive.at(point).signed_mm, wall_mm = wall.at(point, above).value;
    const bool is_inner = distance < wall_mm / 2.0;
    if (is_inner)
      inner.push_back(distance);
    else
      outer.push_back(distance - wall_mm);
    return !is_inner;
  };
  for (const Vector3d& vertex : socket.vertices) sample(vertex, inner_vertices);
  Mesh outside{socket.vertices, {}, {}};
  for (const Eigen::Vector3i& t : socket.triangles) {
    const Vector3d center = (socket.vertices[t[0]] + socket.vertices[t[1]] + socket.vertices[t[2]]) / 3.0;
    if (sample(center, inner_centers)) outside.triangles.push_back(t);
  }
  WallExactness result{spread(std::move(outer)), spread(std::move(inner_vertices)), spread(std::move(inner_centers)),
                       1e300};
  const detail::ClosestPoint to_outside(outside, detail::Sides::left_out);
  for (const Vector3d& vertex : positive.vertices) {
    const detail::Jet above = trim.above(vertex);
    if (above.value > -kBandMm - 2.0 * asked.wall_mm) continue;
    result.thinnest_mm = std::min(result.thinnest_mm, to_outside.at(vertex).signed_mm - wall.at(vertex, above).value);
  }
  return result;
}

WallExactness draw_wall_exactness(int seed, double noise_mm, int limb_triangles, const SolidifyParams& asked) {
  GenerateParams params;
  params.seed = seed;
  params.limb_length_mm = 100.0;
  params.triangles = limb_triangles;
  params.defects.scan_noise_mm = noise_mm;
  const Mesh positive = generate_limb(params).scan;
  const Box box = bounding_box(positive);
  const Trimline trimline{std::vector<double>(36, box.highest.z() - 15.0)};
  const Solidified made = solidify(positive, trimline, {}, asked);
  return wall_exactness(made.socket.mesh(), positive, trimline, asked);
}

}  // namespace fit
