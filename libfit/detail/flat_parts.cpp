#include "libfit/detail/flat_parts.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>

#include "libfit/detail/around.h"
#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/grow.h"
#include "libfit/detail/make_manifold.h"

namespace fit::detail {

namespace {

constexpr double kFacing = 0.7;  ///< cosine: noise turns a floor's triangles by up to 45 degrees

constexpr double kRough = 0.2;  ///< cosine: some triangles of a rough floor stand nearly upright

struct Plane {
  Eigen::Vector3d point, normal;
  bool holds(const Eigen::Vector3d& at, const Eigen::Vector3d& facing, double tolerance_mm) const {
    return std::abs(normal.dot(at - point)) < tolerance_mm && std::abs(normal.dot(facing)) > kFacing;
  }
};

struct Sample {
  Eigen::Vector3d at, facing;
};

/// Low-discrepancy number i of the sequence with the given step.
double fraction(std::size_t i, double step) {
  const double x = static_cast<double>(i) * step;
  return x - std::floor(x);
}

std::vector<Sample> spread_samples(const Mesh& mesh, double& area_each_mm2) {
  constexpr std::size_t kSamples = 6000;
  std::vector<double> up_to(mesh.triangles.size());
  double total = 0.0;
  for (std::size_t i = 0; i < up_to.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    const Eigen::Vector3d& a = mesh.vertices[t[0]];
    total += 0.5 * (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).norm();
    up_to[i] = total;
  }
  area_each_mm2 = total / kSamples;
  std::vector<Sample> samples;
  std::size_t at = 0;
  for (std::size_t i = 0; i < kSamples; ++i) {
    while (at + 1 < up_to.size() && up_to[at] < (static_cast<double>(i) + 0.5) * area_each_mm2) ++at;
    const Eigen::Vector3i& t = mesh.triangles[at];
    const Eigen::Vector3d& a = mesh.vertices[t[0]];
    const Eigen::Vector3d u = mesh.vertices[t[1]] - a, v = mesh.vertices[t[2]] - a;
    double p = fraction(i, 0.7548776662466927), q = fraction(i, 0.5698402909980532);  // Roberts' R2
    if (p + q > 1.0) {
      p = 1.0 - p;
      q = 1.0 - q;
    }
    samples.push_back({a + p * u + q * v, u.cross(v).normalized()});
  }
  return samples;
}

/// The plane that holds most samples; `most` is how many.
Plane best_plane(const std::vector<Sample>& samples, const FlatLimits& limits, int& most) {
  constexpr std::size_t kTries = 240;
  Plane best{};
  most = 0;
  const auto consider = [&](const Plane& plane) {
    // One sample in eight tells a plane that is no match.
    int coarse = 0, count = 0;
    for (std::size_t i = 0; i < samples.size(); i += 8)
      coarse += plane.holds(samples[i].at, samples[i].facing, limits.tolerance_mm);
    if (8 * coarse < most / 2) return;
    for (const Sample& sample : samples) count += plane.holds(sample.at, sample.facing, limits.tolerance_mm);
    if (count <= most || (limits.wanted && !limits.wanted(plane.point, plane.normal))) return;
    most = count;
    best = plane;
  };
  for (std::size_t i = 0; i < kTries; ++i) {
    const Sample& a = samples[static_cast<std::size_t>(fraction(i, 0.6180339887498949) * samples.size())];
    consider({a.at, a.facing});
    // Two more points at about the width of a limb make a plane that small waves do not tilt.
    std::array<const Sample*, 2> others{};
    int found = 0;
    for (std::size_t j = 1; j < 200 && found < 2; ++j) {
      const Sample& b = samples[static_cast<std::size_t>(fraction(i + 997 * j, 0.8191725133961645) * samples.size())];
      const double apart = (b.at - a.at).norm();
      if (apart < 0.5 * limits.least_width_mm || apart > 3.0 * limits.least_width_mm) continue;
      others[found++] = &b;
    }
    if (found < 2) continue;
    const Eigen::Vector3d normal = (others[0]->at - a.at).cross(others[1]->at - a.at);
    if (normal.norm() > 0.05 * limits.least_width_mm * limits.least_width_mm) consider({a.at, normal.normalized()});
  }
  return best;
}

/// Least squares through the samples it holds, twice; then as tight as they lie.
double fit_plane(const std::vector<Sample>& samples, const FlatLimits& limits, Plane& plane) {
  double tolerance_mm = limits.tolerance_mm;
  for (int round = 0; round < 4; ++round) {
    Eigen::Vector3d mean = Eigen::Vector3d::Zero();
    int count = 0;
    for (const Sample& sample : samples)
      if (plane.holds(sample.at, sample.facing, tolerance_mm)) {
        mean += sample.at;
        ++count;
      }
    if (count < 3) break;
    mean /= count;
    Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
    for (const Sample& sample : samples)
      if (plane.holds(sample.at, sample.facing, tolerance_mm))
        spread += (sample.at - mean) * (sample.at - mean).transpose();
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread / count);
    plane = {mean, axes.eigenvectors().col(0)};
    tolerance_mm = std::clamp(4.0 * std::sqrt(std::max(axes.eigenvalues()[0], 0.0)), 1.0, limits.tolerance_mm);
  }
  return tolerance_mm;
}

/// What lies in the plane, piece by connected piece.
struct FlatPieces {
  Parts parts;
  std::vector<double> area_mm2;      ///< one a part; 0 where the part is not flat
  std::vector<double> triangle_mm2;  ///< one a triangle
  int largest = -1;
};

FlatPieces flat_pieces(const Mesh& mesh, const std::vector<int>& opposite, const Plane& plane, double tolerance_mm) {
  std::vector<std::uint8_t> flat(mesh.triangles.size());
  FlatPieces pieces;
  pieces.triangle_mm2.resize(flat.size());
  for (std::size_t i = 0; i < flat.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
    const Eigen::Vector3d doubled = (b - a).cross(c - a);
    const double farthest =
        std::max({std::abs(plane.normal.dot(a - plane.point)), std::abs(plane.normal.dot(b - plane.point)),
                  std::abs(plane.normal.dot(c - plane.point))});
    pieces.triangle_mm2[i] = 0.5 * doubled.norm();
    flat[i] = farthest < tolerance_mm && std::abs(plane.normal.dot(doubled)) >= kRough * doubled.norm();
  }
  std::vector<int> within = opposite;
  for (std::size_t h = 0; h < within.size(); ++h)
    if (within[h] >= 0 && (!flat[h / 3] || !flat[within[h] / 3])) within[h] = -1;
  pieces.parts = connected_parts(within);
  pieces.area_mm2.assign(pieces.parts.count, 0.0);
  for (std::size_t i = 0; i < flat.size(); ++i)
    if (flat[i]) pieces.area_mm2[pieces.parts.of_triangle[i]] += pieces.triangle_mm2[i];
  const auto largest = std::max_element(pieces.area_mm2.begin(), pieces.area_mm2.end());
  if (*largest > 0.0) pieces.largest = static_cast<int>(largest - pieces.area_mm2.begin());
  return pieces;
}

/// Measures the largest piece. Second moments of triangles are exact, so that two large ones make a floor too.
FlatRegion measure_largest(const Mesh& mesh, const FlatPieces& pieces, const Plane& plane) {
  FlatRegion region;
  region.triangles.assign(mesh.triangles.size(), 0);
  region.area_mm2 = pieces.area_mm2[pieces.largest];
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  double facing = 0.0;
  for (std::size_t i = 0; i < region.triangles.size(); ++i) {
    if (pieces.parts.of_triangle[i] != pieces.largest) continue;
    region.triangles[i] = 1;
    const double area = pieces.triangle_mm2[i];
    const Eigen::Vector3i& t = mesh.triangles[i];
    const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
    const Eigen::Vector3d middle = (a + b + c) / 3.0;
    region.centre_mm += area * middle;
    facing += plane.normal.dot((b - a).cross(c - a));
    for (const Eigen::Vector3d& p : {a, b, c}) spread += area / 12.0 * p * p.transpose();
    spread += area * 0.75 * middle * middle.transpose();
  }
  region.centre_mm /= region.area_mm2;
  spread = spread / region.area_mm2 - region.centre_mm * region.centre_mm.transpose();
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread);
  region.width_mm = std::sqrt(12.0 * std::max(axes.eigenvalues()[1], 0.0));  // of a rectangle
  region.normal = facing < 0.0 ? Eigen::Vector3d(-plane.normal) : plane.normal;
  return region;
}

