#include "libfit/detail/triangulate_loop.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <queue>
#include <tuple>

namespace fit::detail {

namespace {

constexpr int kMostExact = 200;

/// The worst crease as 1 - cosine (0: flat), then the area.
struct Weight {
  double crease = 1e300;
  double area = 1e300;
  bool operator<(const Weight& other) const {
    return crease != other.crease ? crease < other.crease : area < other.area;
  }
};

class LeastCrease {
 public:
  explicit LeastCrease(const Loop& loop)
      : loop_(loop), n_(static_cast<int>(loop.points.size())), best_(n_ * n_), middle_(n_ * n_, -1) {}

  std::vector<Eigen::Vector3i> triangles() {
    for (int i = 0; i + 1 < n_; ++i) best_[at(i, i + 1)] = {0.0, 0.0};
    for (int span = 2; span < n_; ++span)
      for (int i = 0; i + span < n_; ++i) choose(i, i + span);
    std::vector<Eigen::Vector3i> result;
    if (middle_[at(0, n_ - 1)] < 0) return result;
    std::vector<std::pair<int, int>> stack{{0, n_ - 1}};
    while (!stack.empty()) {
      const auto [i, j] = stack.back();
      stack.pop_back();
      if (j - i < 2) continue;
      const int m = middle_[at(i, j)];
      result.push_back({i, m, j});
      stack.push_back({m, j});
      stack.push_back({i, m});
    }
    return result;
  }

 private:
  int at(int i, int j) const { return i * n_ + j; }

  Eigen::Vector3d doubled_normal(int i, int m, int j) const {
    return (loop_.points[m] - loop_.points[i]).cross(loop_.points[j] - loop_.points[i]);
  }

  /// Unit normal of what lies on the patch's other side of the chord from i to j.
  Eigen::Vector3d beyond(int i, int j) const {
    if (j == i + 1) return loop_.normals[i];
    return doubled_normal(i, middle_[at(i, j)], j).normalized();
  }

  void choose(int i, int j) {
    if ((i > 0 || j < n_ - 1) && loop_.joined(i, j)) return;
    Weight best;
    for (int m = i + 1; m < j; ++m) {
      const Weight& left = best_[at(i, m)];
      const Weight& right = best_[at(m, j)];
      const double below = std::max(left.crease, right.crease);
      if (below > best.crease || below >= 1e300) continue;
      const Eigen::Vector3d doubled = doubled_normal(i, m, j);
      const double length = doubled.norm();
      const Eigen::Vector3d normal = length > 0.0 ? Eigen::Vector3d(doubled / length) : Eigen::Vector3d::Zero();
      double crease = std::max({below, 1.0 - normal.dot(beyond(i, m)), 1.0 - normal.dot(beyond(m, j))});
      if (i == 0 && j == n_ - 1) crease = std::max(crease, 1.0 - normal.dot(loop_.normals[n_ - 1]));
      const Weight weight{crease, left.area + right.area + 0.5 * length};
      if (weight < best) {
        best = weight;
        middle_[at(i, j)] = m;
      }
    }
    best_[at(i, j)] = best;
  }

  const Loop& loop_;
  int n_;
  std::vector<Weight> best_;
  std::vector<int> middle_;
};

class Ears {
 public:
  explicit Ears(const Loop& loop) : loop_(loop), n_(static_cast<int>(loop.points.size())) {
    normals_ = loop.normals;
    for (int i = 0; i < n_; ++i) {
      next_.push_back((i + 1) % n_);
      previous_.push_back((i + n_ - 1) % n_);
      version_.push_back(0);
    }
    for (int i = 0; i < n_; ++i) push(i);
  }

  std::vector<Eigen::Vector3i> triangles() {
    std::vector<Eigen::Vector3i> result;
    int left = n_;
    while (left > 3 && !queue_.empty()) {
      const auto [cost, i, version] = queue_.top();
      queue_.pop();
      if (version != version_[i]) continue;
      const int p = previous_[i], q = next_[i];
      result.push_back({p, i, q});
      normals_[p] = ear_normal(i);
      next_[p] = q;
      previous_[q] = p;
      version_[i] = -1;
      --left;
      push(p);
      push(q);
    }
    if (left > 3) return {};
    int last = 0;
    while (version_[last] < 0) ++last;
    result.push_back({previous_[last], last, next_[last]});
    return result;
  }

 private:
  Eigen::Vector3d ear_normal(int i) const {
    const Eigen::Vector3d& a = loop_.points[previous_[i]];
    return (loop_.points[i] - a).cross(loop_.points[next_[i]] - a).normalized();
  }

  void push(int i) {
    ++version_[i];
    const int p = previous_[i], q = next_[i];
    if (loop_.joined(p, q)) return;
    const Eigen::Vector3d normal = ear_normal(i);
    const double bend = 2.0 - normal.dot(normals_[p]) - normal.dot(normals_[i]);
    // An ear that turns back by more than a right angle folds over: only when nothing else is left.
    const double fold = bend > 2.0 ? 100.0 : 1.0;
    queue_.push({(loop_.points[q] - loop_.points[p]).norm() * (1.0 + bend) * fold, i, version_[i]});
  }

  const Loop& loop_;
  int n_;
  std::vector<Eigen::Vector3d> normals_;  ///< beyond the edge from a point to its next
  std::vector<int> next_, previous_, version_;
  using Entry = std::tuple<double, int, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<Entry>> queue_;
};

}  // namespace

std::vector<Eigen::Vector3i> triangulate_loop(const Loop& loop) {
  if (loop.points.size() < 3) return {};
  if (static_cast<int>(loop.points.size()) <= kMostExact) return LeastCrease(loop).triangles();
  return Ears(loop).triangles();
}

}  // namespace fit::detail
