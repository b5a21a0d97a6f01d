#include "libfit/detail/spikes.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <cmath>

#include "libfit/detail/around.h"
#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr double kLeastHeight_mm = 1.0;
constexpr double kSteepness = 2.0;      ///< height over radius: 63 degrees
constexpr double kAlone = 0.7;          ///< 35 degrees are enough for a vertex whose neighbours are not half as steep
constexpr double kFoldCosine = -0.5;    ///< 120 degrees
constexpr double kLeastFold_mm = 0.05;  ///< lower triangles are turned by rounding alone
constexpr double kRegion_mm = 12.0;     ///< over which the skin is nearly flat
constexpr double kFlankCosine = 0.64;   ///< 50 degrees off the region's normal
constexpr double kReach_mm = 8.0;       ///< of flanks from their seed, along the skin
constexpr double kLongest_mm = 60.0;    ///< and off it
constexpr std::size_t kGrain = 8192;

Eigen::Vector3d doubled_normal(const Mesh& mesh, int triangle) {
  const Eigen::Vector3i& t = mesh.triangles[triangle];
  const Eigen::Vector3d& a = mesh.vertices[t[0]];
  return (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a);
}

/// The area vector of the triangles around a vertex's neighbours that do not have the vertex itself.
Eigen::Vector3d normal_beyond(const Mesh& mesh, const Around& around, int vertex) {
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();
  for (int i = around.first[vertex]; i < around.first[vertex + 1]; ++i)
    for (int k = 0; k < 3; ++k) {
      const int neighbour = mesh.triangles[around.triangles[i]][k];
      if (neighbour == vertex) continue;
      for (int j = around.first[neighbour]; j < around.first[neighbour + 1]; ++j)
        if ((mesh.triangles[around.triangles[j]].array() != vertex).all())
          normal += doubled_normal(mesh, around.triangles[j]);
    }
  return normal;
}

/// How far a vertex stands out of its ring, in radii of the ring; 0 when that is too low to matter.
double steepness(const Mesh& mesh, const Around& around, int vertex, bool surrounded) {
  const Eigen::Vector3d& v = mesh.vertices[vertex];
  Eigen::Vector3d sum = Eigen::Vector3d::Zero(), normal = Eigen::Vector3d::Zero();
  double squares = 0.0;
  int count = 0;
  for (int i = around.first[vertex]; i < around.first[vertex + 1]; ++i) {
    const Eigen::Vector3i& t = mesh.triangles[around.triangles[i]];
    // Of a closed fan the sum of the triangles' area vectors is that of the ring, wherever the vertex stands.
    normal += doubled_normal(mesh, around.triangles[i]);
    for (int k = 0; k < 3; ++k) {
      if (t[k] == vertex) continue;
      const Eigen::Vector3d to = mesh.vertices[t[k]] - v;
      sum += to;
      squares += to.squaredNorm();
      ++count;
    }
  }
  if (count < 4) return 0.0;
  if (!surrounded) normal = normal_beyond(mesh, around, vertex);
  const Eigen::Vector3d middle = sum / count;
  const double radius = std::sqrt(std::max(squares / count - middle.squaredNorm(), 0.0));
  const double height = std::abs(middle.dot(normal.normalized()));
  return height > kLeastHeight_mm ? height / std::max(radius, 1e-9) : 0.0;
}

/// Whether a vertex is a spike's point: steep, or less so but alone in it, as the points of a crease are not.
bool is_spike(const Mesh& mesh, const Around& around, const std::vector<float>& steep, int vertex) {
  const double own = steep[vertex];
  if (own > kSteepness) return true;
  if (own < kAlone) return false;
  for (int i = around.first[vertex]; i < around.first[vertex + 1]; ++i)
    for (int k = 0; k < 3; ++k) {
      const int other = mesh.triangles[around.triangles[i]][k];
      if (other != vertex && steep[other] > 0.5 * own) return false;
    }
  return true;
}

bool is_fold(const Mesh& mesh, int first, int second) {
  const Eigen::Vector3d a = doubled_normal(mesh, first), b = doubled_normal(mesh, second);
  if (a.dot(b) >= kFoldCosine * a.norm() * b.norm()) return false;
  const auto height = [&](int triangle, double doubled) {
    const Eigen::Vector3i& t = mesh.triangles[triangle];
    double longest = 0.0;
    for (int k = 0; k < 3; ++k)
      longest = std::max(longest, (mesh.vertices[t[k]] - mesh.vertices[t[(k + 1) % 3]]).norm());
    return doubled / longest;
  };
  return std::min(height(first, a.norm()), height(second, b.norm())) > kLeastFold_mm;
}