/// A floor comes in pieces: flags those too whose border is free, or runs along what is flagged, for a fifth of its
/// length. What the limb has near the plane has the limb around it.
void add_loose_pieces(const Mesh& mesh, const std::vector<int>& opposite, const FlatPieces& pieces,
                      std::vector<std::uint8_t>& flagged) {
  std::vector<double> free_mm(pieces.parts.count, 0.0), border_mm(pieces.parts.count, 0.0);
  for (std::size_t h = 0; h < opposite.size(); ++h) {
    const int part = pieces.parts.of_triangle[h / 3];
    if (pieces.area_mm2[part] <= 0.0) continue;
    if (opposite[h] >= 0 && pieces.parts.of_triangle[opposite[h] / 3] == part) continue;
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    const double length = (mesh.vertices[t[h % 3]] - mesh.vertices[t[(h + 1) % 3]]).norm();
    border_mm[part] += length;
    if (opposite[h] < 0 || flagged[opposite[h] / 3]) free_mm[part] += length;
  }
  for (std::size_t i = 0; i < flagged.size(); ++i) {
    const int part = pieces.parts.of_triangle[i];
    if (pieces.area_mm2[part] > 0.0 && free_mm[part] > 0.2 * border_mm[part]) flagged[i] = 1;
  }
}

