#include "libfit/detail/closest_point_tree.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/eight_tree.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;

/// Larger patches of skin are not flat: a disc around them costs time to find and excludes nothing that a box does not.
constexpr int kMostLeavesOfADisc = 64;

class Builder {
 public:
  Builder(const Mesh& mesh, const EightTree& tree) : mesh_(mesh), tree_(tree), scale_(1.0 / tree.reach_mm) {}

  void put_leaf(int index, SearchLeaf& leaf) const {
    for (int lane = 0; lane < 8; ++lane) {
      const std::size_t slot = 8 * static_cast<std::size_t>(index) + lane;
      if (slot < tree_.triangles.size())
        put_triangle(tree_.triangles[slot], lane, leaf);
      else
        put_nothing(lane, leaf);
    }
  }

  /// All of a node but the boxes of children that are nodes.
  void put_node(int index, SearchNode& node) const {
    const EightTree::Node& from = tree_.nodes[index];
    node.first_child = from.first_child;
    node.over_leaves = from.over_leaves;
    for (int lane = 0; lane < 8; ++lane) {
      put_no_bounds(lane, node);
      if (lane >= from.child_count) continue;
      const int child = from.first_child + lane;
      const int first_leaf = from.over_leaves ? child : tree_.nodes[child].first_leaf;
      const int leaf_count = from.over_leaves ? 1 : tree_.nodes[child].leaf_count;
      if (leaf_count <= kMostLeavesOfADisc) put_bounds(first_leaf, leaf_count, lane, node);
    }
  }

  /// The boxes of children that are nodes, which must have theirs.
  void put_boxes(int index, SearchNode* nodes) const {
    const EightTree::Node& from = tree_.nodes[index];
    if (from.over_leaves) return;
    for (int lane = 0; lane < from.child_count; ++lane) {
      const SearchNode& child = nodes[from.first_child + lane];
      for (int axis = 0; axis < 3; ++axis) {
        nodes[index].lowest[axis][lane] = *std::min_element(child.lowest[axis], child.lowest[axis] + 8);
        nodes[index].highest[axis][lane] = *std::max_element(child.highest[axis], child.highest[axis] + 8);
      }
    }
  }

 private:
  Vector3d corner(int triangle, int k) const {
    return (mesh_.vertices[mesh_.triangles[triangle][k]] - tree_.center_mm) * scale_;
  }

  void put_triangle(int triangle, int lane, SearchLeaf& leaf) const {
    const Vector3d a = corner(triangle, 0);
    const Vector3d ab = corner(triangle, 1) - a;
    const Vector3d ac = corner(triangle, 2) - a;
    const double length = ab.norm();
    const Vector3d along = length > 0.0 ? Vector3d(ab / length) : Vector3d::UnitX();
    const double x = ac.dot(along);
    Vector3d across = ac - x * along;
    const double y = across.norm();
    across = y > 1e-12 * ac.norm() ? Vector3d(across / y) : along.unitOrthogonal();
    for (int axis = 0; axis < 3; ++axis) {
      leaf.corner[axis][lane] = static_cast<float>(a[axis]);
      leaf.along[axis][lane] = static_cast<float>(along[axis]);
      leaf.across[axis][lane] = static_cast<float>(across[axis]);
    }
    const double ac_squared = x * x + y * y;
    const double bc_squared = (x - length) * (x - length) + y * y;
    leaf.length[lane] = static_cast<float>(length);
    leaf.x[lane] = static_cast<float>(x);
    leaf.y[lane] = static_cast<float>(y);
    // Sides whose square no float can hold are points.
    leaf.per_ac[lane] = ac_squared > 1e-30 ? static_cast<float>(1.0 / ac_squared) : 0.0f;
    leaf.per_bc[lane] = bc_squared > 1e-30 ? static_cast<float>(1.0 / bc_squared) : 0.0f;
    leaf.triangle[lane] = triangle;
  }

  static void put_nothing(int lane, SearchLeaf& leaf) {
    for (int axis = 0; axis < 3; ++axis) {
      leaf.corner[axis][lane] = 1e17f;
      leaf.along[axis][lane] = axis == 0 ? 1.0f : 0.0f;
      leaf.across[axis][lane] = axis == 1 ? 1.0f : 0.0f;
    }
    leaf.length[lane] = leaf.x[lane] = leaf.y[lane] = leaf.per_ac[lane] = leaf.per_bc[lane] = 0.0f;
    leaf.triangle[lane] = -1;
  }

