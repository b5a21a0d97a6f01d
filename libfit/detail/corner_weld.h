#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "libfit/detail/large_pages.h"

namespace fit::detail {

/// Gives corners with the same coordinates, bit for bit (-0 is 0), the same index; indices count up in the order of
/// first appearance. An open-addressing table of indices; what it compares lies in `points()`.
template <class Real>
class CornerWeld {
 public:
  using Point = std::array<Real, 3>;

  explicit CornerWeld(std::size_t expected_points) { resize(std::bit_ceil(2 * expected_points + 16)); }

  int index_of(const Point& corner) {
    const Point point = {corner[0] + Real{0}, corner[1] + Real{0}, corner[2] + Real{0}};  // -0 + 0 is 0
    for (std::size_t slot = slot_of(point);; slot = (slot + 1) & (table_.size() - 1)) {
      const int index = table_[slot];
      if (index < 0) return add(point, slot);
      if (points_[static_cast<std::size_t>(index)] == point) return index;
    }
  }

  const LargeVector<Point>& points() const { return points_; }

 private:
  std::size_t slot_of(const Point& point) const {
    std::uint64_t hash = 0;
    for (Real coordinate : point) {
      std::uint64_t bits;
      if constexpr (sizeof(Real) == 4)
        bits = std::bit_cast<std::uint32_t>(coordinate);
      else
        bits = std::bit_cast<std::uint64_t>(coordinate);
      hash = (std::rotl(hash, 23) ^ bits) * 0x9E3779B97F4A7C15u;
    }
    return static_cast<std::size_t>(hash >> shift_);
  }

  int add(const Point& point, std::size_t slot) {
    const int index = static_cast<int>(points_.size());
    points_.push_back(point);
    table_[slot] = index;
    if (2 * points_.size() > table_.size()) resize(2 * table_.size());
    return index;
  }

  void resize(std::size_t size) {
    table_.assign(size, -1);
    shift_ = 64 - std::countr_zero(size);
    for (std::size_t i = 0; i < points_.size(); ++i) {
      std::size_t slot = slot_of(points_[i]);
      while (table_[slot] >= 0) slot = (slot + 1) & (size - 1);
      table_[slot] = static_cast<int>(i);
    }
  }

  LargeVector<Point> points_;
  LargeVector<int> table_;
  int shift_ = 64;
};

}  // namespace fit::detail
