#pragma once

#include <Eigen/Core>
#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// A line in which a plane meets a surface, with the inside on its left: the last point joins the first where it is
/// `closed`; it is open where the surface is.
struct Outline {
  std::vector<Eigen::Vector2d> points;  ///< x and y, mm
  bool closed = true;
};

/// The outlines in which the planes z = `heights_mm[i]` meet the surface, for all heights in one pass over the
/// triangles. A vertex exactly on a plane counts as above it, so every outline of a closed surface is closed. Exact for
/// the mesh. Needs: heights ascending; indices within range; numbers finite.
std::vector<std::vector<Outline>> cross_sections(const Mesh& surface, const std::vector<double>& heights_mm);

/// Signed area enclosed, mm2: positive where the outline runs counter-clockwise.
double area_mm2(const Outline& outline);

/// The middle of the area enclosed; the first point where there is no area. Needs: at least one point.
Eigen::Vector2d centroid(const Outline& outline);

/// Length along the outline, mm.
double perimeter_mm(const Outline& outline);

/// The corners of the convex hull, counter-clockwise (A. M. Andrew 1979).
std::vector<Eigen::Vector2d> convex_hull(std::vector<Eigen::Vector2d> points);

/// Whether a point lies inside, by the parity of the crossings of a ray.
bool encloses(const Outline& outline, const Eigen::Vector2d& point);

/// The outline that encloses most; nullptr when there is none.
const Outline* largest(const std::vector<Outline>& outlines);

/// The closed outline that encloses most; nullptr when there is none.
const Outline* largest_closed(const std::vector<Outline>& outlines);

}  // namespace fit::detail
