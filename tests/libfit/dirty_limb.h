#pragma once

#include <Eigen/Geometry>
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

/// A number from 0 to 1, the same on every system.
inline double uniform(std::mt19937& random) { return random() / 4294967296.0; }

inline Eigen::Vector3d in_cube(std::mt19937& random, double half_mm) {
  const double x = uniform(random), y = uniform(random), z = uniform(random);
  return half_mm * (2.0 * Eigen::Vector3d(x, y, z) - Eigen::Vector3d::Ones());
}

/// Every vertex moved by up to `half_mm` along each axis.
inline Mesh with_noise(Mesh mesh, double half_mm, unsigned seed) {
  std::mt19937 random(seed);
  for (Eigen::Vector3d& v : mesh.vertices) v += in_cube(random, half_mm);
  return mesh;
}

/// Vertices near the places pulled out along their normal by `height_mm`, one each.
inline Mesh with_spikes(Mesh mesh, const std::vector<int>& vertices, double height_mm) {
  const std::vector<Eigen::Vector3d> normals = vertex_normals(mesh);
  for (int v : vertices) mesh.vertices[v] += height_mm * normals[v];
  return mesh;
}

/// Some triangles twice, some collapsed to an edge, some to a line: `count` of each.
inline Mesh with_repeated_and_flat(Mesh mesh, int count, unsigned seed) {
  std::mt19937 random(seed);
  const std::size_t triangles = mesh.triangles.size();
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector3i t = mesh.triangles[random() % triangles];
    mesh.triangles.push_back(i % 2 ? t : Eigen::Vector3i(t[1], t[0], t[2]));
    mesh.triangles.push_back({t[0], t[0], t[1]});
    mesh.vertices.push_back(0.5 * (mesh.vertices[t[0]] + mesh.vertices[t[1]]));
    mesh.triangles.push_back({t[0], static_cast<int>(mesh.vertices.size()) - 1, t[1]});
  }
  return mesh;
}

/// Triangles split on one side of an edge alone: T-junctions.
inline Mesh with_junctions(Mesh mesh, int count, unsigned seed) {
  std::mt19937 random(seed);
  const std::size_t triangles = mesh.triangles.size();
  for (int i = 0; i < count; ++i) {
    Eigen::Vector3i& t = mesh.triangles[random() % triangles];
    const int middle = static_cast<int>(mesh.vertices.size());
    mesh.vertices.push_back(0.4 * mesh.vertices[t[0]] + 0.6 * mesh.vertices[t[1]]);
    const Eigen::Vector3i rest(middle, t[1], t[2]);
    t[1] = middle;
    mesh.triangles.push_back(rest);
  }
  return mesh;
}

/// Fins that stand on edges of the surface, so that three triangles meet there.
inline Mesh with_fins(Mesh mesh, int count, double height_mm, unsigned seed) {
  std::mt19937 random(seed);
  const std::vector<Eigen::Vector3d> normals = vertex_normals(mesh);
  const std::size_t triangles = mesh.triangles.size();
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector3i t = mesh.triangles[random() % triangles];
    mesh.vertices.push_back(mesh.vertices[t[0]] + height_mm * normals[t[0]]);
    mesh.triangles.push_back({t[0], t[1], static_cast<int>(mesh.vertices.size()) - 1});
  }
  return mesh;
}

/// A second sheet over part of the surface, `apart_mm` off it, as two passes of a scanner leave it.
inline Mesh with_double_wall(Mesh mesh, const Eigen::Vector3d& centre, double radius_mm, double apart_mm) {
  const std::vector<Eigen::Vector3d> normals = vertex_normals(mesh);
  Mesh sheet = mesh;
  for (std::size_t v = 0; v < sheet.vertices.size(); ++v) sheet.vertices[v] += apart_mm * normals[v];
  std::erase_if(sheet.triangles,
                [&](const Eigen::Vector3i& t) { return (mesh.vertices[t[0]] - centre).norm() > radius_mm; });
  remove_unused_vertices(sheet);
  mesh.vertices.insert(mesh.vertices.end(), sheet.vertices.begin(), sheet.vertices.end());
  const int base = static_cast<int>(mesh.vertices.size() - sheet.vertices.size());
  for (const Eigen::Vector3i& t : sheet.triangles) mesh.triangles.push_back(t + Eigen::Vector3i::Constant(base));
  return mesh;
}

