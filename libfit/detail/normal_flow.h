#pragma once

#include <Eigen/Core>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// Unit normals, one a vertex, of the surface as seen at a scale of about 4 mm: area-weighted normals, averaged in
/// space by a Gaussian, so that they depend on the surface and not on its triangles. Walls of a groove narrower than
/// that scale agree on the direction out of it.
std::vector<Eigen::Vector3d> smooth_normals(const Mesh& surface);

/// Moves each vertex along the smooth normals by `amounts_mm` (outward positive), in steps of at most 3 mm that find
/// the normals anew. A step is a map of space that bends by less than its own length, and such a map folds nothing; so
/// an offset closes in on a groove as the exact one does, down to about 4 mm, and never crosses itself there.
/// The distance moved is that along the normal within 1 % where the surface bends over more than 10 mm.
void move_along_normals(Mesh& surface, const Values& amounts_mm, const Progress& progress = {});

}  // namespace fit::detail
