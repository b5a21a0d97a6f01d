#include "libfit/self_crossing.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "libfit/detail/crossing_search.h"
#include "libfit/detail/eight_tree.h"
#include "libfit/detail/large_pages.h"
#include "libfit/detail/simple_fans.h"
#include "libfit/detail/triangle_crossing.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {

namespace {

using Pair = std::array<int, 2>;

constexpr std::size_t kLeavesAPiece = 64;
constexpr std::size_t kPiecesAReport = 64;

void check(const Mesh& mesh, const std::vector<int>& among) {
  const int count = static_cast<int>(mesh.vertices.size());
  for (const Eigen::Vector3i& t : mesh.triangles)
    if (t.minCoeff() < 0 || t.maxCoeff() >= count)
      throw Error(ErrorKind::bad_input, "The surface has a triangle that names a vertex it does not have.");
  for (int triangle : among)
    if (triangle < 0 || triangle >= static_cast<int>(mesh.triangles.size()))
      throw Error(ErrorKind::bad_input, "A triangle was named that the surface does not have.");
  for (const Eigen::Vector3d& vertex : mesh.vertices)
    if (!vertex.allFinite() || vertex.cwiseAbs().maxCoeff() > 1e70)
      throw Error(ErrorKind::bad_input, "The surface has a vertex that is not a number, or beyond all limbs.");
}

detail::EightBoxes no_boxes() {
  detail::EightBoxes boxes;
  for (int axis = 0; axis < 3; ++axis)
    for (int lane = 0; lane < 8; ++lane) {
      boxes.lowest[axis][lane] = std::numeric_limits<float>::infinity();
      boxes.highest[axis][lane] = -std::numeric_limits<float>::infinity();
    }
  return boxes;
}

detail::OneBox box_around(const detail::EightBoxes& boxes) {
  detail::OneBox around;
  for (int axis = 0; axis < 3; ++axis) {
    around.lowest[axis] = *std::min_element(boxes.lowest[axis], boxes.lowest[axis] + 8);
    around.highest[axis] = *std::max_element(boxes.highest[axis], boxes.highest[axis] + 8);
  }
  return around;
}

class Search {
 public:
  Search(const Mesh& mesh, const std::vector<int>* among)
      : mesh_(mesh),
        tree_(detail::gather_by_eight(mesh)),
        facings_(detail::facings(mesh)),
        simple_(detail::simple_fans(mesh, facings_)),
        all_among_(among == nullptr) {
    leaves_.resize(tree_.leaf_count());
    among_.assign(leaves_.size(), all_among_ ? 0xff : 0);
    if (!all_among_) mark(*among);
    parallel_for(leaves_.size(), kLeavesAPiece, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) put_leaf(i, leaves_[i]);
    });
    make_nodes();
  }

  std::vector<Pair> pairs(std::size_t most, const Progress& progress) const {
    std::vector<Pair> result;
    const std::size_t round = kLeavesAPiece * kPiecesAReport;
    for (std::size_t first = 0; first < leaves_.size() && result.size() < most; first += round) {
      progress(static_cast<double>(first) / static_cast<double>(leaves_.size()));
      const std::size_t count = std::min(round, leaves_.size() - first);
      std::vector<std::vector<Pair>> pieces((count + kLeavesAPiece - 1) / kLeavesAPiece);
      parallel_for(count, kLeavesAPiece, [&](std::size_t begin, std::size_t end) {
        std::vector<Pair>& piece = pieces[begin / kLeavesAPiece];
        for (std::size_t i = begin; i < end && piece.size() < most; ++i)
          append_pairs(static_cast<int>(first + i), most, piece);
      });
      for (const std::vector<Pair>& piece : pieces) result.insert(result.end(), piece.begin(), piece.end());
    }
    if (result.size() > most) result.resize(most);
    std::sort(result.begin(), result.end());
    progress(1.0);
    return result;
  }

 private:
  void mark(const std::vector<int>& among) {
    std::vector<unsigned char> asked(mesh_.triangles.size(), 0);
    for (int triangle : among) asked[triangle] = 1;
    for (std::size_t slot = 0; slot < tree_.triangles.size(); ++slot)
      among_[slot / 8] = static_cast<unsigned char>(among_[slot / 8] | asked[tree_.triangles[slot]] << slot % 8);
  }

  bool without_area(int triangle) const {
    const Eigen::Vector3i& t = mesh_.triangles[triangle];
    return facings_[triangle] == 0 &&
           detail::on_a_line(mesh_.vertices[t[0]], mesh_.vertices[t[1]], mesh_.vertices[t[2]]);
  }

  void put_leaf(std::size_t index, detail::CrossingLeaf& leaf) const {
    const double scale = 1.0 / tree_.reach_mm;
    leaf.boxes = no_boxes();
    for (int k = 0; k < 3; ++k) leaf.simple[k] = 0;
    for (int lane = 0; lane < 8; ++lane) {
      const std::size_t slot = 8 * index + lane;
      leaf.triangle[lane] = slot < tree_.triangles.size() ? tree_.triangles[slot] : -1;
      for (int k = 0; k < 3; ++k) leaf.index[k][lane] = -1;
      if (leaf.triangle[lane] < 0) continue;
      const Eigen::Vector3i& t = mesh_.triangles[leaf.triangle[lane]];
      for (int k = 0; k < 3; ++k) {
        leaf.index[k][lane] = t[k];
        leaf.simple[k] = static_cast<unsigned char>(leaf.simple[k] | simple_[t[k]] << lane);
      }
      if (without_area(leaf.triangle[lane])) continue;
      const auto place = [&](int k) -> Eigen::Array3f {
        return ((mesh_.vertices[t[k]] - tree_.center_mm) * scale).cast<float>();
      };
      const Eigen::Array3f a = place(0), b = place(1), c = place(2);
      const Eigen::Array3f lowest = a.min(b).min(c), highest = a.max(b).max(c);
      for (int axis = 0; axis < 3; ++axis) {
        leaf.boxes.lowest[axis][lane] = lowest[axis];
        leaf.boxes.highest[axis][lane] = highest[axis];
      }
    }
    leaf.around = box_around(leaf.boxes);
  }

  void make_nodes() {
    nodes_.resize(tree_.nodes.size());
    for (std::size_t i = nodes_.size(); i-- > 0;) {
      const detail::EightTree::Node& from = tree_.nodes[i];
      nodes_[i] = {no_boxes(), from.first_child, from.over_leaves};
      for (int lane = 0; lane < from.child_count; ++lane) {
        const int child = from.first_child + lane;
        const detail::OneBox around = from.over_leaves ? leaves_[child].around : box_around(nodes_[child].boxes);
        for (int axis = 0; axis < 3; ++axis) {
          nodes_[i].boxes.lowest[axis][lane] = around.lowest[axis];
          nodes_[i].boxes.highest[axis][lane] = around.highest[axis];
        }
      }
    }
  }

  void append_pairs(int leaf, std::size_t most, std::vector<Pair>& pairs) const {
    if (among_[leaf] == 0) return;
    for (int lane = 0; lane < 8; ++lane) {
      const int triangle = leaves_[leaf].triangle[lane];
      const bool in_a_box = leaves_[leaf].boxes.lowest[0][lane] <= leaves_[leaf].boxes.highest[0][lane];
      if (triangle >= 0 && !in_a_box && (among_[leaf] >> lane & 1)) pairs.push_back({triangle, triangle});
    }
    static const auto doubtful_pairs =
        __builtin_cpu_supports("avx2") ? detail::doubtful_pairs_avx2 : detail::doubtful_pairs_portable;
    const detail::CrossingTree tree{nodes_.data(), leaves_.data(), mesh_.vertices.front().data(), among_.data(),
                                    all_among_};
    detail::CrossingSearch search;
    search.leaf = leaf;
    search.waiting[0] = 0;
    search.waiting_count = 1;
    for (bool done = false; !done && pairs.size() < most;) {
      search.pair_count = 0;
      done = doubtful_pairs(tree, search);
      for (int i = 0; i < search.pair_count; ++i) {
        const auto [first, second] = search.pairs[i];
        if (detail::triangles_cross(mesh_.vertices, mesh_.triangles[first], mesh_.triangles[second]))
          pairs.push_back({std::min(first, second), std::max(first, second)});
      }
    }
  }

  const Mesh& mesh_;
  const detail::EightTree tree_;
  const std::vector<unsigned char> facings_;
  const std::vector<unsigned char> simple_;
  const bool all_among_;
  detail::LargeVector<detail::CrossingLeaf> leaves_;
  detail::LargeVector<detail::CrossingNode> nodes_;
  std::vector<unsigned char> among_;
};

}  // namespace

std::vector<Pair> self_crossings(const Mesh& mesh, std::size_t most, const Progress& progress) {
  check(mesh, {});
  if (mesh.triangles.empty() || most == 0) return {};
  return Search(mesh, nullptr).pairs(most, progress);
}

std::vector<Pair> self_crossings(const Mesh& mesh, const std::vector<int>& among, std::size_t most,
                                 const Progress& progress) {
  check(mesh, among);
  if (mesh.triangles.empty() || among.empty() || most == 0) return {};
  return Search(mesh, &among).pairs(most, progress);
}

}  // namespace fit
