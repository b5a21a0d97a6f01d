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

}  // namespace

std::optional<OpenedCap> open_cap(Skin& skin) {
  Mesh& mesh = skin.mesh;
  const LongAxis along = long_axis(mesh);
  Profile profile = make_profile(mesh, along.direction);
  const double length_mm = profile.high_mm - profile.low_mm;
  const double middle_mm = 0.5 * (profile.high_mm + profile.low_mm);
  FlatLimits limits{3.0, 35.0, 0.4 * along.section_mm2, {}};
  limits.wanted = [&](const Eigen::Vector3d& centre, const Eigen::Vector3d& normal) {
    return std::abs(normal.dot(along.direction)) > 0.7 &&
           std::abs(centre.dot(along.direction) - middle_mm) > 0.25 * length_mm;
  };
  OpenedCap cap;
  std::vector<std::uint8_t> kept(mesh.triangles.size(), 1);
  if (const auto flat = find_flat_region(mesh, pair_edges(mesh).opposite, limits)) {
    cap = {true, flat->area_mm2, flat->centre_mm};
    for (std::size_t t = 0; t < kept.size(); ++t) kept[t] = !flat->triangles[t];
  } else {
    constexpr int kEnd = kStations * 2 / 5;
    if (mean(profile, 1, kEnd) > mean(profile, kStations - kEnd, kStations))
      profile = make_profile(mesh, -along.direction);
    const auto begin = profile.section_mm2.begin() + kStations / 2;
    const double widest = *std::max_element(begin, profile.section_mm2.end());
    int cut = kStations - 1;
    while (cut > kStations / 2 && profile.section_mm2[cut] < 0.8 * widest) --cut;
    const double cut_mm = profile.low_mm + (profile.high_mm - profile.low_mm) * cut / kStations;
    for (std::size_t t = 0; t < kept.size(); ++t) {
      const Eigen::Vector3i& corner = mesh.triangles[t];
      double highest = -1e300;
      for (int k = 0; k < 3; ++k) highest = std::max(highest, profile.axis.dot(mesh.vertices[corner[k]]));
      if (highest <= cut_mm) continue;
      kept[t] = 0;
      const Eigen::Vector3d &a = mesh.vertices[corner[0]], &b = mesh.vertices[corner[1]], &c = mesh.vertices[corner[2]];
      const double area = 0.5 * (b - a).cross(c - a).norm();
      cap.area_mm2 += area;
      cap.centre_mm += area * (a + b + c) / 3.0;
    }
    if (cap.area_mm2 <= 0.0) return {};
    cap.centre_mm /= cap.area_mm2;
  }
  keep_triangles(skin, kept);
  make_manifold(skin);
  return cap;
}

}  // namespace fit::detail
