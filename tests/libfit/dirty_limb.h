#pragma once

#include <cmath>
#include <numbers>
#include <random>
#include <vector>

#include "libfit/mesh.h"

namespace fit::dirty {

/// A limb of revolution with a few bumps: round distal end at z = 0, open at z = `length_mm`. Triangles of about
/// `edge_mm`.
inline Mesh limb(double edge_mm = 3.0, double length_mm = 220.0) {
  constexpr double kRadius_mm = 45.0;
  const int around = static_cast<int>(2.0 * std::numbers::pi * kRadius_mm / edge_mm);
  const int dome = static_cast<int>(0.5 * std::numbers::pi * kRadius_mm / edge_mm);
  const int shaft = static_cast<int>((length_mm - kRadius_mm) / edge_mm);
  Mesh mesh;
  mesh.vertices.push_back({0.0, 0.0, 0.0});
  for (int ring = 1; ring <= dome + shaft; ++ring)
    for (int i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / around;
      double radius_mm = kRadius_mm, z_mm;
      if (ring <= dome) {
        const double polar = 0.5 * std::numbers::pi * ring / dome;
        radius_mm *= std::sin(polar);
        z_mm = kRadius_mm * (1.0 - std::cos(polar));
      } else {
        z_mm = kRadius_mm + (length_mm - kRadius_mm) * (ring - dome) / shaft;
        radius_mm += 0.08 * (z_mm - kRadius_mm);
      }
      radius_mm *= 1.0 + 0.05 * std::cos(2.0 * angle) * z_mm / length_mm +
                   0.02 * std::sin(3.0 * angle + z_mm / 30.0) * z_mm / length_mm;
      mesh.vertices.push_back({radius_mm * std::cos(angle), radius_mm * std::sin(angle), z_mm});
    }
  const auto at = [&](int ring, int i) { return 1 + (ring - 1) * around + (i + around) % around; };
  for (int i = 0; i < around; ++i) mesh.triangles.push_back({0, at(1, i + 1), at(1, i)});
  for (int ring = 1; ring < dome + shaft; ++ring)
    for (int i = 0; i < around; ++i) {
      mesh.triangles.push_back({at(ring, i), at(ring, i + 1), at(ring + 1, i + 1)});
      mesh.triangles.push_back({at(ring, i), at(ring + 1, i + 1), at(ring + 1, i)});
    }
  return mesh;
}

/// Every triangle with corners of its own, as an STL has them, each moved by up to `jitter_mm`.
inline Mesh soup(const Mesh& mesh, double jitter_mm, unsigned seed) {
  std::mt19937 random(seed);
  Mesh result;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const int first = static_cast<int>(result.vertices.size());
    for (int k = 0; k < 3; ++k) {
      Eigen::Vector3d moved = mesh.vertices[t[k]];
      for (int axis = 0; axis < 3; ++axis) moved[axis] += jitter_mm * (2.0 * (random() / 4294967296.0) - 1.0);
      result.vertices.push_back(moved);
    }
    result.triangles.push_back({first, first + 1, first + 2});
  }
  return result;
}

/// Turns over one triangle in `every`.
inline Mesh some_turned(Mesh mesh, unsigned every, unsigned seed) {
  std::mt19937 random(seed);
  for (Eigen::Vector3i& t : mesh.triangles)
    if (random() % every == 0) std::swap(t[1], t[2]);
  return mesh;
}

/// Without the triangles whose centre lies within `radius_mm` of `centre`.
inline Mesh with_hole(Mesh mesh, const Eigen::Vector3d& centre, double radius_mm) {
  std::erase_if(mesh.triangles, [&](const Eigen::Vector3i& t) {
    return ((mesh.vertices[t[0]] + mesh.vertices[t[1]] + mesh.vertices[t[2]]) / 3.0 - centre).norm() < radius_mm;
  });
  return mesh;
}

inline Mesh together(Mesh mesh, const Mesh& other) {
  const int base = static_cast<int>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), other.vertices.begin(), other.vertices.end());
  for (const Eigen::Vector3i& t : other.triangles) mesh.triangles.push_back(t + Eigen::Vector3i::Constant(base));
  return mesh;
}

/// A square sheet of `half_mm` to each side of `centre`, normal to z.
inline Mesh floor(const Eigen::Vector3d& centre, double half_mm, int cells = 40) {
  Mesh mesh;
  for (int i = 0; i <= cells; ++i)
    for (int j = 0; j <= cells; ++j)
      mesh.vertices.push_back(centre + half_mm * Eigen::Vector3d(2.0 * i / cells - 1.0, 2.0 * j / cells - 1.0, 0.0));
  for (int i = 0; i < cells; ++i)
    for (int j = 0; j < cells; ++j) {
      const int a = i * (cells + 1) + j, b = a + cells + 1;
      mesh.triangles.push_back({a, b, b + 1});
      mesh.triangles.push_back({a, b + 1, a + 1});
    }
  return mesh;
}

}  // namespace fit::dirty