/// A sheet that grows out of the largest rim, in the rim's plane, to `times` the rim's size: a table on which the limb
/// stands.
inline Mesh standing_on_table(Mesh mesh, double times, double roughness_mm, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<int> rim;
  for (const std::vector<int>& loop : boundary_loops(mesh))
    if (loop.size() > rim.size()) rim = loop;
  Eigen::Vector3d centre = Eigen::Vector3d::Zero(), normal = Eigen::Vector3d::Zero();
  for (int v : rim) centre += mesh.vertices[v] / static_cast<double>(rim.size());
  for (std::size_t i = 0; i < rim.size(); ++i)
    normal += (mesh.vertices[rim[i]] - centre).cross(mesh.vertices[rim[(i + 1) % rim.size()]] - centre);
  normal.normalize();
  const int n = static_cast<int>(rim.size()), rings = static_cast<int>(12.0 * std::abs(times - 1.0)) + 1;
  std::vector<int> inner = rim;
  for (int ring = 1; ring <= rings; ++ring) {
    std::vector<int> outer;
    for (int v : rim) {
      Eigen::Vector3d out = mesh.vertices[v] - centre;
      out -= normal * normal.dot(out);
      outer.push_back(static_cast<int>(mesh.vertices.size()));
      mesh.vertices.push_back(centre + out * (1.0 + (times - 1.0) * ring / rings) +
                              normal * roughness_mm * (2.0 * uniform(random) - 1.0));
    }
    for (int i = 0; i < n; ++i) {
      const int j = (i + 1) % n;
      mesh.triangles.push_back({inner[i], outer[j], inner[j]});
      mesh.triangles.push_back({inner[i], outer[i], outer[j]});
    }
    inner = outer;
  }
  return mesh;
}

/// The largest rim closed by a flat fan of rings.
inline Mesh capped(const Mesh& mesh) { return standing_on_table(mesh, 0.02, 0.0, 1); }

/// A ball of 20 x 10 triangles' patches.
inline Mesh ball(const Eigen::Vector3d& centre, double radius_mm, int cells = 10) {
  Mesh mesh;
  mesh.vertices = {centre - radius_mm * Eigen::Vector3d::UnitZ(), centre + radius_mm * Eigen::Vector3d::UnitZ()};
  const int around = 2 * cells;
  for (int ring = 1; ring < cells; ++ring)
    for (int i = 0; i < around; ++i) {
      const double polar = std::numbers::pi * ring / cells, angle = 2.0 * std::numbers::pi * i / around;
      mesh.vertices.push_back(centre + radius_mm * Eigen::Vector3d(std::sin(polar) * std::cos(angle),
                                                                   std::sin(polar) * std::sin(angle),
                                                                   -std::cos(polar)));
    }
  const auto at = [&](int ring, int i) { return 2 + (ring - 1) * around + i % around; };
  for (int i = 0; i < around; ++i) {
    mesh.triangles.push_back({0, at(1, i + 1), at(1, i)});
    mesh.triangles.push_back({1, at(cells - 1, i), at(cells - 1, i + 1)});
    for (int ring = 1; ring + 1 < cells; ++ring) {
      mesh.triangles.push_back({at(ring, i), at(ring, i + 1), at(ring + 1, i + 1)});
      mesh.triangles.push_back({at(ring, i), at(ring + 1, i + 1), at(ring + 1, i)});
    }
  }
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
