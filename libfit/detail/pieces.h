#pragma once

#include <vector>

#include "libfit/mesh.h"

namespace fit::detail {

/// A part of a closed surface that hangs together by its triangles.
struct Piece {
  double volume_mm3;  ///< negative: it bounds a void
  Eigen::Vector3d middle_mm;
  int first_triangle;
};

/// The pieces in the order of their first triangles; `piece_of` tells that of every vertex (-1: no triangle uses it).
std::vector<Piece> pieces(const Mesh& mesh, std::vector<int>& piece_of);

/// The mesh without the pieces marked in `dropped`.
Mesh without_pieces(const Mesh& mesh, const std::vector<int>& piece_of, const std::vector<bool>& dropped);

}  // namespace fit::detail
