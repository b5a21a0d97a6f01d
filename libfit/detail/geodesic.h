#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// The triangles around each vertex: those of vertex i are triangle[begin[i]] .. triangle[begin[i + 1] - 1], ascending.
struct TrianglesAround {
  std::vector<int> begin;
  std::vector<int> triangle;
};

TrianglesAround triangles_around(const Mesh& surface);

/// A vertex and how far it is over the surface.
struct Reached {
  int vertex;
  double distance_mm;
};

/// The vertices that lie within `reach_mm` of a line of points over the surface, by their distance: fast marching
/// (R. Kimmel and J. A. Sethian 1998), from exact distances to the line within 5 mm of it. Within 2 % of the exact
/// geodesic distance on even triangles.
/// Needs: `line` has at least one point, its points lie on the surface less than 5 mm apart.
std::vector<Reached> reached_within(const Mesh& surface, const TrianglesAround& around,
                                    const std::vector<Eigen::Vector3d>& line, double reach_mm);

}  // namespace fit::detail
