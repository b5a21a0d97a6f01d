#include "libfit/detail/fair_patch.h"

#include <Eigen/Geometry>
#include <Eigen/SparseCholesky>
#include <algorithm>
#include <map>
#include <utility>

namespace fit::detail {

namespace {

using Matrix = Eigen::SparseMatrix<double>;
using Entries = std::vector<Eigen::Triplet<double>>;

struct Star {
  std::vector<double> area;      ///< a third of the triangles around each point
  std::vector<bool> surrounded;  ///< by triangles all round
  Matrix laplacian;              ///< sum of weight (other - self) in each row of a surrounded point, else zero
  Matrix stiffness;              ///< the same weights as a Dirichlet energy between surrounded points
};

Star make_star(const std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles, bool even) {
  const int n = static_cast<int>(points.size());
  Star star{std::vector<double>(n, 0.0), std::vector<bool>(n, true), Matrix(n, n), Matrix(n, n)};
  std::map<std::pair<int, int>, std::pair<double, int>> weights;
  for (const Eigen::Vector3i& t : triangles)
    for (int k = 0; k < 3; ++k) {
      const int a = t[k], b = t[(k + 1) % 3], tip = t[(k + 2) % 3];
      const Eigen::Vector3d u = points[a] - points[tip], v = points[b] - points[tip];
      const double doubled = std::max(u.cross(v).norm(), 1e-12);
      star.area[a] += doubled / 6.0;
      // Angles under 3 degrees would give one edge the say over all others.
      const double weight = even ? 0.5 : std::clamp(0.5 * u.dot(v) / doubled, -10.0, 10.0);
      std::pair<double, int>& entry = weights[std::minmax(a, b)];
      entry.first += weight;
      ++entry.second;
    }
  for (const auto& [edge, weight] : weights)
    if (weight.second != 2) star.surrounded[edge.first] = star.surrounded[edge.second] = false;
  Entries rows, energy;
  for (const auto& [edge, weight] : weights) {
    const double w = even ? weight.first : std::max(weight.first, 1e-3);
    for (const auto& [i, j] : {edge, std::pair{edge.second, edge.first}}) {
      if (star.surrounded[i]) {
        rows.emplace_back(i, j, w);
        rows.emplace_back(i, i, -w);
      }
      if (star.surrounded[edge.first] && star.surrounded[edge.second]) {
        energy.emplace_back(i, i, w);
        energy.emplace_back(i, j, -w);
      }
    }
  }
  star.laplacian.setFromTriplets(rows.begin(), rows.end());
  star.stiffness.setFromTriplets(energy.begin(), energy.end());
  return star;
}

}  // namespace

bool fair(std::vector<Eigen::Vector3d>& points, const std::vector<Eigen::Vector3i>& triangles,
          const std::vector<bool>& free, Continuity continuity, bool even) {
  const int n = static_cast<int>(points.size());
  const Star star = make_star(points, triangles, even);
  Eigen::VectorXd inverse_area(n);
  for (int i = 0; i < n; ++i) inverse_area[i] = even ? 1.0 : 1.0 / std::max(star.area[i], 1e-9);
  Matrix energy;
  if (continuity == Continuity::tangent) {
    energy = star.laplacian.transpose() * inverse_area.asDiagonal() * star.laplacian;
  } else {
    const Matrix curvature = inverse_area.asDiagonal() * star.laplacian;
    energy = curvature.transpose() * star.stiffness * curvature;
  }
  std::vector<int> column(n, -1);
  std::vector<int> moved;
  for (int i = 0; i < n; ++i)
    if (free[i]) {
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
