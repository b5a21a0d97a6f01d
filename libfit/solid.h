#pragma once

#include "libfit/mesh.h"

namespace fit {

/// A `Mesh` that was checked: finite, closed, oriented, 2-manifold (every edge has two triangles that run along it in
/// opposite directions, the triangles around every vertex form one fan), of positive volume, without unused vertices.
/// Only a Solid can be written for printing: a leaking socket does not compile.
/// It may still cross itself: `check_print` finds that, and no print file is written while it does.
class Solid {
 public:
  /// Throws Error::bad_input, naming the first thing wrong and its place in mm.
  explicit Solid(Mesh mesh);

  const Mesh& mesh() const { return mesh_; }

 private:
  Mesh mesh_;
};

}  // namespace fit
