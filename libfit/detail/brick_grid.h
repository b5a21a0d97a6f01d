#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "libfit/detail/solid_field.h"
#include "libfit/mesh.h"
#include "libfit/progress.h"

namespace fit::detail {

/// The signs of a field on a regular grid, kept in bricks of 8 x 8 x 8 nodes where its surface passes; everywhere else
/// only the sign of a whole brick is known.
///
/// A brick owns the cells whose lowest corner it owns. Bricks in whose cells (their far faces included) the field was
/// shown to have one sign are not stored.
class BrickGrid {
 public:
  static constexpr int kSide = 8;
  static constexpr int kNodes = kSide * kSide * kSide;
  /// The value of a node of which only the sign is known.
  static constexpr float kFar = 1e30f;

  struct Brick {
    Eigen::Vector3i place;                ///< in bricks
    std::array<float, kNodes> value;      ///< x fastest: the field, or what is expected of it with its
                                          ///< sign; +-kFar where only the sign is known
    std::array<int, kNodes / 8> nearest;  ///< a triangle of the positive near every 2 x 2 x 2 nodes
    SolidField::Nearby nearby;            ///< of its cells
  };

  /// Throws Error::bad_params when the box holds more than 2^30 bricks of that spacing; Cancelled.
  BrickGrid(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress = {});

  double spacing_mm() const { return spacing_; }
  Eigen::Vector3d position(const Eigen::Vector3i& node) const { return origin_ + spacing_ * node.cast<double>(); }

  /// The cell that a point lies in.
  Eigen::Vector3i cell_at(const Eigen::Vector3d& point) const {
    return ((point - origin_) / spacing_).array().floor().cast<int>();
  }

  /// A point moved into a cell, and off its faces by 0.4 % of its size: only there is it sure not to be in the way of
  /// what lies in other cells.
  Eigen::Vector3d kept_in_cell(const Eigen::Vector3i& cell, const Eigen::Vector3d& point) const {
    constexpr double kMargin = 0.004;
    const Eigen::Vector3d low = position(cell);
    return point.cwiseMax(low + Eigen::Vector3d::Constant(kMargin * spacing_))
        .cwiseMin(low + Eigen::Vector3d::Constant((1.0 - kMargin) * spacing_));
  }

  /// A triangle of the positive near a node of a brick.
  int nearest(int brick, const Eigen::Vector3i& node) const {
    const Eigen::Vector3i half((node.x() & 7) >> 1, (node.y() & 7) >> 1, (node.z() & 7) >> 1);
    return bricks_[brick].nearest[half.x() | half.y() << 2 | half.z() << 4];
  }

  const std::vector<Brick>& bricks() const { return bricks_; }

  /// Index of the brick at a place, or -1 when it is not stored.
  int brick_at(const Eigen::Vector3i& place) const;

  /// Whether the field is negative at a node.
  bool inside(const Eigen::Vector3i& node) const;

  /// Index of a node in its brick.
  static int local(const Eigen::Vector3i& node) { return (node.x() & 7) | (node.y() & 7) << 3 | (node.z() & 7) << 6; }

 private:
  class Filler;
  static constexpr int kOutside = -1, kInside = -2;

  std::size_t flat(const Eigen::Vector3i& place) const {
    return (static_cast<std::size_t>(place.z()) * count_.y() + place.y()) * count_.x() + place.x();
  }
  void sort_out(const SolidField& field, const Eigen::Vector3i& place, int bricks, int triangle);

  Eigen::Vector3d origin_;
  double spacing_;
  Eigen::Vector3i count_;   ///< of bricks along each axis
  std::vector<int> index_;  ///< a brick's index, kOutside or kInside
  std::vector<Brick> bricks_;
};

}  // namespace fit::detail
