#pragma once

#include <string>

#include "libfit/mesh.h"

namespace fit {

/// What of a limb was not seen yet, and how to see it.
struct Unseen {
  double percent = 100.0;      ///< of the area of sides and distal end
  double end_percent = 100.0;  ///< of the distal end alone
  std::string where;           ///< "at the back", "at the distal end"; empty when next to nothing is missing
  std::string advice;          ///< "walk round the back"; empty likewise
};

/// Looks at a scan as it is, open where nothing was seen. Sides: slices along the limb, 10 degrees of each circle at a
/// time. Distal end: the half ball that would close it there, in pieces of about 15 degrees; it is the end with less
/// open rim. Directions are named as the first frame shows them.
/// Needs: the first frame's camera coordinates (x right, y down, z away), something long.
Unseen unseen_of(const Mesh& surface);

}  // namespace fit
