#pragma once

#include "libfit/mesh.h"

namespace fit {

/// A mesh to be looked at, and what its vertices stand for.
struct CoarseMesh {
  Mesh mesh;
  std::vector<int> coarse_of;  ///< for each vertex of the fine mesh, the one that stands for it
};

/// The mesh with at most about `triangles` triangles: the vertices in one cell of a grid become one, in their middle.
/// Good to look at and nothing else: it may touch itself. A mesh that is coarse already stays as it is.
/// Vertices stand in the order in which triangles name them first.
CoarseMesh coarse_mesh(const Mesh& mesh, std::size_t triangles);

/// The mean over the vertices that a vertex stands for; NaN when none of them has a number.
Values coarse_values(const CoarseMesh& coarse, const Values& values);

}  // namespace fit
