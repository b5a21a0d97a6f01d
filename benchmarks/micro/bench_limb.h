#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "libfit/mesh.h"

namespace fit {

/// A closed limb 280 mm long with a crest, bumps, a scar groove 7 mm deep and 0.02 mm of noise, of about `triangles`
/// triangles of about one size: what the engine is timed on.
inline Mesh bench_limb(int triangles) {
  const double pi = std::numbers::pi, length = 280.0, widest = 55.0;
  const int rings = static_cast<int>(std::sqrt(triangles / 2.0 * length / (2.0 * pi * 45.0)));
  const int spokes = triangles / 2 / rings;
  std::uint32_t state = 1;
  const auto noise = [&] {
    state = state * 1664525u + 1013904223u;
    return 0.02 * (state / 2147483648.0 - 1.0);
  };
  const auto point = [&](double along, double angle) {
    const double z = length * along;
    const double cap = std::min(z, length - z) / widest;
    const double profile = cap < 1.0 ? std::sqrt(cap * (2.0 - cap)) : 1.0;
    double radius = widest * profile * (0.72 + 0.28 * along);
    radius += 4.0 * profile * std::exp(-std::pow(std::remainder(angle - pi / 2, 2 * pi) / 0.25, 2.0));
    radius += 2.0 * profile * std::sin(z / 13.0) * std::cos(3.0 * angle);
    radius -= 7.0 * profile * std::exp(-std::pow((z - 70.0 - 10.0 * std::sin(angle)) / 2.5, 2.0));
    radius += noise();
    return Eigen::Vector3d(radius * std::cos(angle), radius * std::sin(angle), z);
  };
  Mesh mesh;
  mesh.vertices.push_back({0, 0, 0});
  for (int ring = 1; ring < rings; ++ring) {
    const double even = static_cast<double>(ring) / rings;
    const double along = even - std::sin(2.0 * pi * even) / (4.0 * pi);  // closer rings where the ends curve
    for (int spoke = 0; spoke < spokes; ++spoke) mesh.vertices.push_back(point(along, 2.0 * pi * spoke / spokes));
  }
  mesh.vertices.push_back({0, 0, length});
  const int top = static_cast<int>(mesh.vertices.size()) - 1;
  const auto at = [&](int ring, int spoke) { return 1 + (ring - 1) * spokes + spoke % spokes; };
  for (int spoke = 0; spoke < spokes; ++spoke) {
    mesh.triangles.push_back({0, at(1, spoke + 1), at(1, spoke)});
    mesh.triangles.push_back({top, at(rings - 1, spoke), at(rings - 1, spoke + 1)});
    for (int ring = 1; ring + 1 < rings; ++ring) {
      mesh.triangles.push_back({at(ring, spoke), at(ring, spoke + 1), at(ring + 1, spoke + 1)});
      mesh.triangles.push_back({at(ring, spoke), at(ring + 1, spoke + 1), at(ring + 1, spoke)});
    }
  }
  return mesh;
}

}  // namespace fit
