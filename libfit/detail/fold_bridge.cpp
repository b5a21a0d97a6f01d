#include "libfit/detail/fold_bridge.h"

#include <algorithm>
#include <cmath>

#include "libfit/detail/fair_patch.h"
#include "libfit/detail/grow.h"

namespace fit::detail {

namespace {

constexpr int kRingsAround = 2;  ///< that say which way the skin goes on

double mean_edge_mm(const Mesh& surface, const std::vector<std::uint8_t>& flagged) {
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < flagged.size(); ++i) {
    if (!flagged[i]) continue;
    const Eigen::Vector3i& t = surface.triangles[i];
    for (int k = 0; k < 3; ++k) sum += (surface.vertices[t[k]] - surface.vertices[t[(k + 1) % 3]]).norm();
    count += 3;
  }
  return std::max(sum / std::max(count, 1), 0.1);
}

/// The vertices, as holds, that only flagged triangles meet and that are not on a rim.
std::vector<Hold> held_outside(const Mesh& surface, const std::vector<std::uint8_t>& flagged) {
  std::vector<Hold> holds(surface.vertices.size(), Hold::free());
  for (std::size_t i = 0; i < flagged.size(); ++i)
    if (!flagged[i])
      for (int k = 0; k < 3; ++k) holds[surface.triangles[i][k]] = Hold::still();
  for (const std::vector<int>& rim : boundary_loops(surface))
    for (int vertex : rim) holds[vertex] = Hold::still();
  return holds;
}

}  // namespace

FoldBridge bridge_folds(Mesh& skin, std::vector<std::uint8_t> flagged, double margin_mm) {
  const Around around(skin);
  grow(flagged, skin, around, static_cast<int>(std::ceil(margin_mm / mean_edge_mm(skin, flagged))));
  const std::vector<Hold> all_holds = held_outside(skin, flagged);
  grow(flagged, skin, around, kRingsAround);
  Mesh patch;
  patch.vertices = skin.vertices;
  for (std::size_t i = 0; i < flagged.size(); ++i)
    if (flagged[i]) patch.triangles.push_back(skin.triangles[i]);
  const std::vector<int> vertex_of = remove_unused_vertices(patch);
  std::vector<Hold> holds;
  for (int vertex : vertex_of) holds.push_back(all_holds[vertex]);

  FoldBridge made;
  // Even weights: the triangles on the walls of a fold are too poor to bear any other.
  if (!fair(patch.vertices, patch.triangles, holds, Continuity::tangent, true)) return made;
  made.area_mm2 = area_mm2(patch);
  for (std::size_t i = 0; i < vertex_of.size(); ++i) {
    Eigen::Vector3d& vertex = skin.vertices[vertex_of[i]];
    const double moved_mm = (patch.vertices[i] - vertex).norm();
    if (moved_mm > made.depth_mm) {
      made.depth_mm = moved_mm;
      made.deepest_mm = patch.vertices[i];
    }
    vertex = patch.vertices[i];
  }
  return made;
}

}  // namespace fit::detail
