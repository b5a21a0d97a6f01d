#pragma once

#include <vector>

#include "libfit/detail/skin.h"
#include "libfit/detail/span_rim.h"
#include "libfit/progress.h"

namespace fit::detail {

/// All rims. Needs: what `make_manifold` gives.
std::vector<Rim> find_rims(const Mesh& mesh, const std::vector<int>& opposite);

struct Filled {
  int triangles = 0;
  double area_mm2 = 0.0;
  double width_mm = 0.0;  ///< diameter of the circle of that area
  Eigen::Vector3d centre_mm = Eigen::Vector3d::Zero();
};

/// Spans each of the rims with a patch whose triangles are as large as those around it and whose curvature continues
/// theirs. Triangles are added behind the old ones, which stay as they are; the new ones are marked invented.
/// `filled[i]` tells of rim i.
std::vector<Filled> fill_holes(Skin& skin, const std::vector<Rim>& rims, const Progress& progress);

}  // namespace fit::detail
