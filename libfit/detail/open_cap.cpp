#include "libfit/detail/open_cap.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>

#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/flat_parts.h"
#include "libfit/detail/limb_part.h"
#include "libfit/detail/make_manifold.h"

namespace fit::detail {

namespace {

constexpr int kStations = 60;

/// The mesh from one end of its long axis to the other.
struct Profile {
  Eigen::Vector3d axis;  ///< from the distal end to the proximal one
  double low_mm, high_mm;
  std::array<double, kStations> section_mm2;  ///< at equal steps, of a closed surface
};

Profile make_profile(const Mesh& mesh, const Eigen::Vector3d& axis) {
  Profile profile{axis, 1e300, -1e300, {}};
  for (const Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) {
      const double at = axis.dot(mesh.vertices[t[k]]);
      profile.low_mm = std::min(profile.low_mm, at);
      profile.high_mm = std::max(profile.high_mm, at);
    }
  // What flows along the axis through the skin below a section flows through the section.
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
    const double height = (axis.dot(a + b + c) / 3.0 - profile.low_mm) / (profile.high_mm - profile.low_mm);
    const double flow = -0.5 * axis.dot((b - a).cross(c - a));
    for (int i = static_cast<int>(std::ceil(height * kStations)); i < kStations; ++i)
      profile.section_mm2[std::max(i, 0)] += flow;
  }
  return profile;
}

double mean(const Profile& profile, int begin, int end) {
  double sum = 0.0;
  for (int i = begin; i < end; ++i) sum += profile.section_mm2[i];
  return sum / (end - begin);
}

/// Takes out what is not kept.
OpenedCap take_out(Skin& skin, const std::vector<std::uint8_t>& kept) {
  OpenedCap cap;
  for (std::size_t t = 0; t < kept.size(); ++t) {
    if (kept[t]) continue;
    const Eigen::Vector3i& corner = skin.mesh.triangles[t];
    const Eigen::Vector3d &a = skin.mesh.vertices[corner[0]], &b = skin.mesh.vertices[corner[1]],
                          &c = skin.mesh.vertices[corner[2]];
    const double area = 0.5 * (b - a).cross(c - a).norm();
    cap.area_mm2 += area;
    cap.centre_mm += area * (a + b + c) / 3.0;
  }
  cap.centre_mm /= std::max(cap.area_mm2, 1e-9);
  keep_triangles(skin, kept);
  make_manifold(skin);
  return cap;
}

}  // namespace

std::optional<OpenedCap> open_flat_cap(Skin& skin) {
  const Mesh& mesh = skin.mesh;
  const LongAxis along = long_axis(mesh);
  const Profile profile = make_profile(mesh, along.direction);
  const double length_mm = profile.high_mm - profile.low_mm;
  const double middle_mm = 0.5 * (profile.high_mm + profile.low_mm);
  FlatLimits limits{3.0, 35.0, 0.4 * along.section_mm2, {}};
  limits.wanted = [&](const Eigen::Vector3d& centre, const Eigen::Vector3d& normal) {
    return std::abs(normal.dot(along.direction)) > 0.7 &&
           std::abs(centre.dot(along.direction) - middle_mm) > 0.25 * length_mm;
  };
  const std::optional<FlatRegion> flat = find_flat_region(mesh, pair_edges(mesh).opposite, limits);
  if (!flat) return {};
  std::vector<std::uint8_t> kept = flat->triangles;
  for (std::uint8_t& flag : kept) flag ^= 1;
  return take_out(skin, kept);
}

std::optional<OpenedCap> open_round_end(Skin& skin) {
  const Mesh& mesh = skin.mesh;
  Profile profile = make_profile(mesh, long_axis(mesh).direction);
  constexpr int kEnd = kStations * 2 / 5;
  if (mean(profile, 1, kEnd) > mean(profile, kStations - kEnd, kStations)) profile = make_profile(mesh, -profile.axis);
  const double widest = *std::max_element(profile.section_mm2.begin() + kStations / 2, profile.section_mm2.end());
  int cut = kStations - 1;
  while (cut > kStations / 2 && profile.section_mm2[cut] < 0.8 * widest) --cut;
  const double cut_mm = profile.low_mm + (profile.high_mm - profile.low_mm) * cut / kStations;
  std::vector<std::uint8_t> kept(mesh.triangles.size(), 1);
  for (std::size_t t = 0; t < kept.size(); ++t)
    for (int k = 0; k < 3; ++k)
      if (profile.axis.dot(mesh.vertices[mesh.triangles[t][k]]) > cut_mm) kept[t] = 0;
  if (std::count(kept.begin(), kept.end(), 0) == 0) return {};
  return take_out(skin, kept);
}

}  // namespace fit::detail
