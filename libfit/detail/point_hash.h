#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <vector>

namespace fit::detail {

/// Numbers that were put at places, found again by cell of a regular grid. Cells that fall on one bucket are told apart
/// by whoever asks, by distance. Order of insertion is kept within a bucket.
class PointHash {
 public:
  PointHash(double cell_mm, std::size_t expected) : cell_mm_(cell_mm) {
    std::size_t size = 64;
    while (size < 2 * expected) size *= 2;
    heads_.assign(size, -1);
    tails_.assign(size, -1);
  }

  void insert(const Eigen::Vector3d& point, int number) { insert_cell(cell(point), number); }

  /// Calls `visit(number)` for all in the cells that the box of half-width `reach_mm` around `point` touches, and
  /// perhaps for others, perhaps more than once.
  template <class Visit>
  void near(const Eigen::Vector3d& point, double reach_mm, Visit&& visit) const {
    const Cell low = cell(point - Eigen::Vector3d::Constant(reach_mm));
    const Cell high = cell(point + Eigen::Vector3d::Constant(reach_mm));
    for (std::int64_t x = low.x; x <= high.x; ++x)
      for (std::int64_t y = low.y; y <= high.y; ++y)
        for (std::int64_t z = low.z; z <= high.z; ++z)
          for (int entry = heads_[bucket({x, y, z})]; entry >= 0; entry = entries_[entry].next)
            visit(entries_[entry].number);
  }

 private:
  struct Cell {
    std::int64_t x, y, z;
  };
  struct Entry {
    int number, next;
  };

  Cell cell(const Eigen::Vector3d& point) const {
    return {static_cast<std::int64_t>(std::floor(point.x() / cell_mm_)),
            static_cast<std::int64_t>(std::floor(point.y() / cell_mm_)),
            static_cast<std::int64_t>(std::floor(point.z() / cell_mm_))};
  }
  std::size_t bucket(const Cell& c) const {
    std::uint64_t h = static_cast<std::uint64_t>(c.x) * 0x9E3779B97F4A7C15u;
    h = (h ^ (h >> 32) ^ static_cast<std::uint64_t>(c.y)) * 0xD6E8FEB86659FD93u;
    h = (h ^ (h >> 32) ^ static_cast<std::uint64_t>(c.z)) * 0xCA5A826395121157u;
    return (h ^ (h >> 29)) & (heads_.size() - 1);
  }
  void insert_cell(const Cell& c, int number) {
    const std::size_t b = bucket(c);
    entries_.push_back({number, -1});
    const int entry = static_cast<int>(entries_.size()) - 1;
    if (tails_[b] < 0)
      heads_[b] = entry;
    else
      entries_[tails_[b]].next = entry;
    tails_[b] = entry;
  }

  double cell_mm_;
  std::vector<int> heads_, tails_;
  std::vector<Entry> entries_;
};

}  // namespace fit::detail
