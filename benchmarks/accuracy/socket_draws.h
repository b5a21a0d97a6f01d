#pragma once

#include <string>

#include "libfit/pipeline.h"
#include "models/shapes/generate_limb.h"

namespace fit {

/// A limb, a template and a wall, drawn at random over all that a clinic may see and beyond, and what became of them in
/// the whole pipeline.
struct SocketDraw {
  int seed = 0;
  GenerateParams limb;
  Design design;
  std::string refusal;  ///< the sentence, when no socket was made
  std::size_t triangles = 0;
  std::size_t crossings = 0;   ///< pairs of the socket's triangles that cross
  double asked_wall_mm = 0.0;  ///< the least anywhere
  double thinnest_wall_mm = 0.0;
  double inner_worst_mm = 0.0;  ///< inner vertices to the positive, below the rim's band, away from the block
  std::string forbidding;       ///< codes of the findings that forbid printing, apart by spaces
};

/// The design for a generated limb: its true landmarks confirmed; side and level told; liner, bearing, wall, block and
/// trimline drawn.
Design draw_design(int seed, const GeneratedLimb& limb);

/// Takes the limb and the design of a seed through the pipeline.
SocketDraw draw_socket(int seed);

/// The table's columns, and the line of a draw.
std::string csv_header();
std::string csv_row(const SocketDraw& draw);

}  // namespace fit
