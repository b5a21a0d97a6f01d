#include "scanners/detail/trim_scan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "scanners/detail/vertex_quality.h"

namespace fit {

namespace {

constexpr double least_votes = 0.1;  // of the piece with most of the subject: what has fewer is another thing
constexpr double plane_cosine = 0.85;
constexpr double end_share = 0.65;      // an opening whose middle lies farther out is at an end
constexpr double missing_share = 0.06;  // of the girth that may be missing where the end is cut
constexpr double most_cut_share = 0.3;  // of the length

std::vector<int> pieces_of(const Mesh& mesh) {
  std::vector<int> root(mesh.vertices.size());
  std::iota(root.begin(), root.end(), 0);
  const auto find = [&](int i) {
    while (root[static_cast<std::size_t>(i)] != i)
      i = root[static_cast<std::size_t>(i)] = root[static_cast<std::size_t>(root[static_cast<std::size_t>(i)])];
    return i;
  };
  for (const auto& t : mesh.triangles)
    for (int k = 0; k < 2; ++k) {
      const int a = find(t[k]), b = find(t[k + 1]);
      root[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
    }
  for (std::size_t i = 0; i < root.size(); ++i) root[i] = find(static_cast<int>(i));
  return root;
}

/// Whether the first view saw this point as a part of the subject.
bool of_subject(const Eigen::Vector3d& p, const ScanSubject& subject, const FrameSurface& first) {
  if (p.z() <= 0) return false;
  const int u = static_cast<int>(std::lround(first.grid.fx_px * p.x() / p.z() + first.grid.cx_px));
  const int v = static_cast<int>(std::lround(first.grid.fy_px * p.y() / p.z() + first.grid.cy_px));
  if (!first.holds(u, v)) return false;
  const std::size_t i = first.at(u, v);
  return subject.mask[i] && std::abs(static_cast<double>(first.z(i)) - p.z()) < 0.015 * p.z();
}

void leave_out_planes(Mesh& mesh, const std::vector<Plane>& planes, double tolerance_mm) {
  if (planes.empty()) return;
  const std::vector<Eigen::Vector3d> normals = vertex_normals(mesh);
  std::vector<std::uint8_t> flat(mesh.vertices.size(), 0);
  for (std::size_t i = 0; i < flat.size(); ++i)
    for (const Plane& plane : planes)
      flat[i] |= std::abs(plane.normal.cast<double>().dot(mesh.vertices[i]) - static_cast<double>(plane.offset)) <
                     tolerance_mm &&
                 plane.normal.cast<double>().dot(normals[i]) > plane_cosine;
  std::erase_if(mesh.triangles, [&](const Eigen::Vector3i& t) {
    return flat[static_cast<std::size_t>(t[0])] && flat[static_cast<std::size_t>(t[1])] &&
           flat[static_cast<std::size_t>(t[2])];
  });
}

/// The triangles below height `cut` of `heights`, those that cross it cut in two; new vertices lie on the cut.
void clip(Mesh& mesh, Values& values, std::vector<double> heights, double cut) {
  std::map<std::pair<int, int>, int> made;
  const auto between = [&](int a, int b) {
    const auto key = std::minmax(a, b);
    const auto [at, is_new] = made.try_emplace({key.first, key.second}, static_cast<int>(mesh.vertices.size()));
    if (is_new) {
      const auto i = static_cast<std::size_t>(key.first), j = static_cast<std::size_t>(key.second);
      const double s = (cut - heights[i]) / (heights[j] - heights[i]);
      mesh.vertices.push_back(mesh.vertices[i] + s * (mesh.vertices[j] - mesh.vertices[i]));
      values.push_back(values[i] + s * (values[j] - values[i]));
      heights.push_back(cut);
    }
    return at->second;
  };
  std::vector<Eigen::Vector3i> kept;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    int below = 0, first = 0;
    for (int k = 0; k < 3; ++k) below += heights[static_cast<std::size_t>(t[k])] < cut;
    if (below == 3) kept.push_back(t);
    if (below == 0 || below == 3) continue;
    // Turned so that the corner that is alone on its side comes first.
    while ((heights[static_cast<std::size_t>(t[first])] < cut) != (below == 1)) ++first;
    const int a = t[first], b = t[(first + 1) % 3], c = t[(first + 2) % 3];
    const int ab = between(a, b), ac = between(a, c);
    if (below == 1) {
      kept.emplace_back(a, ab, ac);
    } else {
      kept.emplace_back(ab, b, c);
      kept.emplace_back(ab, c, ac);
    }
  }
  mesh.triangles = std::move(kept);
}

/// The largest opening whose middle lies at an end of `axis`; +1 or -1 for that end, 0 for none.
int open_end(const Mesh& mesh, const Eigen::Vector3d& axis, double low, double high) {
  int end = 0;
  double longest = 0.15 * (high - low);
  for (const auto& loop : boundary_loops(mesh)) {
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    double length = 0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const auto& a = mesh.vertices[static_cast<std::size_t>(loop[i])];
      const auto& b = mesh.vertices[static_cast<std::size_t>(loop[(i + 1) % loop.size()])];
      sum += 0.5 * (a + b) * (b - a).norm();
      length += (b - a).norm();
    }
    if (length <= longest) continue;
    longest = length;
    const double share = ((sum / length).dot(axis) - low) / (high - low);
    end = share > end_share ? 1 : share < 1.0 - end_share ? -1 : 0;
  }
  return end;
}

}  // namespace

