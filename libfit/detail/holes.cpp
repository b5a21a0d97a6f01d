#include "libfit/detail/holes.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>
#include <unordered_map>

#include "libfit/detail/fair_patch.h"
#include "libfit/detail/patch.h"
#include "libfit/detail/triangulate_loop.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr std::size_t kMostPoints = 60000;  ///< of one patch: 1.4 cm2 at 0.2 mm, or all of a limb at 1 mm

/// The triangles around each vertex, in one array.
struct Around {
  std::vector<int> first, triangles;

  explicit Around(const Mesh& mesh) : first(mesh.vertices.size() + 1, 0), triangles(3 * mesh.triangles.size()) {
    for (const Eigen::Vector3i& t : mesh.triangles)
      for (int k = 0; k < 3; ++k) ++first[t[k] + 1];
    for (std::size_t v = 1; v < first.size(); ++v) first[v] += first[v - 1];
    std::vector<int> at(first.begin(), first.end() - 1);
    for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
      for (int k = 0; k < 3; ++k) triangles[at[mesh.triangles[i][k]]++] = static_cast<int>(i);
  }
};

struct HolePatch {
  std::vector<Eigen::Vector3d> points;     ///< new ones
  std::vector<Eigen::Vector3i> triangles;  ///< -1 - i: new point i; else a vertex of the mesh
};

class HoleFiller {
 public:
  HoleFiller(const Mesh& mesh, const Around& around, const Rim& rim) : mesh_(mesh), around_(around) {
    // The patch runs along the rim the other way round.
    for (auto h = rim.rbegin(); h != rim.rend(); ++h) {
      const Eigen::Vector3i& t = mesh.triangles[*h / 3];
      loop_vertices_.push_back(t[(*h + 1) % 3]);
      const Eigen::Vector3d& a = mesh.vertices[t[0]];
      loop_.points.push_back(mesh.vertices[loop_vertices_.back()]);
      loop_.normals.push_back((mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a).normalized());
    }
    for (std::size_t i = 0; i < loop_vertices_.size(); ++i) local_[loop_vertices_[i]] = static_cast<int>(i);
    find_taken();
  }

  HolePatch fill() {
    loop_.joined = [this](int i, int j) {
      return std::binary_search(taken_.begin(), taken_.end(), std::array{std::min(i, j), std::max(i, j)});
    };
    std::vector<Eigen::Vector3i> triangles = triangulate_loop(loop_);
    std::vector<Eigen::Vector3d> points = loop_.points;
    std::vector<double> size_mm = sizes();
    if (triangles.empty()) {
      triangles = star(points);
      size_mm.push_back(std::accumulate(size_mm.begin(), size_mm.end(), 0.0) / static_cast<double>(size_mm.size()));
    }
    Patch patch(points, triangles, taken_);
    const int fixed = static_cast<int>(loop_.points.size());
    // The first patch is nearly flat; as it bulges its triangles grow, and are refined again.
    for (int round = 0; round < 3; ++round) {
      patch.refine(size_mm, kMostPoints);
      if (static_cast<int>(patch.points().size()) == fixed) break;
      fair_with_surroundings(patch, fixed, round == 0);
      patch.flip_to_delaunay();
    }
    return result(patch, fixed);
  }

 private:
  void find_taken() {
    for (std::size_t i = 0; i < loop_vertices_.size(); ++i) {
      const int v = loop_vertices_[i];
      for (int a = around_.first[v]; a < around_.first[v + 1]; ++a)
        for (int k = 0; k < 3; ++k) {
          const auto other = local_.find(mesh_.triangles[around_.triangles[a]][k]);
          if (other != local_.end() && other->second > static_cast<int>(i))
            taken_.push_back({static_cast<int>(i), other->second});
        }
    }
    std::sort(taken_.begin(), taken_.end());
    taken_.erase(std::unique(taken_.begin(), taken_.end()), taken_.end());
  }

  std::vector<double> sizes() const {
    std::vector<double> size_mm;
    for (int v : loop_vertices_) {
      double sum = 0.0;
      int count = 0;
      for (int a = around_.first[v]; a < around_.first[v + 1]; ++a) {
        const Eigen::Vector3i& t = mesh_.triangles[around_.triangles[a]];
        for (int k = 0; k < 3; ++k) sum += (mesh_.vertices[t[k]] - mesh_.vertices[t[(k + 1) % 3]]).norm();
        count += 3;
      }
      size_mm.push_back(sum / count);
    }
    return size_mm;
  }

  /// A fan around the loop's centre: it needs no edge between two of its points.
  std::vector<Eigen::Vector3i> star(std::vector<Eigen::Vector3d>& points) const {
    Eigen::Vector3d centre = Eigen::Vector3d::Zero();
    for (const Eigen::Vector3d& point : loop_.points) centre += point;
    const int n = static_cast<int>(loop_.points.size());
    points.push_back(centre / n);
    std::vector<Eigen::Vector3i> triangles;
    for (int i = 0; i < n; ++i) triangles.push_back({i, (i + 1) % n, n});
    return triangles;
  }

