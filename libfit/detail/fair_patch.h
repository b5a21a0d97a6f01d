#pragma once

#include <Eigen/Core>
#include <vector>

namespace fit::detail {

/// How the points that are free are to continue those that are not.
enum class Continuity {
  position,   ///< the least stretching: only their place is continued
  tangent,    ///< the least bending energy: the surface's tangent is continued
  curvature,  ///< the least variation of mean curvature: its curvature is continued too
};

/// How a point is held to its place.
struct Hold {
  bool fixed = false;
  double wave_mm = 0.0;  ///< 0: free; else details longer than this are kept, shorter ones may be smoothed away

  static Hold still() { return {true, 0.0}; }
  static Hold free() { return {}; }
  static Hold by_waves_over(double wave_mm) { return {false, wave_mm}; }
};

/// Moves points to where the surface is fairest, by one linear solve (Botsch and Kobbelt, An Intuitive Framework for
/// Real-Time Freeform Modeling, 2004: weights by cotangents, areas by thirds).
/// Points whose triangles do not surround them (at the rim of `triangles`) say nothing about fairness.
/// `even` takes equal weights instead of cotangents: for triangles too poor for them.
/// Numbers other than places can be carried on too, with even weights.
/// False, and nothing is moved, when there is no answer.
bool fair(std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles,
          const std::vector<Hold>& holds, Continuity continuity, bool even);

}  // namespace fit::detail
