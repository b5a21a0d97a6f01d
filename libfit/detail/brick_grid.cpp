#include "libfit/detail/brick_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/distance_samples.h"
#include "libfit/detail/reported_loop.h"
#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

/// How far from a brick's foot on the positive the samples on both sides are taken: as far as limbs are round.
constexpr double kSidesMm = 30.0;
const double kHalfDiagonal = std::sqrt(3.0) / 2.0;
/// Side of the largest blocks that are sorted out as a whole, in bricks.
constexpr int kTile = 4;

int sign_of(const Interval& field) { return field.low > 0.0 ? 1 : field.high < 0.0 ? -1 : 0; }

}  // namespace

/// Tells the sign of every node of a brick: of blocks of 4 and 2 nodes as a whole where that can be shown.
class BrickGrid::Filler {
 public:
  Filler(const BrickGrid& grid, const SolidField& field, Brick& brick)
      : grid_(grid), field_(field), brick_(brick), triangle_(brick.nearest[0]) {}

  void fill() {
    const double half = 0.5 * kSide * grid_.spacing_;
    brick_.nearby = field_.nearby(position(Vector3i::Zero()) + Vector3d::Constant(half), 2.0 * kHalfDiagonal * half);
    DistanceSamples samples;
    samples.take_with_both_sides(field_, middle(Vector3i::Zero(), kSide), kSidesMm, triangle_);
    brick_.nearest.fill(triangle_);
    for_parts(Vector3i::Zero(), kSide, [&](const Vector3i& low) { visit(low, kSide / 2, samples); });
  }

 private:
  Vector3d position(const Vector3i& local) const { return grid_.position(brick_.place * kSide + local); }
  Vector3d middle(const Vector3i& low, int side) const {
    return position(low) + Vector3d::Constant(0.5 * (side - 1) * grid_.spacing_);
  }

  template <class Work>
  static void for_parts(const Vector3i& low, int side, Work&& work) {
    for (int part = 0; part < 8; ++part) work(low + side / 2 * Vector3i(part & 1, part >> 1 & 1, part >> 2));
  }

  void visit(const Vector3i& low, int side, DistanceSamples samples) {
    const Vector3d center = middle(low, side);
    const double radius = kHalfDiagonal * (side - 1) * grid_.spacing_ * (1.0 + 1e-9);
    const auto sign = [&] {
      return sign_of(field_.within(center, radius, samples.within(center, radius), brick_.nearby));
    };
    if (const int known = sign()) return tell(low, side, known);
    samples.take(field_, center, triangle_);
    if (side == 2) brick_.nearest[(low.x() >> 1) | (low.y() >> 1) << 2 | (low.z() >> 1) << 4] = triangle_;
    if (const int known = sign()) return tell(low, side, known);
    for_parts(low, side, [&](const Vector3i& part) {
      if (side == 2)
        fill_node(part, samples);
      else
        visit(part, side / 2, samples);
    });
  }

  void tell(const Vector3i& low, int side, int sign) {
    for (int z = 0; z < side; ++z)
      for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) brick_.value[local(low + Vector3i(x, y, z))] = static_cast<float>(sign) * kFar;
  }

  /// Where the sign is sure, what is expected of the value is enough to start the search for a crossing.
  void fill_node(const Vector3i& at, const DistanceSamples& samples) {
    const Vector3d node = position(at);
    const Interval distance = samples.within(node, 0.0);
    const int sign = sign_of(field_.within(node, 0.0, distance, brick_.nearby));
    double value;
    if (sign == 0) {
      value = field_.at(node, triangle_, brick_.nearby).value;
    } else {
      constexpr double kLeastMm = 1e-6;
      const double expected = std::clamp(samples.expected(node), distance.low, distance.high);
      value = sign * std::max(sign * field_.within(node, 0.0, {expected, expected}, brick_.nearby).low, kLeastMm);
    }
    brick_.value[local(at)] = static_cast<float>(std::clamp(value, -1e20, 1e20));
  }

  const BrickGrid& grid_;
  const SolidField& field_;
  Brick& brick_;
  int triangle_;  ///< of the last answer
};

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
  reported_for(bricks_.size(), 16, progress.part(0.3, 1.0),
               [&](std::size_t i) { Filler(*this, field, bricks_[i]).fill(); });
}

/// Marks the bricks of a block as outside, as inside, or to be stored: then as a triangle near them.
void BrickGrid::sort_out(const SolidField& field, const Vector3i& place, int bricks, int triangle) {
  const double half = 0.5 * bricks * kSide;
  const Vector3d center = position(place * kSide) + Vector3d::Constant(half * spacing_);
  const double radius = 2.0 * kHalfDiagonal * half * spacing_ * (1.0 + 1e-9);
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  int sign = sign_of(field.within(center, radius, {-kInfinity, kInfinity}, {}));
  if (sign == 0) {
    const double distance = field.distance_to_positive(center, triangle).value;
    sign = sign_of(field.within(center, radius, {distance - radius, distance + radius}, {}));
  }
  if (sign == 0 && bricks > 1) {
    const int part = bricks / 2;
    for (int child = 0; child < 8; ++child)
      sort_out(field, place + part * Vector3i(child & 1, child >> 1 & 1, child >> 2), part, triangle);
    return;
  }
  const int mark = sign == 0 ? std::max(triangle, 0) : sign > 0 ? kOutside : kInside;
  for (int z = 0; z < bricks; ++z)
    for (int y = 0; y < bricks; ++y)
      for (int x = 0; x < bricks; ++x) index_[flat(place + Vector3i(x, y, z))] = mark;
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
