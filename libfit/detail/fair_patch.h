#pragma once

#include <Eigen/Core>
#include <vector>

namespace fit::detail {

/// How the points that are free are to continue those that are not.
enum class Continuity {
  tangent,    ///< the least bending energy: the surface's tangent is continued
  curvature,  ///< the least variation of mean curvature: its curvature is continued too
};

/// Moves the points flagged `free` to where the surface is fairest, by one linear solve (Botsch and Kobbelt, An
/// Intuitive Framework for Real-Time Freeform Modeling, 2004: weights by cotangents, areas by thirds). Points whose
/// triangles do not surround them (at the rim of `triangles`) say nothing about fairness. `even` takes equal weights
/// instead of cotangents: for triangles too poor for them. False, and nothing is moved, when there is no answer.
bool fair(std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles,
          const std::vector<bool>& free, Continuity continuity, bool even);

}  // namespace fit::detail
