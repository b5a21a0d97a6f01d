#pragma once

#include <string>

#include "libfit/mesh.h"

namespace fit {

/// A mesh as a page holds it, about 5 bytes a vertex and 4 a triangle before base64: little-endian numbers of seven
/// bits a byte (the eighth says that more follows), in this order:
/// - vertices; each coordinate as the zigzag difference to the vertex before, in steps of `step_mm` from the box's
/// lowest
///   corner;
/// - triangles; each corner as the number of the next new vertex less itself.
/// `values`, when there are any, as zigzag differences in steps of 0.01, the most negative 32-bit number for NaN.
/// Needs: vertices in the order in which triangles name them first.
struct PackedMesh {
  std::size_t vertices = 0, triangles = 0;
  Eigen::Vector3d lowest_mm = Eigen::Vector3d::Zero();
  double step_mm = 0.05;
  std::string bytes;
};

PackedMesh packed_mesh(const Mesh& mesh);
std::string packed_values(const Values& values);

}  // namespace fit
