#pragma once

#include <cstdint>
#include <vector>

#include "libfit/detail/large_pages.h"
#include "libfit/mesh_io.h"

namespace fit::detail {

/// Faces of any number of corners, as mesh files hold them: 0-based indices that nobody has checked yet.
struct Polygons {
  LargeVector<std::int64_t> corners;
  LargeVector<std::size_t> ends;  ///< of each face, in `corners`
  int first_index = 0;  ///< what the file calls its first vertex: for the sentence about one that is not there

  void reserve(std::size_t faces) {
    corners.reserve(3 * faces);
    ends.reserve(faces);
  }
  void close_face() { ends.push_back(corners.size()); }
};

/// Throws (a clause) for a triangle that names a vertex that is not there.
/// `first_index` is what the file calls its first vertex.
void check_corners(const Mesh& mesh, int first_index = 0);

/// Fills `file.mesh.triangles` from faces over `file.mesh.vertices`: convex faces as fans, hollow ones by clipping ears
/// in the plane of their Newell normal. Faces of fewer than three corners are left out and said in a finding. Gives the
/// face that each triangle comes from; empty when face and triangle have the same number. Throws (a clause) for a
/// corner that names no vertex, and for hollow faces too large to cut up in sensible time.
std::vector<std::uint32_t> triangulate(const Polygons& polygons, MeshFile& file);

}  // namespace fit::detail
