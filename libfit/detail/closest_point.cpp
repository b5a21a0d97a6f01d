#include "libfit/detail/closest_point.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/closest_point_tree.h"
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

}  // namespace

struct ClosestPoint::Tree {
  std::vector<Vector3d> vertices;
  std::vector<Eigen::Vector3i> triangles;
  std::optional<Pseudonormals> normals;
  ClosestPointBounds bounds;
  bool (*search)(const SearchTree&, Search&);

  Tree(const Mesh& mesh, Sides sides, bool avx2)
      : vertices(mesh.vertices),
        triangles(mesh.triangles),
        bounds(closest_point_bounds(mesh)),
        search(avx2 ? search_avx2 : search_portable) {
    if (sides == Sides::told) normals.emplace(mesh);
  }
};

namespace {

/// The nearest of the triangles that were looked at in full precision.
struct Nearest {
  TrianglePoint place;
  int triangle = -1;
};

}  // namespace

ClosestPoint::ClosestPoint(const Mesh& mesh, Sides sides, Instructions instructions) {
  check(mesh);
  tree_ =
      std::make_unique<const Tree>(mesh, sides, instructions == Instructions::best && __builtin_cpu_supports("avx2"));
}

ClosestPoint::~ClosestPoint() = default;

std::optional<Closest> ClosestPoint::within(const Vector3d& query, double most_mm, int hint) const {
  const Tree& tree = *tree_;
  if (!query.allFinite()) throw Error(ErrorKind::bad_input, "The point whose distance is asked is not a number.");
  Nearest nearest{{query, most_mm * most_mm, TrianglePart::face}, -1};
  const auto look_at = [&](int triangle) {
    const Eigen::Vector3i& t = tree.triangles[triangle];
    const TrianglePoint place =
        closest_on_triangle(query, tree.vertices[t[0]], tree.vertices[t[1]], tree.vertices[t[2]]);
    const bool tie = place.squared == nearest.place.squared && (nearest.triangle < 0 || triangle < nearest.triangle);
    if (place.squared < nearest.place.squared || tie) nearest = {place, triangle};
  };

  const Vector3d place = (query - tree.bounds.center_mm) / tree.bounds.reach_mm;
  // Beyond that squares leave the range of single precision; nobody is in a hurry there.
  if (place.squaredNorm() > 1e24) {
    for (std::size_t i = 0; i < tree.triangles.size(); ++i) look_at(static_cast<int>(i));
  } else {
    const SearchTree look_up{tree.bounds.nodes.data(), tree.bounds.leaves.data()};
    Search search;
    for (int axis = 0; axis < 3; ++axis) search.query[axis] = static_cast<float>(place[axis]);
    search.limit = std::numeric_limits<float>::max();
    const auto limit_to = [&](double squared_mm2) {
      const double squared = squared_mm2 / tree.bounds.reach_mm / tree.bounds.reach_mm;
      if (squared < 1e30) search.limit = std::min(search.limit, limit_of(static_cast<float>(squared)));
    };
    limit_to(most_mm * most_mm);
    search.candidate_count = 0;
    search.known_leaf = Search::kNoLeaf;
    const auto search_from = [&](int node) {
      search.waiting_count = 1;
      search.waiting[0].squared = 0.0f;
      search.waiting[0].node = node;
      while (!tree.search(look_up, search)) {
        for (int i = 0; i < search.candidate_count; ++i) look_at(search.candidates[i].triangle);
        limit_to(nearest.place.squared);
        search.candidate_count = 0;
      }
    };
    if (hint >= 0) {
      search_from(~tree.bounds.leaf_of[hint]);
      search.known_leaf = ~tree.bounds.leaf_of[hint];
    }
    search_from(0);
    for (int i = 0; i < search.candidate_count; ++i)
      if (search.candidates[i].squared <= search.limit) look_at(search.candidates[i].triangle);
  }

  if (nearest.triangle < 0) return std::nullopt;
  const double distance = std::sqrt(nearest.place.squared);
  const bool inside =
      tree.normals && (query - nearest.place.point).dot(tree.normals->at(nearest.triangle, nearest.place.part)) < 0.0;
  return Closest{nearest.place.point, inside ? -distance : distance, nearest.triangle};
}

Closest ClosestPoint::at(const Vector3d& query, int hint) const { return *within(query, 1e150, hint); }

}  // namespace fit::detail
