#include "libfit/detail/brick_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/reported_loop.h"
#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

const double kHalfDiagonal = std::sqrt(3.0) / 2.0;
/// Side of the largest blocks that are sorted out as a whole, in bricks.
constexpr int kTile = 4;

Interval over_ball(double distance, double radius) { return {distance - radius, distance + radius}; }

}  // namespace

BrickGrid::BrickGrid(const SolidField& field, const Box& box, double spacing_mm, const Progress& progress)
    : spacing_(spacing_mm) {
  // Fractions of a cell that keep nodes off planes at round numbers, and off each other's mirror images.
  const Vector3d shift = spacing_mm * Vector3d(1.3819660113, 1.2360679775, 1.4142135624);
  origin_ = box.lowest - shift;
  const Vector3d cells = (box.size() + 2.0 * shift) / spacing_mm;
  const double tile_cells = kTile * kSide;
  const Vector3d tiles = (cells / tile_cells).array().ceil();
  if (!(tiles.prod() < (1 << 24)))
    throw Error(ErrorKind::bad_params, "The socket is too large for its resolution; choose a coarser resolution_mm.");
  const Vector3i tile_count = tiles.cast<int>();
  count_ = tile_count * kTile;
  index_.assign(static_cast<std::size_t>(count_.x()) * count_.y() * count_.z(), kOutside);

  reported_for(static_cast<std::size_t>(tile_count.prod()), 1, progress.part(0.0, 0.3), [&](std::size_t i) {
    const int x = static_cast<int>(i) % tile_count.x();
    const int y = static_cast<int>(i) / tile_count.x() % tile_count.y();
    const int z = static_cast<int>(i) / (tile_count.x() * tile_count.y());
    sort_out(field, Vector3i(x, y, z) * kTile, kTile, -1);
  });

  for (int z = 0; z < count_.z(); ++z)
    for (int y = 0; y < count_.y(); ++y)
      for (int x = 0; x < count_.x(); ++x) {
        int& index = index_[flat({x, y, z})];
        if (index < 0) continue;
        const int nearest = index;
        index = static_cast<int>(bricks_.size());
        bricks_.emplace_back();
        bricks_.back().place = {x, y, z};
        bricks_.back().nearest[0] = nearest;
      }
  reported_for(bricks_.size(), 16, progress.part(0.3, 1.0), [&](std::size_t i) { fill(field, bricks_[i]); });
}

/// Marks the bricks of a block as outside, as inside, or to be stored: then as a triangle near them.
void BrickGrid::sort_out(const SolidField& field, const Vector3i& place, int bricks, int triangle) {
  const double half = 0.5 * bricks * kSide;
  const Vector3d center = position(place * kSide) + Vector3d::Constant(half * spacing_);
  const double radius = 2.0 * kHalfDiagonal * half * spacing_ * (1.0 + 1e-9);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  SolidField::Where where = field.where(center, radius, {-kInfinity, kInfinity});
  if (where == SolidField::Where::unknown) {
    const double distance = field.distance_to_positive(center, triangle).value;
    where = field.where(center, radius, over_ball(distance, radius));
  }
  if (where == SolidField::Where::unknown && bricks > 1) {
    const int part = bricks / 2;
    for (int child = 0; child < 8; ++child)
      sort_out(field, place + part * Vector3i(child & 1, child >> 1 & 1, child >> 2), part, triangle);
    return;
  }
  const int mark = where == SolidField::Where::unknown   ? std::max(triangle, 0)
                   : where == SolidField::Where::outside ? kOutside
                                                         : kInside;
  for (int z = 0; z < bricks; ++z)
    for (int y = 0; y < bricks; ++y)
      for (int x = 0; x < bricks; ++x) index_[flat(place + Vector3i(x, y, z))] = mark;
}

/// Tells the sign of every node of a brick: of blocks of 4 and 2 nodes as a whole where that can be shown.
void BrickGrid::fill(const SolidField& field, Brick& brick) const {
  int triangle = brick.nearest[0];
  const Vector3i first = brick.place * kSide;
  const auto told = [&](const Vector3i& low, int side, float value) {
    for (int z = 0; z < side; ++z)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) brick.value[local(low + Vector3i(x, y, z))] = value;
  };
  const auto visit = [&](const auto& self, const Vector3i& low, int side) -> void {
    const double half = 0.5 * (side - 1) * spacing_;
    const Vector3d center = position(first + low) + Vector3d::Constant(half);
    const double radius = 2.0 * kHalfDiagonal * half * (1.0 + 1e-9);
    const Jet distance = field.distance_to_positive(center, triangle);
    if (side == 2) brick.nearest[(low.x() >> 1) | (low.y() >> 1) << 2 | (low.z() >> 1) << 4] = triangle;
    const SolidField::Where where = field.where(center, radius, over_ball(distance.value, radius));
    if (where != SolidField::Where::unknown) return told(low, side, where == SolidField::Where::outside ? kFar : -kFar);
    for (int child = 0; child < 8; ++child) {
      const Vector3i at = low + side / 2 * Vector3i(child & 1, child >> 1 & 1, child >> 2);
      if (side > 2) {
        self(self, at, side / 2);
      } else {
        const Vector3d node = position(first + at);
        const double value = field.at(node, triangle).value;
        brick.value[local(at)] = static_cast<float>(std::clamp(value, -1e20, 1e20));
      }
    }
  };
  brick.nearest.fill(triangle);
  for (int child = 0; child < 8; ++child) visit(visit, 4 * Vector3i(child & 1, child >> 1 & 1, child >> 2), 4);
}

int BrickGrid::brick_at(const Vector3i& place) const {
  if (place.minCoeff() < 0 || (place.array() >= count_.array()).any()) return kOutside;
  return std::max(index_[flat(place)], -1);
}

bool BrickGrid::inside(const Vector3i& node) const {
  const Vector3i place(node.x() >> 3, node.y() >> 3, node.z() >> 3);
  if (place.minCoeff() < 0 || (place.array() >= count_.array()).any()) return false;
  const int index = index_[flat(place)];
  return index >= 0 ? bricks_[index].value[local(node)] < 0.0f : index == kInside;
}

}  // namespace fit::detail
