#include "libfit/detail/untangle.h"

#include <algorithm>

#include "libfit/detail/reported_loop.h"
#include "libfit/detail/triangle_crossing.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

/// Rounds of moves towards the safe places: half the way, half of the rest, all of it, and then all of it for those
/// that are in the way of these.
constexpr int kHalvingRounds = 2, kRounds = 8;
constexpr double kRoundingMm = 1e-4;

class Untangler {
 public:
  Untangler(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed, std::vector<Cut>& cuts,
            std::vector<std::uint8_t>& doubts)
      : grid_(grid), surface_(surface), placed_(placed), cuts_(cuts), doubtful_(doubts) {}

  /// Gives the number of quadrilaterals that cross another.
  int run(const std::vector<std::uint8_t>& changed, const Progress& progress) {
    reported_for(surface_.crossings.size(), 1024, progress.part(0.0, 0.8), [&](std::size_t i) {
      if (changed[i]) choose(i);
    });
    std::vector<int> doubtful;
    for (std::size_t i = 0; i < doubtful_.size(); ++i)
      if (doubtful_[i]) doubtful.push_back(static_cast<int>(i));
    for (int round = 0;; ++round) {
      progress(0.8 + 0.2 * round / (kRounds + 1));
      const std::vector<int> tangled = tangled_points(doubtful, round == kRounds);
      if (tangled.empty() || round == kRounds) break;
      for (const int point : tangled) {
        const Vector3d& safe = placed_.safe[point];
        placed_.point[point] = round >= kHalvingRounds ? safe : Vector3d((placed_.point[point] + safe) / 2.0);
      }
      doubtful = with_those_around(tangled, std::move(doubtful));
    }
    progress(1.0);
    return left_;
  }

 private:
  using Triangle = Vector3i;
  enum Doubt : std::uint8_t { kSure, kSharesACell, kRaised, kOutOfEnvelope };

  CutTriangles triangles(std::size_t crossing) const { return triangles_of(surface_, crossing, cuts_[crossing]); }

  /// Whether all triangles part the ends of their grid edge, and face its outer end.
  bool in_envelope(std::size_t index) const {
    const DualSurface::Crossing& crossing = surface_.crossings[index];
    Vector3d low = grid_.position(crossing.node), high = low;
    high[crossing.axis] += grid_.spacing_mm();
    if (!crossing.leaves) std::swap(low, high);
    for (const Triangle& t : triangles(index)) {
      const Vector3d& a = placed_.point[t[0]];
      const Vector3d normal = (placed_.point[t[1]] - a).cross(placed_.point[t[2]] - a);
      // Files keep single precision: a vertex may still move by kRoundingMm.
      const double sides = (placed_.point[t[1]] - a).norm() + (placed_.point[t[2]] - a).norm();
      const Vector3d to_high = high - a, to_low = low - a;
      if (!(normal.dot(to_high) > kRoundingMm * sides * to_high.norm())) return false;
      if (!(normal.dot(to_low) < -kRoundingMm * sides * to_low.norm())) return false;
    }
    return true;
  }

  /// Whether a corner left its cell, or the middle of a fan its grid edge, to keep the wall.
  bool raised(std::size_t index) const {
    const DualSurface::Crossing& crossing = surface_.crossings[index];
    const auto left = [&](int point, const Vector3i& cell) { return grid_.cell_at(placed_.point[point]) != cell; };
    if (std::any_of(crossing.corners.begin(), crossing.corners.end(),
                    [&](int vertex) { return left(vertex, surface_.vertices[vertex].cell); }))
      return true;
    if (cuts_[index] != Cut::fan) return false;
    const Vector3d& middle = placed_.point[surface_.vertices.size() + index];
    const double along = middle[crossing.axis] - grid_.position(crossing.node)[crossing.axis];
    return along <= 0.0 || along >= grid_.spacing_mm();
  }

  void choose(std::size_t index) {
    const std::array<int, 4>& q = surface_.crossings[index].corners;
    const bool alone = std::all_of(q.begin(), q.end(), [&](int vertex) { return surface_.vertices[vertex].alone; });
    const Cut wanted = cuts_[index];
    const Cut other = wanted == Cut::from_0_to_2 ? Cut::from_1_to_3 : Cut::from_0_to_2;
    for (const Cut cut : {wanted, other, Cut::fan}) {
      cuts_[index] = cut;
      if (in_envelope(index) && !folds_over(triangles(index), placed_.point)) {
        doubtful_[index] = raised(index) ? kRaised : alone ? kSure : kSharesACell;
        return;
      }
    }
    cuts_[index] = wanted;
    // What was raised may leave its envelope, if it does not fold over.
    doubtful_[index] = raised(index) && !folds_over(triangles(index), placed_.point) ? kRaised : kOutOfEnvelope;
  }

  bool cross(const Triangle& first, const Triangle& second) const {
    Vector3d low = placed_.point[first[0]], high = low;
    for (int k = 1; k < 3; ++k) {
      low = low.cwiseMin(placed_.point[first[k]]);
      high = high.cwiseMax(placed_.point[first[k]]);
    }
    for (int axis = 0; axis < 3; ++axis) {
      const double a = placed_.point[second[0]][axis], b = placed_.point[second[1]][axis],
                   c = placed_.point[second[2]][axis];
      if (std::min({a, b, c}) > high[axis] || std::max({a, b, c}) < low[axis]) return false;
    }
    return triangles_cross(placed_.point, first, second);
  }

