#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "libfit/mesh.h"

namespace fit {

/// A plane with two axes in it, for drawing what it cuts.
struct CutPlane {
  Eigen::Vector3d point_mm = Eigen::Vector3d::Zero();
  Eigen::Vector3d right{1, 0, 0};  ///< of the drawing
  Eigen::Vector3d up{0, 0, 1};     ///< of the drawing
};

/// The lines in which a plane cuts a surface, in the plane's axes, joined end to end. A closed line ends where it
/// begins. The same lines for the same mesh.
std::vector<std::vector<Eigen::Vector2d>> outlines(const Mesh& mesh, const CutPlane& plane);

/// The lines as the `d` of an SVG path, y down, in tenths of a mm; points nearer than `least_mm` to the one before are
/// left out.
std::string svg_path(const std::vector<std::vector<Eigen::Vector2d>>& lines, double least_mm = 0.4);

}  // namespace fit