void keep_subject(Mesh& mesh, const ScanSubject& subject, const FrameSurface& first, double tolerance_mm) {
  leave_out_planes(mesh, subject.planes, tolerance_mm);
  const std::vector<int> piece = pieces_of(mesh);
  std::vector<double> votes(mesh.vertices.size(), 0.0);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    if (of_subject(mesh.vertices[i], subject, first)) votes[static_cast<std::size_t>(piece[i])] += 1.0;
  const double most = votes.empty() ? 0.0 : *std::max_element(votes.begin(), votes.end());
  std::erase_if(mesh.triangles, [&](const Eigen::Vector3i& t) {
    return votes[static_cast<std::size_t>(piece[static_cast<std::size_t>(t[0])])] < std::max(1.0, least_votes * most);
  });
}

void cut_open_end(Mesh& mesh, Values& values) {
  if (mesh.triangles.size() < 1000) return;
  Eigen::Vector3d axis = long_axis(mesh);
  const auto range = [&] {
    double low = 1e300, high = -1e300;
    for (const auto& p : mesh.vertices) low = std::min(low, p.dot(axis)), high = std::max(high, p.dot(axis));
    return std::pair{low, high};
  };
  auto [low, high] = range();
  const int end = open_end(mesh, axis, low, high);
  if (end == 0) return;
  if (end < 0) {
    axis = -axis;
    std::tie(low, high) = range();
  }
  // How far up each of the directions around the axis was seen.
  constexpr int sectors = 72;
  const Eigen::Vector3d u = axis.unitOrthogonal(), v = axis.cross(u);
  Eigen::Vector3d middle = Eigen::Vector3d::Zero();
  double count = 0;
  for (const auto& p : mesh.vertices)
    if (p.dot(axis) > low + 0.6 * (high - low)) middle += p, ++count;
  middle /= std::max(1.0, count);
  std::vector<double> tops(sectors, low);
  for (const auto& p : mesh.vertices) {
    const double angle = std::atan2((p - middle).dot(v), (p - middle).dot(u)) / (2 * M_PI) + 0.5;
    double& top = tops[static_cast<std::size_t>(angle * (sectors - 1e-6))];
    top = std::max(top, p.dot(axis));
  }
  std::sort(tops.begin(), tops.end());
  const double cut = tops[static_cast<std::size_t>(missing_share * sectors)] - 1.0;
  if (cut < high - most_cut_share * (high - low)) return;
  std::vector<double> heights;
  for (const auto& p : mesh.vertices) heights.push_back(p.dot(axis));
  clip(mesh, values, std::move(heights), cut);
}

}  // namespace fit
