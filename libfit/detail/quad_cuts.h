#pragma once

#include <cstdint>
#include <vector>

#include "libfit/detail/place_vertices.h"

namespace fit::detail {

/// How a quadrilateral of a dual surface is cut into triangles: along a diagonal, or into a fan around the place where
/// the surface crosses its grid edge.
///
/// A fan lies in the envelope of its grid edge (the four tetrahedra of the edge and two neighbouring vertices), where
/// no other quadrilateral reaches (Ju and Udeshi 2006), and has an exact point of the surface in its middle.
enum class Cut : std::uint8_t { from_0_to_2, from_1_to_3, fan };

/// Up to four triangles; the middle of a fan is index `crossing` of `PlacedVertices::point`.
class CutTriangles {
 public:
  CutTriangles(const std::array<int, 4>& corners, int middle, Cut cut) {
    if (cut == Cut::fan) {
      for (int i = 0; i < 4; ++i) triangles_[count_++] = {middle, corners[i], corners[(i + 1) % 4]};
      return;
    }
    const int s = cut == Cut::from_1_to_3;
    triangles_[count_++] = {corners[s], corners[s + 1], corners[s + 2]};
    triangles_[count_++] = {corners[s], corners[s + 2], corners[(s + 3) % 4]};
  }

  const Eigen::Vector3i* begin() const { return triangles_.data(); }
  const Eigen::Vector3i* end() const { return triangles_.data() + count_; }

 private:
  std::array<Eigen::Vector3i, 4> triangles_;
  int count_ = 0;
};

inline CutTriangles triangles_of(const DualSurface& surface, std::size_t crossing, Cut cut) {
  return {surface.crossings[crossing].corners, static_cast<int>(surface.vertices.size() + crossing), cut};
}

/// Whether two neighbours of these triangles are turned by more than 120 degrees, or by more than 60 in a fan: such a
/// tent crosses nothing, but no smooth surface and no edge of a solid looks like it.
bool folds_over(const CutTriangles& triangles, const std::vector<Eigen::Vector3d>& points);

/// Cuts each quadrilateral along an edge of the solid, else along its shorter diagonal; into a fan where that would
/// stray more than 0.03 mm from the surface. Throws Cancelled.
std::vector<Cut> cut_quads(const DualSurface& surface, const PlacedVertices& placed, const Progress& progress = {});

}  // namespace fit::detail
