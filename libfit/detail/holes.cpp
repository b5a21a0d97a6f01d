#include "libfit/detail/holes.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/reported_loop.h"

namespace fit::detail {

std::vector<Rim> find_rims(const Mesh& mesh, const std::vector<int>& opposite) {
  std::vector<int> from(mesh.vertices.size(), -1);
  for (std::size_t h = 0; h < opposite.size(); ++h)
    if (opposite[h] < 0) from[mesh.triangles[h / 3][h % 3]] = static_cast<int>(h);
  std::vector<std::uint8_t> seen(opposite.size(), 0);
  std::vector<Rim> rims;
  for (std::size_t start = 0; start < opposite.size(); ++start) {
    if (opposite[start] >= 0 || seen[start]) continue;
    Rim rim;
    for (int h = static_cast<int>(start); !seen[h]; h = from[mesh.triangles[h / 3][(h + 1) % 3]]) {
      seen[h] = 1;
      rim.push_back(h);
    }
    rims.push_back(std::move(rim));
  }
  return rims;
}

std::vector<Filled> fill_holes(Skin& skin, const std::vector<Rim>& rims, const Progress& progress) {
  Mesh& mesh = skin.mesh;
  const Around around(mesh);
  std::vector<RimPatch> patches(rims.size());
  // Large ones alone, so that each reports as it goes; small ones side by side.
  constexpr std::size_t kLarge = 200;
  std::vector<std::size_t> small;
  double done = 0.0;
  for (std::size_t i = 0; i < rims.size(); ++i) {
    if (rims[i].size() < kLarge) {
      small.push_back(i);
      continue;
    }
    patches[i] = span_rim(mesh, around, rims[i], progress.part(done, done + 0.5 * (1.0 - done)));
    done += 0.5 * (1.0 - done);
  }
  reported_for(small.size(), 1, progress.part(done, 1.0),
               [&](std::size_t i) { patches[small[i]] = span_rim(mesh, around, rims[small[i]]); });
  std::vector<Filled> filled;
  for (std::size_t i = 0; i < rims.size(); ++i) {
    const int base = static_cast<int>(mesh.vertices.size());
    mesh.vertices.insert(mesh.vertices.end(), patches[i].points.begin(), patches[i].points.end());
    if (!mesh.colors.empty()) {
      Eigen::Vector3d color = Eigen::Vector3d::Zero();
      for (int h : rims[i]) color += mesh.colors[mesh.triangles[h / 3][h % 3]];
      mesh.colors.resize(mesh.vertices.size(), color / static_cast<double>(rims[i].size()));
    }
    Filled one;
    for (Eigen::Vector3i t : patches[i].triangles) {
      for (int k = 0; k < 3; ++k)
        if (t[k] < 0) t[k] = base - 1 - t[k];
      mesh.triangles.push_back(t);
      skin.invented.push_back(1);
      const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
      const double area = 0.5 * (b - a).cross(c - a).norm();
      one.area_mm2 += area;
      one.centre_mm += area * (a + b + c) / 3.0;
      ++one.triangles;
    }
    if (one.area_mm2 > 0.0) one.centre_mm /= one.area_mm2;
    one.width_mm = 2.0 * std::sqrt(one.area_mm2 / std::numbers::pi);
    filled.push_back(one);
  }
  return filled;
}

}  // namespace fit::detail
