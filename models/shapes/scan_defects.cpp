#include "models/shapes/scan_defects.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "models/shapes/seeded.h"

namespace fit {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

// One stream of chance a defect, so that adding one leaves the others where they were.
enum Stream { kNoise = 200, kRim, kHoles, kSeams, kSpikes, kFlips, kCrumbs, kFloor, kPose };

Vector3d middle_of(const Mesh& mesh, const Vector3i& t) {
  return (mesh.vertices[static_cast<std::size_t>(t[0])] + mesh.vertices[static_cast<std::size_t>(t[1])] +
          mesh.vertices[static_cast<std::size_t>(t[2])]) /
         3.0;
}

Vector3d drawn_direction(SeededDraws& draws) {
  for (;;) {
    const Vector3d d(draws.uniform(-1, 1), draws.uniform(-1, 1), draws.uniform(-1, 1));
    if (d.squaredNorm() < 1.0 && d.squaredNorm() > 1e-4) return d.normalized();
  }
}

void remove_triangles(Mesh& mesh, const std::function<bool(const Vector3i&)>& gone) {
  std::erase_if(mesh.triangles, gone);
  remove_unused_vertices(mesh);
}

void add_noise(Mesh& mesh, int seed, double deviation_mm) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kNoise);
  const std::vector<Vector3d> normals = vertex_normals(mesh);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) mesh.vertices[i] += deviation_mm * draws.bell() * normals[i];
}

/// Bites out of the rim, each a ball around a point of it.
void tear_rim(Mesh& mesh, int seed, double depth_mm) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kRim);
  for (const std::vector<int>& rim : boundary_loops(mesh)) {
    struct Bite {
      Vector3d center;
      double radius_mm;
    };
    std::vector<Bite> bites;
    for (int i = 0; i < 18; ++i)
      bites.push_back({mesh.vertices[static_cast<std::size_t>(
                           rim[static_cast<std::size_t>(draws.below(static_cast<int>(rim.size())))])],
                       depth_mm * draws.uniform(0.2, 1.0)});
    remove_triangles(mesh, [&](const Vector3i& t) {
      const Vector3d p = middle_of(mesh, t);
      return std::any_of(bites.begin(), bites.end(),
                         [&](const Bite& bite) { return (p - bite.center).norm() < bite.radius_mm; });
    });
    return;
  }
}

void punch_holes(Mesh& mesh, int seed, int count) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kHoles);
  const Box box = bounding_box(mesh);
  for (int i = 0; i < count; ++i) {
    // Within the lower four fifths, so that no hole opens the rim.
    Vector3d center;
    do center = mesh.vertices[static_cast<std::size_t>(draws.below(static_cast<int>(mesh.vertices.size())))];
    while (center.z() > box.lowest.z() + 0.75 * box.size().z());
    const double radius = draws.uniform(2.0, 12.0);
    const Vector3d stretch(draws.uniform(0.7, 1.4), draws.uniform(0.7, 1.4), draws.uniform(0.7, 1.4));
    remove_triangles(
        mesh, [&](const Vector3i& t) { return (middle_of(mesh, t) - center).cwiseProduct(stretch).norm() < radius; });
  }
}

/// Parts the surface along half planes through the limb's axis: the two sides keep vertices of their own, up to 0.01 mm
/// apart.
void cut_seams(Mesh& mesh, int seed, int count) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kSeams);
  const Box box = bounding_box(mesh);
  for (int i = 0; i < count; ++i) {
    const auto [s, c] = sine_cosine(draws.uniform(0.0, 2.0 * kPi));
    const Vector3d out(c, s, 0), across(-s, c, 0);
    const double low = box.lowest.z() + draws.uniform(0.1, 0.5) * box.size().z(),
                 high = low + draws.uniform(0.2, 0.4) * box.size().z();
    std::vector<int> twin(mesh.vertices.size(), -1);
    std::vector<char> has_low_side(mesh.vertices.size(), 0);
    const auto beyond = [&](const Vector3i& t) { return middle_of(mesh, t).dot(across) > 0.0; };
    const auto in_seam = [&](const Vector3d& v) { return v.dot(out) > 0.0 && v.z() > low && v.z() < high; };
    for (const Vector3i& t : mesh.triangles)
      if (!beyond(t))
        for (int k = 0; k < 3; ++k) has_low_side[static_cast<std::size_t>(t[k])] = 1;
    for (Vector3i& t : mesh.triangles) {
      if (!beyond(t)) continue;
      for (int k = 0; k < 3; ++k) {
        const auto v = static_cast<std::size_t>(t[k]);
        if (!has_low_side[v] || !in_seam(mesh.vertices[v])) continue;
        if (twin[v] < 0) {
          twin[v] = static_cast<int>(mesh.vertices.size());
          mesh.vertices.push_back(mesh.vertices[v] + draws.uniform(0.0, 0.01) * drawn_direction(draws));
        }
        t[k] = twin[v];
      }
    }
  }
}

