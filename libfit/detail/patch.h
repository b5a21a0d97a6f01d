#pragma once

#include <Eigen/Core>
#include <array>
#include <cstdint>
#include <unordered_set>
#include <vector>

namespace fit::detail {

/// A triangulated disc that spans a loop.
class Patch {
 public:
  /// Needs: `triangles` over `points`, each inner edge with two of them.
  /// `taken` are edges that the surface around the patch has between points of the loop.
  Patch(std::vector<Eigen::Vector3d> points, const std::vector<Eigen::Vector3i>& triangles,
        const std::vector<std::array<int, 2>>& taken);

  const std::vector<Eigen::Vector3d>& points() const { return points_; }
  std::vector<Eigen::Vector3d>& points() { return points_; }
  const std::vector<Eigen::Vector3i>& triangles() const { return triangles_; }

  /// Adds points until the triangles are about as large as the edges around them say, where `size_mm` is the length of
  /// edge wanted at each of the first points (Liepa 2003, section 4). Stops at `most` points.
  void refine(const std::vector<double>& size_mm, std::size_t most);

  /// Flips edges until the patch is Delaunay: the angles opposite each inner edge add up to at most 180 degrees.
  void flip_to_delaunay();

 private:
  bool flip(int triangle, int side);
  void split(int triangle);
  void pair_up();

  std::vector<Eigen::Vector3d> points_;
  std::vector<Eigen::Vector3i> triangles_;
  std::vector<std::array<int, 3>> across_;  ///< triangle beyond the edge from corner k to k + 1, or -1
  std::vector<double> size_mm_;
  std::unordered_set<std::uint64_t> edges_;
};

}  // namespace fit::detail
