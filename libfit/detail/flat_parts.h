#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "libfit/detail/skin.h"

namespace fit::detail {

/// A connected region that stays near a plane.
struct FlatRegion {
  std::vector<std::uint8_t> triangles;  ///< one a triangle of the mesh: 1 in the region
  double area_mm2 = 0.0;
  double width_mm = 0.0;      ///< across its narrow direction
  double tolerance_mm = 0.0;  ///< how far from the plane it strays
  Eigen::Vector3d centre_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d normal = Eigen::Vector3d::UnitZ();  ///< as its triangles face
};

/// What counts as flat.
struct FlatLimits {
  double tolerance_mm =
      6.0;  ///< at most this far from the plane; a smooth region is held to three times its own roughness
  double least_width_mm = 130.0;
  double least_area_mm2 = 13000.0;
  std::function<bool(const Eigen::Vector3d& centre_mm, const Eigen::Vector3d& normal)> wanted;  ///< or empty: all
};

/// The largest flat region of a mesh, if there is one. Planes are tried through triples of points spread evenly over
/// the area (as RANSAC does, but always the same ones).
std::optional<FlatRegion> find_flat_region(const Mesh& mesh, const std::vector<int>& opposite,
                                           const FlatLimits& limits);

/// Takes out what is flat over more than a limb can be: floors, tables, seats, walls; where they run into the limb they
/// are cut off a little beyond the crease. Needs: what `make_manifold` gives; leaves it so.
std::vector<FlatRegion> remove_flat_parts(Skin& skin);

}  // namespace fit::detail
