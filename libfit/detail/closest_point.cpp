#include "libfit/detail/closest_point.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

#include "libfit/detail/pseudonormals.h"
#include "libfit/detail/triangle_point.h"
#include "libfit/error.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

void check(const Mesh& mesh) {
  if (mesh.triangles.empty()) throw Error(ErrorKind::bad_input, "The surface has no triangles.");
  const int count = static_cast<int>(mesh.vertices.size());
  for (const Eigen::Vector3i& t : mesh.triangles)
    if (t.minCoeff() < 0 || t.maxCoeff() >= count)
      throw Error(ErrorKind::bad_input, "The surface has a triangle that names a vertex it does not have.");
  for (const Vector3d& vertex : mesh.vertices)
    if (!vertex.allFinite()) throw Error(ErrorKind::bad_input, "The surface has a vertex that is not a number.");
}

constexpr int kLeaf = 4;

struct Node {
  Vector3d lowest, highest;
  int begin, end;  ///< triangles
  int right;       ///< the left child follows its parent; 0: a leaf

  double squared(const Vector3d& query) const {
    return (lowest - query).cwiseMax(query - highest).cwiseMax(0.0).squaredNorm();
  }
};

}  // namespace

struct ClosestPoint::Tree {
  Mesh mesh;
  Pseudonormals normals;
  std::vector<int> order;
  std::vector<Node> nodes;

  explicit Tree(const Mesh& given) : mesh(given), normals(given), order(given.triangles.size()) {
    std::iota(order.begin(), order.end(), 0);
    build(0, static_cast<int>(order.size()));
  }

  Vector3d corner(int triangle, int k) const { return mesh.vertices[mesh.triangles[triangle][k]]; }

  int build(int begin, int end) {
    const int index = static_cast<int>(nodes.size());
    Node node{Vector3d::Constant(1e300), Vector3d::Constant(-1e300), begin, end, 0};
    for (int i = begin; i < end; ++i)
      for (int k = 0; k < 3; ++k) {
        node.lowest = node.lowest.cwiseMin(corner(order[i], k));
        node.highest = node.highest.cwiseMax(corner(order[i], k));
      }
    nodes.push_back(node);
    if (end - begin <= kLeaf) return index;
    int axis = 0;
    (node.highest - node.lowest).maxCoeff(&axis);
    const int middle = (begin + end) / 2;
    std::nth_element(order.begin() + begin, order.begin() + middle, order.begin() + end, [&](int left, int right) {
      return corner(left, 0)[axis] + corner(left, 1)[axis] + corner(left, 2)[axis] <
             corner(right, 0)[axis] + corner(right, 1)[axis] + corner(right, 2)[axis];
    });
    build(begin, middle);
    nodes[index].right = build(middle, end);
    return index;
  }
};

ClosestPoint::ClosestPoint(const Mesh& mesh) {
  check(mesh);
  tree_ = std::make_unique<const Tree>(mesh);
}

ClosestPoint::~ClosestPoint() = default;

std::optional<Closest> ClosestPoint::within(const Vector3d& query, double most_mm, int hint) const {
  TrianglePoint best{query, most_mm * most_mm, TrianglePart::face};
  int nearest = -1;
  const auto consider = [&](int triangle) {
    const TrianglePoint point =
        closest_on_triangle(query, tree_->corner(triangle, 0), tree_->corner(triangle, 1), tree_->corner(triangle, 2));
    const bool tie = point.squared == best.squared && (nearest < 0 || triangle < nearest);
    if (!(point.squared < best.squared || tie)) return;
    best = point;
    nearest = triangle;
  };
  if (hint >= 0) consider(hint);
  std::array<int, 64> waiting;
  int count = 0;
  waiting[count++] = 0;
  while (count > 0) {
    const int index = waiting[--count];
    const Node& node = tree_->nodes[index];
    // The bound has roundings of its own.
    if (node.squared(query) * (1.0 - 1e-12) > best.squared) continue;
    if (node.right == 0) {
      for (int i = node.begin; i < node.end; ++i) consider(tree_->order[i]);
      continue;
    }
    const bool left_first = tree_->nodes[index + 1].squared(query) < tree_->nodes[node.right].squared(query);
    waiting[count++] = left_first ? node.right : index + 1;
    waiting[count++] = left_first ? index + 1 : node.right;
  }
  if (nearest < 0) return std::nullopt;
  const double side = (query - best.point).dot(tree_->normals.at(nearest, best.part));
  const double distance = std::sqrt(best.squared);
  return Closest{best.point, side < 0.0 ? -distance : distance, nearest};
}

Closest ClosestPoint::at(const Vector3d& query, int hint) const { return *within(query, 1e150, hint); }

}  // namespace fit::detail