  bool flat(const Triangle& t) const {
    return on_a_line(placed_.point[t[0]], placed_.point[t[1]], placed_.point[t[2]]);
  }

  /// The vertices of a cell: first and behind the last.
  std::pair<int, int> vertices_in(const Vector3i& cell) const {
    const int brick = grid_.brick_at({cell.x() >> 3, cell.y() >> 3, cell.z() >> 3});
    if (brick < 0) return {0, 0};
    const auto before = [](const DualSurface::Vertex& a, const std::pair<int, int>& b) {
      return std::pair(a.brick, BrickGrid::local(a.cell)) < b;
    };
    const auto first = std::lower_bound(surface_.vertices.begin(), surface_.vertices.end(),
                                        std::pair(brick, BrickGrid::local(cell)), before);
    auto last = first;
    while (last != surface_.vertices.end() && last->cell == cell) ++last;
    return {static_cast<int>(first - surface_.vertices.begin()), static_cast<int>(last - surface_.vertices.begin())};
  }

  /// Crossings whose quadrilaterals have a cell in common with that of `crossing`, itself among them.
  std::vector<int> around(int crossing) const {
    const std::array<int, 4>& corners = surface_.crossings[crossing].corners;
    std::vector<int> result;
    const auto add = [&](const Vector3i& cell) {
      const auto [first, last] = vertices_in(cell);
      result.insert(result.end(), surface_.crossing_of.begin() + surface_.first_crossing_of[first],
                    surface_.crossing_of.begin() + surface_.first_crossing_of[last]);
    };
    if (doubtful_[crossing] == kRaised) {
      Vector3i low = surface_.vertices[corners[0]].cell, high = low;
      const auto reach = [&](int point) {
        low = low.cwiseMin(grid_.cell_at(placed_.point[point]));
        high = high.cwiseMax(grid_.cell_at(placed_.point[point]));
      };
      for (const int vertex : corners) reach(vertex);
      if (cuts_[crossing] == Cut::fan) reach(static_cast<int>(surface_.vertices.size()) + crossing);
      for (int z = low.z(); z <= high.z(); ++z)
        for (int y = low.y(); y <= high.y(); ++y)
          for (int x = low.x(); x <= high.x(); ++x) add({x, y, z});
    }
    for (const int vertex : corners) add(surface_.vertices[vertex].cell);
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
  }

  bool tangled(int crossing, int other) const {
    const CutTriangles mine = triangles(crossing), theirs = triangles(other);
    const auto is_flat = [&](const Triangle& t) { return flat(t); };
    if (std::any_of(mine.begin(), mine.end(), is_flat) || std::any_of(theirs.begin(), theirs.end(), is_flat))
      return true;
    for (const Triangle& first : mine)
      for (const Triangle& second : theirs)
        if ((crossing != other || &first - mine.begin() < &second - theirs.begin()) && cross(first, second))
          return true;
    return false;
  }

  void add_points_of(int crossing, std::vector<int>& points) const {
    const std::array<int, 4>& corners = surface_.crossings[crossing].corners;
    points.insert(points.end(), corners.begin(), corners.end());
    if (cuts_[crossing] == Cut::fan) points.push_back(static_cast<int>(surface_.vertices.size()) + crossing);
  }

  std::vector<int> tangled_points(const std::vector<int>& doubtful, bool last) {
    std::vector<std::vector<int>> found(doubtful.size());
    reported_for(doubtful.size(), 64, {}, [&](std::size_t i) {
      // Two faces folded onto each other in one plane may be told apart by the last bit alone; so a quadrilateral has
      // to come into its envelope as long as its vertices can still be moved.
      if (!last && doubtful_[doubtful[i]] == kOutOfEnvelope) add_points_of(doubtful[i], found[i]);
      for (const int other : around(doubtful[i]))
        if (tangled(doubtful[i], other))
          for (const int crossing : {doubtful[i], other}) add_points_of(crossing, found[i]);
    });
    std::vector<int> vertices;
    left_ = 0;
    for (const std::vector<int>& list : found) {
      left_ += !list.empty();
      vertices.insert(vertices.end(), list.begin(), list.end());
    }
    std::sort(vertices.begin(), vertices.end());
    vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
    return vertices;
  }

  /// The crossings to test again after points were moved.
  std::vector<int> with_those_around(const std::vector<int>& points, std::vector<int> doubtful) {
    std::vector<int> touched;
    for (const int point : points) {
      const int vertices = static_cast<int>(surface_.vertices.size());
      if (point < vertices)
        touched.insert(touched.end(), surface_.crossing_of.begin() + surface_.first_crossing_of[point],
                       surface_.crossing_of.begin() + surface_.first_crossing_of[point + 1]);
      else
        touched.push_back(point - vertices);
    }
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
  std::vector<Cut>& cuts_;
  std::vector<std::uint8_t>& doubtful_;
  int left_ = 0;
};

}  // namespace

int untangle(const BrickGrid& grid, const DualSurface& surface, PlacedVertices& placed, std::vector<Cut>& cuts,
             const std::vector<std::uint8_t>& changed, std::vector<std::uint8_t>& doubts, const Progress& progress) {
  doubts.resize(cuts.size(), 0);
  return Untangler(grid, surface, placed, cuts, doubts).run(changed, progress);
}

}  // namespace fit::detail
