#include "libfit/detail/span_rim.h"

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

namespace fit::detail {

namespace {

constexpr std::size_t kMostPoints = 60000;  ///< of one patch: a third of a limb at 1 mm

class RimSpanner {
 public:
  RimSpanner(const Mesh& mesh, const Around& around, const Rim& rim) : mesh_(mesh), around_(around) {
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

  RimPatch fill(const Progress& progress) {
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
    const double width_mm = width(points, triangles);
    const double mean_mm = std::accumulate(size_mm.begin(), size_mm.end(), 0.0) / static_cast<double>(size_mm.size());
    const double wave_mm = std::max(0.4 * width_mm, 6.0 * mean_mm);
    // The first patch is nearly flat; as it bulges its triangles grow, and are refined again.
    for (int round = 0; round < 3; ++round) {
      progress(0.1 + 0.25 * round);
      patch.refine(size_mm, kMostPoints);
      if (static_cast<int>(patch.points().size()) == fixed) break;
      if (round < 2)
        fair_with(band(2, 0.0), patch, Continuity::tangent, 0.0, round == 0);
      else
        fair_with(band(2, 0.35 * width_mm), patch, Continuity::curvature, wave_mm, false);
      patch.flip_to_delaunay();
    }
    return result(patch, fixed);
  }

 private:
  /// Diameter of the circle of the same area.
  static double width(const std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles) {
    double area = 0.0;
    for (const Eigen::Vector3i& t : triangles)
      area += 0.5 * (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]).norm();
    return 2.0 * std::sqrt(area / std::numbers::pi);
  }

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

  /// The surface around the loop to a depth of `rings` and `reach_mm`.
  struct Band {
    std::vector<Eigen::Vector3d> points;  ///< the loop's, then the others
    std::vector<Eigen::Vector3i> triangles;
  };

  Band band(int rings, double reach_mm) const {
    Band band{loop_.points, {}};
    std::unordered_map<int, int> local = local_;
    std::vector<int> ring = loop_vertices_, added;
    std::vector<double> depth_mm(loop_vertices_.size(), 0.0);
    for (int depth = 0; !ring.empty(); ++depth) {
      std::vector<int> outer;
      for (int v : ring) {
        const double here_mm = depth_mm[local.at(v)];
        if (depth >= rings && here_mm > reach_mm) continue;
        for (int a = around_.first[v]; a < around_.first[v + 1]; ++a) {
          const int t = around_.triangles[a];
          added.push_back(t);
          for (int k = 0; k < 3; ++k) {
            const int w = mesh_.triangles[t][k];
            if (!local.emplace(w, static_cast<int>(band.points.size())).second) continue;
            band.points.push_back(mesh_.vertices[w]);
            depth_mm.push_back(here_mm + (mesh_.vertices[w] - mesh_.vertices[v]).norm());
            outer.push_back(w);
          }
        }
      }
      ring = outer;
    }
    std::sort(added.begin(), added.end());
    added.erase(std::unique(added.begin(), added.end()), added.end());
    for (int t : added) {
      const Eigen::Vector3i& corner = mesh_.triangles[t];
      band.triangles.push_back({local.at(corner[0]), local.at(corner[1]), local.at(corner[2])});
    }
    return band;
  }

  void fair_with(const Band& band, Patch& patch, Continuity continuity, double wave_mm, bool even) const {
    const int fixed = static_cast<int>(loop_vertices_.size());
    // Loop, patch, then the rest of the band.
    std::vector<Eigen::Vector3d> points = patch.points();
    std::vector<Eigen::Vector3i> triangles = patch.triangles();
    const int end = static_cast<int>(points.size());
    points.insert(points.end(), band.points.begin() + fixed, band.points.end());
    for (Eigen::Vector3i t : band.triangles) {
      for (int k = 0; k < 3; ++k)
        if (t[k] >= fixed) t[k] += end - fixed;
      triangles.push_back(t);
    }
    std::vector<Hold> holds(points.size(), Hold::still());
    for (int i = fixed; i < end; ++i) holds[i] = Hold::free();
    if (wave_mm > 0.0) {
      for (int i = 0; i < fixed; ++i) holds[i] = Hold::by_waves_over(wave_mm);
      for (std::size_t i = static_cast<std::size_t>(end); i < points.size(); ++i)
        holds[i] = Hold::by_waves_over(wave_mm);
    }
    std::vector<Eigen::Vector3d> solved = points;
    if (!fair(solved, triangles, holds, continuity, even)) return;
    if (wave_mm > 0.0) spread_rest(points, solved, patch.triangles(), fixed);
    std::copy(solved.begin() + fixed, solved.begin() + end, patch.points().begin() + fixed);
  }

  /// The loop stays where it is: what it differs by from the smooth answer is carried on into the patch and dies there.
  static void spread_rest(const std::vector<Eigen::Vector3d>& points, std::vector<Eigen::Vector3d>& solved,
                          const std::vector<Eigen::Vector3i>& triangles, int fixed) {
    const int end = 1 + std::accumulate(triangles.begin(), triangles.end(), 0, [](int most, const Eigen::Vector3i& t) {
                      return std::max(most, t.maxCoeff());
                    });
    std::vector<Eigen::Vector3d> rest(end, Eigen::Vector3d::Zero());
    std::vector<Hold> holds(end, Hold::free());
    for (int i = 0; i < fixed; ++i) {
      rest[i] = points[i] - solved[i];
      holds[i] = Hold::still();
    }
    fair(rest, triangles, holds, Continuity::position, true);
    for (int i = fixed; i < end; ++i) solved[i] += rest[i];
  }

  RimPatch result(const Patch& patch, int fixed) const {
    RimPatch filled;
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

RimPatch span_rim(const Mesh& mesh, const Around& around, const Rim& rim, const Progress& progress) {
  return RimSpanner(mesh, around, rim).fill(progress);
}

}  // namespace fit::detail
