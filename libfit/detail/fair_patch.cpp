#include "libfit/detail/fair_patch.h"

#include <Eigen/Geometry>
#include <Eigen/SparseCholesky>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace fit::detail {

namespace {

using Matrix = Eigen::SparseMatrix<double>;
using Entries = std::vector<Eigen::Triplet<double>>;

struct Edge {
  int low, high;
  double weight;
};

/// Each edge once, with the weights of its triangles added up; `rim[i]` where point i has an edge with one triangle.
std::vector<Edge> weighted_edges(const std::vector<Eigen::Vector3d>& points,
                                 const std::vector<Eigen::Vector3i>& triangles, bool even, std::vector<bool>& rim) {
  std::vector<Edge> sides;
  sides.reserve(3 * triangles.size());
  for (const Eigen::Vector3i& t : triangles)
    for (int k = 0; k < 3; ++k) {
      const int a = t[k], b = t[(k + 1) % 3];
      const Eigen::Vector3d u = points[a] - points[t[(k + 2) % 3]], v = points[b] - points[t[(k + 2) % 3]];
      // Angles under 3 degrees would give one edge the say over all others.
      const double cotangent = std::clamp(u.dot(v) / std::max(u.cross(v).norm(), 1e-12), -20.0, 20.0);
      sides.push_back({std::min(a, b), std::max(a, b), even ? 0.5 : 0.5 * cotangent});
    }
  std::stable_sort(sides.begin(), sides.end(),
                   [](const Edge& a, const Edge& b) { return a.low != b.low ? a.low < b.low : a.high < b.high; });
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < sides.size();) {
    Edge edge = sides[i];
    std::size_t next = i + 1;
    for (; next < sides.size() && sides[next].low == edge.low && sides[next].high == edge.high; ++next)
      edge.weight += sides[next].weight;
    if (next - i != 2) rim[edge.low] = rim[edge.high] = true;
    edge.weight = std::max(edge.weight, 1e-3);
    edges.push_back(edge);
    i = next;
  }
  return edges;
}

/// A third of the triangles around each point.
std::vector<double> areas(const std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles) {
  std::vector<double> area(points.size(), 0.0);
  for (const Eigen::Vector3i& t : triangles) {
    const double third = (points[t[1]] - points[t[0]]).cross(points[t[2]] - points[t[0]]).norm() / 6.0;
    for (int k = 0; k < 3; ++k) area[t[k]] += third;
  }
  return area;
}

Matrix matrix(int size, const Entries& entries) {
  Matrix result(size, size);
  result.setFromTriplets(entries.begin(), entries.end());
  return result;
}

/// The matrix of the quadratic energy whose least value is the fairest surface.
Matrix make_energy(const std::vector<Edge>& edges, const std::vector<bool>& rim, const std::vector<double>& area,
                   Continuity continuity, bool even) {
  const int n = static_cast<int>(area.size());
  const bool everywhere = continuity == Continuity::position;
  Entries rows, stretching;
  for (const Edge& edge : edges)
    for (const auto& [i, j] : {std::pair{edge.low, edge.high}, std::pair{edge.high, edge.low}}) {
      if (!rim[i]) {
        rows.emplace_back(i, j, edge.weight);
        rows.emplace_back(i, i, -edge.weight);
      }
      if (everywhere || (!rim[i] && !rim[j])) {
        stretching.emplace_back(i, i, edge.weight);
        stretching.emplace_back(i, j, -edge.weight);
      }
    }
  if (everywhere) return matrix(n, stretching);
  const Matrix laplacian = matrix(n, rows);
  Eigen::VectorXd inverse_area(n);
  for (int i = 0; i < n; ++i) inverse_area[i] = even ? 1.0 : 1.0 / std::max(area[i], 1e-9);
  if (continuity == Continuity::tangent) return laplacian.transpose() * inverse_area.asDiagonal() * laplacian;
  const Matrix curvature = inverse_area.asDiagonal() * laplacian;
  return curvature.transpose() * matrix(n, stretching) * curvature;
}

}  // namespace

bool fair(std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles,
          const std::vector<Hold>& holds, Continuity continuity, bool even) {
  const int n = static_cast<int>(points.size());
  std::vector<bool> rim(points.size(), false);
  const std::vector<Edge> edges = weighted_edges(points, triangles, even, rim);
  const std::vector<double> area = areas(points, triangles);
  const Matrix energy = make_energy(edges, rim, area, continuity, even);
  std::vector<int> column(n, -1);
  std::vector<int> moved;
  for (int i = 0; i < n; ++i)
    if (!holds[i].fixed) {
      column[i] = static_cast<int>(moved.size());
      moved.push_back(i);
    }
  Entries inner;
  Eigen::MatrixX3d right = Eigen::MatrixX3d::Zero(static_cast<Eigen::Index>(moved.size()), 3);
  for (int j = 0; j < n; ++j)
    for (Matrix::InnerIterator it(energy, j); it; ++it) {
      const int i = static_cast<int>(it.row());
      if (column[i] < 0) continue;
      if (column[j] >= 0)
        inner.emplace_back(column[i], column[j], it.value());
      else
        right.row(column[i]) -= it.value() * points[j].transpose();
    }
  const int order = 2 + 2 * static_cast<int>(continuity);
  for (std::size_t i = 0; i < moved.size(); ++i) {
    const double wave_mm = holds[moved[i]].wave_mm;
    if (wave_mm <= 0.0) continue;
    // The answer to a wave of number k is then 1 / (1 + (k length)^order).
    const double spring = area[moved[i]] * std::pow(2.0 * std::numbers::pi / wave_mm, order);
    inner.emplace_back(static_cast<int>(i), static_cast<int>(i), spring);
    right.row(static_cast<Eigen::Index>(i)) += spring * points[moved[i]].transpose();
  }
  Matrix system(static_cast<Eigen::Index>(moved.size()), static_cast<Eigen::Index>(moved.size()));
  system.setFromTriplets(inner.begin(), inner.end());
  const Eigen::SimplicialLDLT<Matrix> solver(system);
  if (solver.info() != Eigen::Success) return false;
  const Eigen::MatrixX3d solved = solver.solve(right);
  if (!solved.allFinite()) return false;
  for (std::size_t i = 0; i < moved.size(); ++i) points[moved[i]] = solved.row(static_cast<Eigen::Index>(i));
  return true;
}

}  // namespace fit::detail