  void fair_with_surroundings(Patch& patch, int fixed, bool even) const {
    std::vector<Eigen::Vector3d> points = patch.points();
    std::vector<Eigen::Vector3i> triangles = patch.triangles();
    std::unordered_map<int, int> local = local_;
    std::vector<int> ring = loop_vertices_;
    std::vector<int> added;
    for (int depth = 0; depth < 2; ++depth) {
      std::vector<int> outer;
      for (int v : ring)
        for (int a = around_.first[v]; a < around_.first[v + 1]; ++a) {
          const int t = around_.triangles[a];
          added.push_back(t);
          for (int k = 0; k < 3; ++k) {
            const int w = mesh_.triangles[t][k];
            if (!local.emplace(w, static_cast<int>(points.size())).second) continue;
            points.push_back(mesh_.vertices[w]);
            outer.push_back(w);
          }
        }
      ring = outer;
    }
    std::sort(added.begin(), added.end());
    added.erase(std::unique(added.begin(), added.end()), added.end());
    for (int t : added) {
      const Eigen::Vector3i& corner = mesh_.triangles[t];
      triangles.push_back({local.at(corner[0]), local.at(corner[1]), local.at(corner[2])});
    }
    const int end = static_cast<int>(patch.points().size());
    std::vector<bool> free(points.size(), false);
    for (int i = fixed; i < end; ++i) free[i] = true;
    if (fair(points, triangles, free, Continuity::tangent, even))
      std::copy(points.begin() + fixed, points.begin() + end, patch.points().begin() + fixed);
  }

  HolePatch result(const Patch& patch, int fixed) const {
    HolePatch filled;
    filled.points.assign(patch.points().begin() + fixed, patch.points().end());
    for (const Eigen::Vector3i& t : patch.triangles()) {
      Eigen::Vector3i named;
      for (int k = 0; k < 3; ++k) named[k] = t[k] < fixed ? loop_vertices_[t[k]] : -1 - (t[k] - fixed);
      filled.triangles.push_back(named);
    }
    return filled;
  }

  const Mesh& mesh_;
  const Around& around_;
  std::vector<int> loop_vertices_;
  std::unordered_map<int, int> local_;  ///< looked up, never walked
  Loop loop_;
  std::vector<std::array<int, 2>> taken_;
};

}  // namespace

std::vector<Rim> find_rims(const Mesh& mesh, const std::vector<int>& opposite) {
  std::vector<int> from(mesh.vertices.size(), -1);
  for (std::size_t h = 0; h < opposite.size(); ++h)
    if (opposite[h] < 0) from[mesh.triangles[h / 3][h % 3]] = static_cast<int>(h);
  std::vector<std::uint8_t> seen(opposite.size(), 0);
  std::vector<Rim> rims;
  for (std::size_t start = 0; start < opposite.size(); ++start) {
    if (opposite[start] >= 0 || seen[start]) continue;
    Rim rim;
    for (int h = static_cast<int>(start); !seen[h]; h = from[mesh.triangles[h / 3][(h + 1) % 3]]) {
      seen[h] = 1;
      rim.push_back(h);
    }
    rims.push_back(std::move(rim));
  }
  return rims;
}

std::vector<Filled> fill_holes(Skin& skin, const std::vector<Rim>& rims, const Progress& progress) {
  Mesh& mesh = skin.mesh;
  const Around around(mesh);
  std::vector<HolePatch> patches(rims.size());
  // Pieces, so that the progress is told from this thread.
  constexpr std::size_t kPiece = 64;
  for (std::size_t begin = 0; begin < rims.size(); begin += kPiece) {
    progress(static_cast<double>(begin) / static_cast<double>(rims.size()));
    parallel_for(std::min(kPiece, rims.size() - begin), 1, [&](std::size_t from, std::size_t to) {
      for (std::size_t i = begin + from; i < begin + to; ++i) patches[i] = HoleFiller(mesh, around, rims[i]).fill();
    });
  }
  std::vector<Filled> filled;
  for (std::size_t i = 0; i < rims.size(); ++i) {
    const int base = static_cast<int>(mesh.vertices.size());
    mesh.vertices.insert(mesh.vertices.end(), patches[i].points.begin(), patches[i].points.end());
    if (!mesh.colors.empty()) {
      Eigen::Vector3d color = Eigen::Vector3d::Zero();
      for (int h : rims[i]) color += mesh.colors[mesh.triangles[h / 3][h % 3]];
      mesh.colors.resize(mesh.vertices.size(), color / static_cast<double>(rims[i].size()));
    }
    Filled one;
    for (Eigen::Vector3i t : patches[i].triangles) {
      for (int k = 0; k < 3; ++k)
        if (t[k] < 0) t[k] = base - 1 - t[k];
      mesh.triangles.push_back(t);
      skin.invented.push_back(1);
      const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
      const double area = 0.5 * (b - a).cross(c - a).norm();
      one.area_mm2 += area;
      one.centre_mm += area * (a + b + c) / 3.0;
      ++one.triangles;
    }
    if (one.area_mm2 > 0.0) one.centre_mm /= one.area_mm2;
    one.width_mm = 2.0 * std::sqrt(one.area_mm2 / std::numbers::pi);
    filled.push_back(one);
  }
  return filled;
}

}  // namespace fit::detail
