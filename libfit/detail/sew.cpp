#include "libfit/detail/sew.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <utility>

#include "libfit/detail/corner_weld.h"
#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/junctions.h"
#include "libfit/detail/point_hash.h"

namespace fit::detail {

namespace {

/// A triangle lower than this has no area that its corners, read from 32-bit numbers, could tell.
constexpr double kFlat_mm = 1e-4;

void rename(Mesh& mesh, const std::vector<int>& renamed) {
  for (Eigen::Vector3i& t : mesh.triangles)
    for (int k = 0; k < 3; ++k) t[k] = renamed[t[k]];
}

void remove_collapsed(Skin& skin, Sewn& sewn) {
  const Removed removed = remove_collapsed_and_repeated(skin);
  sewn.collapsed += removed.collapsed;
  sewn.repeated += removed.repeated;
}

int weld_exactly(Mesh& mesh) {
  CornerWeld<double> weld(mesh.vertices.size());
  std::vector<int> first, renamed(mesh.vertices.size());
  for (std::size_t v = 0; v < renamed.size(); ++v) {
    const Eigen::Vector3d& at = mesh.vertices[v];
    const std::size_t place = static_cast<std::size_t>(weld.index_of({at.x(), at.y(), at.z()}));
    if (place == first.size()) first.push_back(static_cast<int>(v));
    renamed[v] = first[place];
  }
  if (first.size() < renamed.size()) rename(mesh, renamed);
  return static_cast<int>(renamed.size() - first.size());
}

std::vector<std::uint8_t> at_boundary(const Mesh& mesh, const std::vector<int>& opposite) {
  std::vector<std::uint8_t> boundary(mesh.vertices.size(), 0);
  for (std::size_t h = 0; h < opposite.size(); ++h) {
    if (opposite[h] >= 0) continue;
    const Eigen::Vector3i& t = mesh.triangles[h / 3];
    boundary[t[h % 3]] = boundary[t[(h + 1) % 3]] = 1;
  }
  return boundary;
}

int merge_boundary(Mesh& mesh, double merge_mm) {
  const std::vector<std::uint8_t> boundary = at_boundary(mesh, pair_edges(mesh).opposite);
  std::vector<int> renamed(mesh.vertices.size());
  PointHash kept(2.0 * merge_mm, static_cast<std::size_t>(std::count(boundary.begin(), boundary.end(), 1)));
  int merged = 0;
  for (std::size_t v = 0; v < renamed.size(); ++v) {
    renamed[v] = static_cast<int>(v);
    if (!boundary[v]) continue;
    double nearest = merge_mm * merge_mm;
    kept.near(mesh.vertices[v], merge_mm, [&](int other) {
      const double squared = (mesh.vertices[other] - mesh.vertices[v]).squaredNorm();
      if (squared > nearest || (squared == nearest && renamed[v] < static_cast<int>(v))) return;
      nearest = squared;
      renamed[v] = other;
    });
    if (renamed[v] == static_cast<int>(v))
      kept.insert(mesh.vertices[v], static_cast<int>(v));
    else
      ++merged;
  }
  if (merged > 0) rename(mesh, renamed);
  return merged;
}

}  // namespace

Sewn sew(Skin& skin, double merge_mm) {
  Sewn sewn;
  sewn.corners = weld_exactly(skin.mesh);
  remove_collapsed(skin, sewn);
  if (merge_mm > 0.0) {
    sewn.merged = merge_boundary(skin.mesh, merge_mm);
    remove_collapsed(skin, sewn);
  }
  // A cap that is taken out leaves a junction, and a junction that is split can leave a flat triangle.
  for (int round = 0; round < 4; ++round) {
    const int flat = remove_flat(skin, kFlat_mm);
    sewn.collapsed += flat;
    remove_collapsed(skin, sewn);
    const int split = split_junctions(skin, std::max(merge_mm, kFlat_mm));
    sewn.split_edges += split;
    remove_collapsed(skin, sewn);
    if (flat + split == 0) break;
  }
  return sewn;
}

}  // namespace fit::detail
