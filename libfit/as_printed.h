#pragma once

#include <Eigen/Geometry>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/progress.h"
#include "libfit/solid.h"

namespace fit {

/// A straight piece of the outermost line of a layer, as a printer draws it.
struct PrintedLine {
  Eigen::Vector2f from_mm, to_mm;  ///< the middle of the line
  float middle_z_mm = 0.0f;        ///< of the layer: where the slicer cut the part
  float layer_mm = 0.0f;           ///< height of the layer
  float width_mm = 0.0f;           ///< of the line: its edge lies half of it beside the middle
};

/// How the inside of a printed socket lies to its positive.
struct AsPrinted {
  double mean_mm = 0.0;       ///< + where it is outside: the socket is wider than drawn
  double iqr_mm = 0.0;        ///< from the first to the third quartile
  double largest_mm = 0.0;    ///< 95 % of it is off by no more, either way
  double seen_percent = 0.0;  ///< share of the positive's surface in the socket of which lines were found
};

/// Compares the edges of printed lines with the positive. A line belongs to the inside where the nearest surface of the
/// socket lies on the positive: rim, holes, block and outside do not count. Each place of a line is taken a quarter of
/// the layer above and below its middle, so that the steps between layers count as the error that they are. Surfaces
/// that lie flatter than 25 degrees are made by other lines and are left out.
/// `limb_from_print` is from where lines are printed to the limb frame; a scale in it is the shrinkage of the print.
/// Needs: `socket` made of `positive`, both in the limb frame. Exact to about 0.01 mm for straight walls.
/// The same on any number of threads. Throws Error::bad_input (a mesh without triangles), Cancelled.
AsPrinted as_printed(const std::vector<PrintedLine>& lines, const Eigen::Affine3d& limb_from_print,
                     const Mesh& positive, const Solid& socket, const Progress& progress = {});

}  // namespace fit