void shoot_spikes(Mesh& mesh, int seed, int count) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kSpikes);
  const std::vector<Vector3d> normals = vertex_normals(mesh);
  for (int i = 0; i < count; ++i) {
    const auto v = static_cast<std::size_t>(draws.below(static_cast<int>(mesh.vertices.size())));
    mesh.vertices[v] += draws.uniform(4.0, 25.0) * (normals[v] + 0.3 * drawn_direction(draws));
  }
}

void flip_triangles(Mesh& mesh, int seed, int count) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kFlips);
  for (int i = 0; i < count; ++i) {
    Vector3i& t = mesh.triangles[static_cast<std::size_t>(draws.below(static_cast<int>(mesh.triangles.size())))];
    std::swap(t[1], t[2]);
  }
}

/// Small octahedra in the air, some of them open.
void strew_crumbs(Mesh& mesh, int seed, int count) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kCrumbs);
  const Box box = bounding_box(mesh);
  const double wide = 0.5 * box.size().head<2>().maxCoeff();
  for (int i = 0; i < count; ++i) {
    const auto [s, c] = sine_cosine(draws.uniform(0.0, 2.0 * kPi));
    const double away = wide + draws.uniform(15.0, 120.0), size = draws.uniform(0.8, 6.0);
    const Vector3d center(c * away, s * away, box.lowest.z() + draws.uniform(-0.1, 0.9) * box.size().z());
    const int first = static_cast<int>(mesh.vertices.size());
    for (int k = 0; k < 6; ++k) {
      Vector3d corner = Vector3d::Zero();
      corner[k / 2] = k % 2 ? -size : size;
      mesh.vertices.push_back(center + corner + 0.3 * size * drawn_direction(draws));
    }
    const int faces[8][3] = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
    for (int k = 0; k < (draws.chance(0.5) ? 8 : 5); ++k)
      mesh.triangles.emplace_back(first + faces[k][0], first + faces[k][1], first + faces[k][2]);
  }
}

/// A round-cornered piece of floor below the limb, not touching it.
void lay_floor(Mesh& mesh, int seed) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kFloor);
  const double height = bounding_box(mesh).lowest.z() - draws.uniform(4.0, 30.0);
  const Vector3d center(draws.uniform(-40, 40), draws.uniform(-40, 40), height);
  const double half = draws.uniform(110.0, 190.0), step = 7.0;
  const int cells = static_cast<int>(2.0 * half / step);
  const int first = static_cast<int>(mesh.vertices.size());
  for (int y = 0; y <= cells; ++y)
    for (int x = 0; x <= cells; ++x)
      mesh.vertices.push_back(center + Vector3d(x * step - half, y * step - half, draws.uniform(-0.4, 0.4)));
  for (int y = 0; y < cells; ++y)
    for (int x = 0; x < cells; ++x) {
      const Vector3d p((x + 0.5) * step - half, (y + 0.5) * step - half, 0);
      if (p.norm() > 1.15 * half) continue;
      const int v = first + y * (cells + 1) + x;
      mesh.triangles.emplace_back(v, v + 1, v + cells + 2);
      mesh.triangles.emplace_back(v, v + cells + 2, v + cells + 1);
    }
  remove_unused_vertices(mesh);
}

}  // namespace

Mesh scanned(const Mesh& limb, int seed, const DefectParams& params) {
  Mesh mesh = limb;
  if (params.scan_noise_mm > 0.0) add_noise(mesh, seed, params.scan_noise_mm);
  if (params.ragged_rim_mm > 0.0) tear_rim(mesh, seed, params.ragged_rim_mm);
  punch_holes(mesh, seed, params.holes);
  cut_seams(mesh, seed, params.seams);
  shoot_spikes(mesh, seed, params.spikes);
  flip_triangles(mesh, seed, params.flipped_triangles);
  strew_crumbs(mesh, seed, params.crumbs);
  if (params.floor) lay_floor(mesh, seed);
  return mesh;
}

Eigen::Isometry3d drawn_pose(int seed) {
  SeededDraws draws(static_cast<std::uint64_t>(seed), kPose);
  // A unit quaternion out of two points in the disc (Marsaglia 1972).
  double x, y, z, w, s, t;
  do {
    x = draws.uniform(-1, 1);
    y = draws.uniform(-1, 1);
    s = x * x + y * y;
  } while (s >= 1.0);
  do {
    z = draws.uniform(-1, 1);
    w = draws.uniform(-1, 1);
    t = z * z + w * w;
  } while (t >= 1.0 || t < 1e-6);
  const double k = std::sqrt((1.0 - s) / t);
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.linear() = Eigen::Quaterniond(w * k, x, y, z * k).toRotationMatrix();
  pose.translation() = Vector3d(draws.uniform(-300, 300), draws.uniform(-300, 300), draws.uniform(-300, 300));
  return pose;
}

}  // namespace fit
