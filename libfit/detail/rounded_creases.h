#pragma once

#include <vector>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/field_algebra.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// The positive with its narrow creases filled, as far as a ball of a radius does not roll into them from outside
/// (morphological closing; Serra 1982): else a socket would have a knife-edged fin in them.
///
/// The ball's centre nearest to a point is found by successive tangent planes of the positive, only near creases that
/// were found at its vertices; everywhere else the positive is left as it is.
class RoundedCreases {
 public:
  struct Filled {
    double deepest_mm = 0.0;  ///< 0: there is no such crease
    Eigen::Vector3d place_mm = Eigen::Vector3d::Zero();
  };

  /// Looks for creases at vertices below `top_mm`. Needs: a closed positive; it and its distances outlive this.
  RoundedCreases(const Mesh& closed, const ClosestPoint& to_positive, double radius_mm, double top_mm);

  const Filled& filled() const { return filled_; }

  /// Signed distance to the filled positive where `closest` is that to the positive itself. Exact near the surface and
  /// outside it; deep in a filled crease a bound. `triangle`: the last answer nearby.
  Jet at(const Eigen::Vector3d& point_mm, const Closest& closest, const Jet& to_positive, int triangle) const;

  /// Whether the ball may hold a place where a crease was filled.
  bool may_hold(const Eigen::Vector3d& center_mm, double radius_mm) const;

 private:
  Eigen::Vector3d nearest_center(const Eigen::Vector3d& point_mm, const Eigen::Vector3d& foot_mm,
                                 const Eigen::Vector3d& normal, int triangle) const;
  std::vector<int> suspects(double top_mm) const;
  std::vector<bool> along_deep_creases(const std::vector<int>& vertices, const std::vector<double>& depth) const;
  void mark(const Eigen::Vector3d& center_mm, double radius_mm);
  Eigen::Vector3i cell_of(const Eigen::Vector3d& point_mm) const;

  const Mesh& positive_;
  const ClosestPoint& to_positive_;
  double radius_;
  Filled filled_;
  Eigen::Vector3d origin_;
  Eigen::Vector3i count_;
  std::vector<bool> near_crease_;  ///< cells of kCellMm
};

}  // namespace fit::detail
