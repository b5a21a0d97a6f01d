#pragma once

#include <Eigen/Core>
#include <memory>
#include <optional>

#include "libfit/mesh.h"

namespace fit::detail {

struct Closest {
  Eigen::Vector3d point_mm;  ///< on the surface
  double signed_mm;  ///< distance, negative inside, by the angle-weighted pseudonormal (Baerentzen and Aanaes 2005)
  int triangle;
};

/// Which instructions of the processor are used; both give the same bits.
enum class Instructions { best, portable };

/// Whether the side is told; leaving it out saves a third of the time to build.
enum class Sides { told, left_out };

/// Answers closest-point queries on a mesh of any size; immutable after it is built, so any number of threads may ask.
///
/// Needs: triangles that are neighbours share their vertices as indices; the sign has a meaning on a closed, oriented
/// mesh alone. Triangles without area, needles and edges of more than two triangles are allowed.
/// Exact to double rounding. Of triangles equally near, the one with the lowest index is told, so the answer depends on
/// mesh and query alone: not on hints, threads or the instructions of the processor.
class ClosestPoint {
 public:
  /// Throws Error::bad_input: no triangles, an index out of range, a coordinate that is not a number.
  explicit ClosestPoint(const Mesh& mesh, Sides sides = Sides::told, Instructions instructions = Instructions::best);
  ~ClosestPoint();

  /// Throws Error::bad_input for a query that is not a number.
  /// `hint` is a triangle that is likely near (that of a neighbouring query), or -1: it changes the time alone.
  Closest at(const Eigen::Vector3d& query, int hint = -1) const;

  /// The same, or nothing when no point of the surface is within `most_mm`.
  std::optional<Closest> within(const Eigen::Vector3d& query, double most_mm, int hint = -1) const;

 private:
  struct Tree;
  std::unique_ptr<const Tree> tree_;
};

}  // namespace fit::detail