/// Flags the seeds' flanks: what hangs together with them and is steep against the region around.
void flag_flanks(const Mesh& mesh, const std::vector<int>& opposite, const std::vector<int>& seeds, Spikes& spikes) {
  std::vector<int> visited(mesh.triangles.size(), -1);
  std::vector<int> region;
  for (std::size_t s = 0; s < seeds.size(); ++s) {
    const int mark = static_cast<int>(s);
    const Eigen::Vector3d centre = mesh.vertices[mesh.triangles[seeds[s]][0]];
    const auto spread = [&](auto&& allowed) {
      for (std::size_t i = 0; i < region.size() && region.size() < 20000; ++i)
        for (int k = 0; k < 3; ++k) {
          const int across = opposite[3 * region[i] + k];
          if (across < 0 || visited[across / 3] == mark || !allowed(across / 3)) continue;
          visited[across / 3] = mark;
          region.push_back(across / 3);
        }
    };
    region.assign(1, seeds[s]);
    visited[seeds[s]] = mark;
    // A spike may be longer than the region is wide: its flanks cancel out, so the walk may follow them.
    spread([&](int t) { return (mesh.vertices[mesh.triangles[t][0]] - centre).norm() < kRegion_mm; });
    Eigen::Vector3d normal = Eigen::Vector3d::Zero();
    for (int t : region) normal += doubled_normal(mesh, t);
    normal.normalize();
    for (int t : region) visited[t] = -1;
    region.assign(1, seeds[s]);
    visited[seeds[s]] = mark;
    spread([&](int t) {
      const Eigen::Vector3d facing = doubled_normal(mesh, t);
      const Eigen::Vector3d away = mesh.vertices[mesh.triangles[t][0]] - centre;
      return facing.dot(normal) < kFlankCosine * facing.norm() && away.cross(normal).norm() < kReach_mm &&
             std::abs(away.dot(normal)) < kLongest_mm;
    });
    for (int t : region) spikes.triangles[t] = 1;
  }
}

}  // namespace

Spikes find_spikes(const Mesh& mesh, const std::vector<int>& opposite) {
  Spikes spikes;
  const std::size_t triangles = mesh.triangles.size();
  spikes.triangles.assign(triangles, 0);
  const Around around(mesh);
  std::vector<std::uint8_t> at_rim(mesh.vertices.size(), 0);
  for (std::size_t h = 0; h < opposite.size(); ++h)
    if (opposite[h] < 0) at_rim[mesh.triangles[h / 3][h % 3]] = 1;
  std::vector<float> steep(mesh.vertices.size());
  parallel_for(steep.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t v = begin; v < end; ++v)
      steep[v] = static_cast<float>(steepness(mesh, around, static_cast<int>(v), !at_rim[v]));
  });
  std::vector<std::uint8_t> folded(triangles, 0);
  parallel_for(triangles, kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t t = begin; t < end; ++t)
      for (int k = 0; k < 3; ++k) {
        const int across = opposite[3 * t + k];
        if (across >= 0 && is_fold(mesh, static_cast<int>(t), across / 3)) folded[t] = 1;
      }
  });
  std::vector<int> seeds;
  double worst = 0.0;
  for (std::size_t v = 0; v < steep.size(); ++v) {
    if (!is_spike(mesh, around, steep, static_cast<int>(v))) continue;
    ++spikes.spikes;
    for (int i = around.first[v]; i < around.first[v + 1]; ++i) seeds.push_back(around.triangles[i]);
    if (steep[v] > worst) {
      worst = steep[v];
      spikes.seed = seeds.back();
    }
  }
  for (std::size_t t = 0; t < triangles; ++t) {
    if (!folded[t]) continue;
    ++spikes.folds;
    seeds.push_back(static_cast<int>(t));
    if (spikes.seed < 0) spikes.seed = static_cast<int>(t);
  }
  if (100 * static_cast<std::size_t>(spikes.spikes + spikes.folds) > triangles)
    return {std::vector<std::uint8_t>(triangles, 0)};
  std::sort(seeds.begin(), seeds.end());
  seeds.erase(std::unique(seeds.begin(), seeds.end()), seeds.end());
  flag_flanks(mesh, opposite, seeds, spikes);
  return spikes;
}

}  // namespace fit::detail
