#pragma once

#include <Eigen/Core>
#include <vector>

namespace fit {

/// A triangle surface: plain numbers, in millimetres, triangles counter-clockwise seen from outside.
/// Promises nothing: it may be open, crossing itself or empty. What was checked is a `Solid`.
struct Mesh {
  std::vector<Eigen::Vector3d> vertices;   ///< mm
  std::vector<Eigen::Vector3i> triangles;  ///< three indices into `vertices` each
  std::vector<Eigen::Vector3d> colors;     ///< empty, or one a vertex: red, green, blue, each 0 to 1

  bool operator==(const Mesh&) const = default;
};

/// One number a vertex; the unit is in the name of what holds it.
using Values = std::vector<double>;

/// The smallest axis-aligned box around the vertices. `lowest > highest` for a mesh without vertices.
struct Box {
  Eigen::Vector3d lowest = Eigen::Vector3d::Constant(1e300);
  Eigen::Vector3d highest = Eigen::Vector3d::Constant(-1e300);
  Eigen::Vector3d size() const { return highest - lowest; }
};

Box bounding_box(const Mesh& mesh);

/// Volume enclosed by the triangles, mm3 (flux of position / 3; Gauss). Of an open mesh it has no meaning.
double volume_mm3(const Mesh& mesh);

/// Sum of the triangles' areas, mm2.
double area_mm2(const Mesh& mesh);

/// Area-weighted unit normals, one a vertex; zero where a vertex has no area around it.
std::vector<Eigen::Vector3d> vertex_normals(const Mesh& mesh);

/// Closed loops of boundary edges (edges with one triangle), each as vertex indices in the order in which the
/// surface lies on their left. Needs: indices within range, at most two triangles an edge. Where a vertex has several
/// boundary edges the loops are split there.
std::vector<std::vector<int>> boundary_loops(const Mesh& mesh);

/// The mesh with each triangle's order, and so its outside, turned about.
Mesh flipped(Mesh mesh);

/// Removes vertices that no triangle uses. `kept[i]` of the result is the earlier index of vertex i.
std::vector<int> remove_unused_vertices(Mesh& mesh);

}  // namespace fit