  /// Bounds that nothing is within: those of no child.
  static void put_no_bounds(int lane, SearchNode& node) {
    constexpr float nowhere = std::numeric_limits<float>::infinity();
    for (int axis = 0; axis < 3; ++axis) {
      node.lowest[axis][lane] = nowhere;
      node.highest[axis][lane] = -nowhere;
      node.center[axis][lane] = node.normal[axis][lane] = 0.0f;
    }
    node.half_thickness[lane] = node.radius[lane] = nowhere;
  }

  void put_bounds(int first_leaf, int leaf_count, int lane, SearchNode& node) const {
    const std::size_t begin = 8 * static_cast<std::size_t>(first_leaf);
    const std::size_t end = std::min(begin + 8 * static_cast<std::size_t>(leaf_count), tree_.triangles.size());
    Vector3d lowest = corner(tree_.triangles[begin], 0);
    Vector3d highest = lowest;
    Vector3d normal = Vector3d::Zero();
    for (std::size_t slot = begin; slot < end; ++slot) {
      const int triangle = tree_.triangles[slot];
      const Vector3d a = corner(triangle, 0), b = corner(triangle, 1), c = corner(triangle, 2);
      lowest = lowest.cwiseMin(a).cwiseMin(b).cwiseMin(c);
      highest = highest.cwiseMax(a).cwiseMax(b).cwiseMax(c);
      normal += (b - a).cross(c - a);
    }
    for (int axis = 0; axis < 3; ++axis) {
      node.lowest[axis][lane] = static_cast<float>(lowest[axis]);
      node.highest[axis][lane] = static_cast<float>(highest[axis]);
    }
    if (normal.squaredNorm() > 0.0) put_disc(begin, end, normal.normalized(), 0.5 * (lowest + highest), lane, node);
  }

  void put_disc(std::size_t begin, std::size_t end, const Vector3d& normal, const Vector3d& middle, int lane,
                SearchNode& node) const {
    double lowest = 1e300, highest = -1e300, squared_radius = 0.0;
    for (std::size_t slot = begin; slot < end; ++slot)
      for (int k = 0; k < 3; ++k) {
        const Vector3d from_middle = corner(tree_.triangles[slot], k) - middle;
        const double height = from_middle.dot(normal);
        lowest = std::min(lowest, height);
        highest = std::max(highest, height);
        squared_radius = std::max(squared_radius, from_middle.squaredNorm() - height * height);
      }
    const Vector3d center = middle + 0.5 * (lowest + highest) * normal;
    for (int axis = 0; axis < 3; ++axis) {
      node.center[axis][lane] = static_cast<float>(center[axis]);
      node.normal[axis][lane] = static_cast<float>(normal[axis]);
    }
    node.half_thickness[lane] = static_cast<float>(0.5 * (highest - lowest));
    node.radius[lane] = static_cast<float>(std::sqrt(squared_radius));
  }

  const Mesh& mesh_;
  const EightTree& tree_;
  const double scale_;
};

}  // namespace

ClosestPointBounds closest_point_bounds(const Mesh& mesh) {
  const EightTree tree = gather_by_eight(mesh);
  const Builder builder(mesh, tree);
  ClosestPointBounds bounds{tree.center_mm, tree.reach_mm, {}, {}, {}};
  bounds.leaves.resize(tree.leaf_count());
  bounds.leaf_of.resize(tree.triangles.size());
  parallel_for(bounds.leaves.size(), 512, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) builder.put_leaf(static_cast<int>(i), bounds.leaves[i]);
  });
  bounds.nodes.resize(tree.nodes.size());
  parallel_for(bounds.nodes.size(), 16, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) builder.put_node(static_cast<int>(i), bounds.nodes[i]);
  });
  for (int i = static_cast<int>(bounds.nodes.size()) - 1; i >= 0; --i) builder.put_boxes(i, bounds.nodes.data());
  for (std::size_t slot = 0; slot < tree.triangles.size(); ++slot)
    bounds.leaf_of[tree.triangles[slot]] = static_cast<int>(slot / 8);
  return bounds;
}

}  // namespace fit::detail
