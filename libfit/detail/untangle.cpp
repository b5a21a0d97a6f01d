#include "libfit/detail/untangle.h"

#include <algorithm>

#include "libfit/detail/reported_loop.h"
#include "libfit/detail/triangle_crossing.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

/// Rounds of moves towards the safe places: half the way, half of the rest, all of it.
constexpr int kRounds = 3;
constexpr double kRoundingMm = 1e-4;

class Untangler {
 public:
  Untangler(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed)
      : grid_(grid), surface_(surface), placed_(placed), doubtful_(surface.crossings.size(), 0) {
    result_.second_diagonal.resize(surface.crossings.size());
  }

  Untangled run(const Progress& progress) {
    reported_for(surface_.crossings.size(), 1024, progress.part(0.0, 0.8), [&](std::size_t i) { choose(i); });
    std::vector<int> doubtful;
    for (std::size_t i = 0; i < doubtful_.size(); ++i)
      if (doubtful_[i]) doubtful.push_back(static_cast<int>(i));
    for (int round = 0;; ++round) {
      progress(0.8 + 0.2 * round / (kRounds + 1));
      const std::vector<int> tangled = tangled_vertices(doubtful, round == kRounds);
      if (tangled.empty() || round == kRounds) break;
      for (const int vertex : tangled) {
        const Vector3d& safe = placed_.safe[vertex];
        placed_.exact[vertex] = round == kRounds - 1 ? safe : Vector3d((placed_.exact[vertex] + safe) / 2.0);
      }
      result_.moved = std::max(result_.moved, static_cast<int>(tangled.size()));
      doubtful = with_those_around(tangled, std::move(doubtful));
    }
    progress(1.0);
    return std::move(result_);
  }

 private:
  using Triangle = Vector3i;
  enum Doubt : std::uint8_t { kSure, kSharesACell, kOutOfEnvelope };

  std::array<Triangle, 2> triangles(std::size_t crossing) const {
    const std::array<int, 4>& q = surface_.crossings[crossing].corners;
    const int s = result_.second_diagonal[crossing];
    return {Triangle(q[s], q[s + 1], q[s + 2]), Triangle(q[s], q[s + 2], q[(s + 3) % 4])};
  }

  /// Whether the diagonal from corner 0 to 2 is the better one: along an edge of the solid, else the shorter.
  bool first_is_better(const std::array<int, 4>& q) const {
    const int first = placed_.on_feature[q[0]] + placed_.on_feature[q[2]];
    const int second = placed_.on_feature[q[1]] + placed_.on_feature[q[3]];
    if ((first == 2) != (second == 2)) return first == 2;
    return (placed_.exact[q[0]] - placed_.exact[q[2]]).squaredNorm() <=
           (placed_.exact[q[1]] - placed_.exact[q[3]]).squaredNorm();
  }

  /// Whether both triangles part the ends of their grid edge, and face its outer end.
  bool in_envelope(std::size_t index) const {
    const DualSurface::Crossing& crossing = surface_.crossings[index];
    Vector3d low = grid_.position(crossing.node), high = low;
    high[crossing.axis] += grid_.spacing_mm();
    if (!crossing.leaves) std::swap(low, high);
    for (const Triangle& t : triangles(index)) {
      const Vector3d& a = placed_.exact[t[0]];
      const Vector3d normal = (placed_.exact[t[1]] - a).cross(placed_.exact[t[2]] - a);
      // Files keep single precision: a vertex may still move by kRoundingMm.
      const double sides = (placed_.exact[t[1]] - a).norm() + (placed_.exact[t[2]] - a).norm();
      const Vector3d to_high = high - a, to_low = low - a;
      if (!(normal.dot(to_high) > kRoundingMm * sides * to_high.norm())) return false;
      if (!(normal.dot(to_low) < -kRoundingMm * sides * to_low.norm())) return false;
    }
    return true;
  }

  void choose(std::size_t index) {
    const std::array<int, 4>& q = surface_.crossings[index].corners;
    const bool better = first_is_better(q);
    const bool alone = std::all_of(q.begin(), q.end(), [&](int vertex) { return surface_.vertices[vertex].alone; });
    for (const bool second : {!better, better}) {
      result_.second_diagonal[index] = second;
      if (in_envelope(index)) {
        doubtful_[index] = alone ? kSure : kSharesACell;
        return;
      }
    }
    result_.second_diagonal[index] = !better;
    doubtful_[index] = kOutOfEnvelope;
  }