/// Flags also what hangs on the flagged within `reach_mm` of the plane: beyond the crease lies a fillet that is neither
/// floor nor limb; and teeth, all of whose corners are on the cut.
void add_fillet(const Mesh& mesh, const Around& around, const FlatRegion& region, double reach_mm,
                std::vector<std::uint8_t>& flagged) {
  const std::vector<std::uint8_t> before = flagged;
  grow(flagged, mesh, around, 3);
  std::vector<std::uint8_t> touched(mesh.vertices.size(), 0);
  for (std::size_t i = 0; i < flagged.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    for (int k = 0; k < 3 && !before[i]; ++k)
      if (std::abs(region.normal.dot(mesh.vertices[t[k]] - region.centre_mm)) > reach_mm) flagged[i] = 0;
    if (flagged[i])
      for (int k = 0; k < 3; ++k) touched[t[k]] = 1;
  }
  for (std::size_t i = 0; i < flagged.size(); ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    if (touched[t[0]] && touched[t[1]] && touched[t[2]]) flagged[i] = 1;
  }
}

}  // namespace

std::optional<FlatRegion> find_flat_region(const Mesh& mesh, const std::vector<int>& opposite,
                                           const FlatLimits& limits) {
  if (mesh.triangles.empty()) return {};
  double area_each_mm2 = 0.0;
  const std::vector<Sample> samples = spread_samples(mesh, area_each_mm2);
  int most = 0;
  Plane plane = best_plane(samples, limits, most);
  if (most * area_each_mm2 < 0.7 * limits.least_area_mm2) return {};
  const double tolerance_mm = fit_plane(samples, limits, plane);
  const FlatPieces pieces = flat_pieces(mesh, opposite, plane, tolerance_mm);
  if (pieces.largest < 0) return {};
  FlatRegion region = measure_largest(mesh, pieces, plane);
  region.tolerance_mm = tolerance_mm;
  if (region.area_mm2 < limits.least_area_mm2 || region.width_mm < limits.least_width_mm) return {};
  if (limits.wanted && !limits.wanted(region.centre_mm, region.normal)) return {};
  return region;
}

std::vector<FlatRegion> remove_flat_parts(Skin& skin) {
  constexpr int kMost = 12;
  std::vector<FlatRegion> removed;
  while (removed.size() < kMost) {
    const Mesh& mesh = skin.mesh;
    const EdgePairs pairs = pair_edges(mesh);
    std::optional<FlatRegion> region = find_flat_region(mesh, pairs.opposite, {});
    if (!region) break;
    const FlatPieces pieces =
        flat_pieces(mesh, pairs.opposite, {region->centre_mm, region->normal}, region->tolerance_mm);
    std::vector<std::uint8_t> gone = std::move(region->triangles);
    const Around around(mesh);
    // A piece is reached over the piece beside it.
    constexpr int kMostRounds = 50;
    for (std::ptrdiff_t before = -1, now = 0, round = 0; now != before && round < kMostRounds; ++round) {
      before = now;
      add_loose_pieces(mesh, pairs.opposite, pieces, gone);
      add_fillet(mesh, around, *region, region->tolerance_mm + 2.0, gone);
      now = std::count(gone.begin(), gone.end(), 1);
    }
    for (std::uint8_t& flag : gone) flag ^= 1;
    keep_triangles(skin, gone);
    make_manifold(skin);
    removed.push_back(std::move(*region));
  }
  return removed;
}

}  // namespace fit::detail
