#pragma once

#include <Eigen/Geometry>
#include <optional>

#include "libfit/mesh.h"

namespace fit::detail {

/// A limb's surface with the facts about it that hold in any pose, found once.
struct PosedLimb {
  explicit PosedLimb(const Mesh& surface);

  const Mesh& surface;
  std::vector<int> rim;      ///< vertices of the longest opening
  Eigen::Vector3d up;        ///< normal of that opening, out of the limb; zero for a closed surface
  Eigen::Vector3d centroid;  ///< of the surface
};

/// The surface carried into a frame, and how far it reaches there.
struct InFrame {
  InFrame(const PosedLimb& limb, const Eigen::Isometry3d& frame_from_scan);

  Mesh surface;
  double distal_mm;  ///< height of the most distal skin
  double top_mm;     ///< height below which all round there is skin
};

/// The direction round which the walls' normals turn: the axis of the cone that the surface is nearest to, on the side of
/// `up`. It is the direction in which the normals, weighted by area and by the squared sine of their angle to it, vary
/// least. Where a limb is as wide as long and the centroids of its sections say little, this still holds: within 12
/// degrees of the anatomical axis on 90 drawn transfemoral limbs, whose openings lean by up to 50.
/// Needs: `up` is not zero; triangles with area.
Eigen::Vector3d axis_of_walls(const Mesh& surface, const Eigen::Vector3d& up);

/// A frame whose z is along `up`, its origin in the limb's centroid, and its x along the limb's wider side: the same
/// place on the limb in whatever pose the limb is.
Eigen::Isometry3d starting_frame(const PosedLimb& limb, const Eigen::Vector3d& up);

/// The frame turned and shifted so that z is the least-squares line through the section centroids between 20 and 80 %
/// of the way from the distal end up to `knee`, a point in the scan's frame (the height below which there is skin all
/// round, without it), and the origin on it at the height of the most distal skin. x turns as little as it can.
/// Sections are normal to the line: found by fixed-point iteration, to 1e-9. Only outlines that close count, so a thigh
/// that hangs beside a bent knee does not.
/// Throws Error::bad_input where there is too little skin for a line.
/// With `keep_direction` z stays as it is, and the line through the centroids' mean is taken.
Eigen::Isometry3d frame_on_axis(const PosedLimb& limb, Eigen::Isometry3d frame_from_scan,
                                const std::optional<Eigen::Vector3d>& knee = {}, int iterations = 4,
                                bool keep_direction = false);

}  // namespace fit::detail