  bool cross(const Triangle& first, const Triangle& second) const {
    Vector3d low = placed_.exact[first[0]], high = low;
    for (int k = 1; k < 3; ++k) {
      low = low.cwiseMin(placed_.exact[first[k]]);
      high = high.cwiseMax(placed_.exact[first[k]]);
    }
    for (int axis = 0; axis < 3; ++axis) {
      const double a = placed_.exact[second[0]][axis], b = placed_.exact[second[1]][axis],
                   c = placed_.exact[second[2]][axis];
      if (std::min({a, b, c}) > high[axis] || std::max({a, b, c}) < low[axis]) return false;
    }
    return triangles_cross(placed_.exact, first, second);
  }

  bool flat(const Triangle& t) const {
    return on_a_line(placed_.exact[t[0]], placed_.exact[t[1]], placed_.exact[t[2]]);
  }

  /// Crossings whose quadrilaterals have a cell in common with that of `crossing`, itself among them.
  std::vector<int> around(int crossing) const {
    std::vector<int> result;
    for (const int vertex : surface_.crossings[crossing].corners) {
      const auto same_cell = [&](int other) {
        return other >= 0 && other < static_cast<int>(surface_.vertices.size()) &&
               surface_.vertices[other].cell == surface_.vertices[vertex].cell;
      };
      int first = vertex, last = vertex;
      while (same_cell(first - 1)) --first;
      while (same_cell(last + 1)) ++last;
      result.insert(result.end(), surface_.crossing_of.begin() + surface_.first_crossing_of[first],
                    surface_.crossing_of.begin() + surface_.first_crossing_of[last + 1]);
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  bool tangled(int crossing, int other) const {
    const std::array<Triangle, 2> mine = triangles(crossing), theirs = triangles(other);
    if (flat(mine[0]) || flat(mine[1]) || flat(theirs[0]) || flat(theirs[1])) return true;
    if (crossing == other) return cross(mine[0], mine[1]);
    return cross(mine[0], theirs[0]) || cross(mine[0], theirs[1]) || cross(mine[1], theirs[0]) ||
           cross(mine[1], theirs[1]);
  }

  std::vector<int> tangled_vertices(const std::vector<int>& doubtful, bool last) {
    std::vector<std::vector<int>> found(doubtful.size());
    reported_for(doubtful.size(), 64, {}, [&](std::size_t i) {
      // Two faces folded onto each other in one plane may be told apart by the last bit alone; so a quadrilateral has
      // to come into its envelope as long as its vertices can still be moved.
      if (!last && doubtful_[doubtful[i]] == kOutOfEnvelope)
        found[i].assign(surface_.crossings[doubtful[i]].corners.begin(), surface_.crossings[doubtful[i]].corners.end());
      for (const int other : around(doubtful[i]))
        if (tangled(doubtful[i], other))
          for (const int crossing : {doubtful[i], other})
            found[i].insert(found[i].end(), surface_.crossings[crossing].corners.begin(),
                            surface_.crossings[crossing].corners.end());
    });
    std::vector<int> vertices;
    result_.left = 0;
    for (const std::vector<int>& list : found) {
      result_.left += !list.empty();
      vertices.insert(vertices.end(), list.begin(), list.end());
    }
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    return vertices;
  }

  /// The crossings to test again after vertices were moved.
  std::vector<int> with_those_around(const std::vector<int>& vertices, std::vector<int> doubtful) {
    std::vector<int> touched;
    for (const int vertex : vertices)
      touched.insert(touched.end(), surface_.crossing_of.begin() + surface_.first_crossing_of[vertex],
                     surface_.crossing_of.begin() + surface_.first_crossing_of[vertex + 1]);
    std::sort(touched.begin(), touched.end());
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    for (const int crossing : touched) choose(crossing);
    doubtful.insert(doubtful.end(), touched.begin(), touched.end());
    std::sort(doubtful.begin(), doubtful.end());
    doubtful.erase(std::unique(doubtful.begin(), doubtful.end()), doubtful.end());
    std::erase_if(doubtful, [&](int crossing) { return !doubtful_[crossing]; });
    return doubtful;
  }

  const BrickGrid& grid_;
  const DualSurface& surface_;
  PlacedVertices& placed_;
  std::vector<std::uint8_t> doubtful_;
  Untangled result_;
};

}  // namespace

Untangled untangle(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed,
                   const Progress& progress) {
  return Untangler(grid, surface, placed).run(progress);
}

}  // namespace fit::detail
