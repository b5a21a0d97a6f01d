#include "libfit/detail/place_vertices.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "libfit/detail/reported_loop.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

/// Normals in one cell that differ more than this (cosine of 25 degrees) make an edge or a corner.
constexpr double kFeatureCosine = 0.906;
/// Eigenvalues below this share of the largest say nothing of the place (half of 16 degrees, squared).
constexpr double kSmallestEigenvalue = 0.02;

/// A crossing is sought until it is as near as this to the surface, and then moved there once more.
constexpr double kExactMm = 0.005;
constexpr int kMostSteps = 12;
constexpr int kMostMoves = 6;
/// After a step as short as this a vertex lies on the surface: skin turns by less than 20 degrees over that.
constexpr double kSettledMm = 0.03;

struct Plane {
  Vector3d normal;
  double offset;  ///< normal . x = offset
};

Plane plane_at(const Vector3d& point, const Jet& field) {
  const double length = field.gradient.norm();
  if (!(length > 0.0)) return {Vector3d::Zero(), 0.0};
  const Vector3d normal = field.gradient / length;
  return {normal, normal.dot(point) - field.value / length};
}

/// The point nearest to `from` of those that fit the planes best (Ju et al. 2002; truncated as by Lindstrom 2000).
Vector3d best_fit(const std::vector<Plane>& planes, const Vector3d& from) {
  Eigen::Matrix3d normal = Eigen::Matrix3d::Zero();
  Vector3d right = Vector3d::Zero();
  for (const Plane& plane : planes) {
    normal += plane.normal * plane.normal.transpose();
    right += plane.normal * (plane.offset - plane.normal.dot(from));
  }
  Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> solver;
  solver.computeDirect(normal);
  Vector3d step = Vector3d::Zero();
  for (int i = 0; i < 3; ++i) {
    const double value = solver.eigenvalues()[i];
    if (value <= kSmallestEigenvalue * solver.eigenvalues()[2]) continue;
    const Vector3d direction = solver.eigenvectors().col(i);
    step += direction * (direction.dot(right) / value);
  }
  return from + step;
}

class Placer {
 public:
  Placer(const SolidField& field, const BrickGrid& grid, const DualSurface& surface)
      : field_(field), grid_(grid), surface_(surface), h_(grid.spacing_mm()) {
    placed_.point.resize(surface.vertices.size() + surface.crossings.size());
    normal_.resize(surface.crossings.size());
    placed_.safe.resize(placed_.point.size());
    placed_.on_feature.resize(surface.vertices.size());
  }

  /// Finds where the surface crosses a grid's edge, and its normal there.
  void place_crossing(std::size_t index) {
    const DualSurface::Crossing& crossing = surface_.crossings[index];
    const Vector3i upper = crossing.node + Vector3i::Unit(crossing.axis);
    int triangle = grid_.nearest(crossing.brick, crossing.node);
    const Vector3d from = grid_.position(crossing.node);
    double low = 0.0, high = 1.0;
    const double low_value = value_at(crossing.node, from, triangle);
    const double high_value = value_at(upper, grid_.position(upper), triangle);
    double at = low + (high - low) * std::clamp(low_value / (low_value - high_value), 0.02, 0.98);
    Jet field;
    for (int step = 0; step < kMostSteps; ++step) {
      Vector3d point = from;
      point[crossing.axis] += at * h_;
      field = field_.at(point, triangle);
      const double newton = at - field.value / (field.gradient[crossing.axis] * h_);
      ((field.value < 0.0) == (low_value < 0.0) ? low : high) = at;
      const bool within = newton >= low && newton <= high;
      if (within && std::abs(field.value) < kExactMm) {
        at = newton;
        break;
      }
      if (std::abs(field.value) < kExactMm / 10.0) break;
      // Where slopes change along the edge, as in creases, halving is certain to end.
      at = within && step < kMostSteps / 2 ? newton : (low + high) / 2.0;
    }
    Vector3d point = from;
    point[crossing.axis] += at * h_;
    // Off the edge's ends, so that a fan around it has an area.
    point[crossing.axis] = grid_.kept_in_cell(crossing.node, point)[crossing.axis];
    crossing_point(index) = placed_.safe[surface_.vertices.size() + index] = point;
    normal_[index] = field.gradient.stableNormalized();
  }

  void place_vertex(std::size_t index, std::vector<Plane>& planes) {
    const DualSurface::Vertex& vertex = surface_.vertices[index];
    int triangle = grid_.nearest(vertex.brick, vertex.cell);
    const int begin = surface_.first_crossing_of[index], end = surface_.first_crossing_of[index + 1];
    Vector3d mean = Vector3d::Zero(), normal = Vector3d::Zero();
    for (int i = begin; i < end; ++i) {
      mean += crossing_point(surface_.crossing_of[i]);
      normal += normal_[surface_.crossing_of[i]];
    }
    mean /= end - begin;
    normal.stableNormalize();
    placed_.safe[index] = grid_.kept_in_cell(vertex.cell, mean);
    double flattest = 1.0;
    for (int i = begin; i < end; ++i) flattest = std::min(flattest, normal.dot(normal_[surface_.crossing_of[i]]));
    // Half the angle between the normals furthest apart.
    const bool feature = 2.0 * flattest * flattest - 1.0 < kFeatureCosine || flattest < 0.0;
    if (feature && place_on_feature(index, triangle, planes)) return;
    Vector3d& point = placed_.point[index] = mean;
    if (project(vertex, point, triangle)) return;
    // The cell holds too little of the surface there; it holds some beside each crossing.
    for (int i = begin; i < end; ++i) {
      Vector3d other = (mean + 3.0 * crossing_point(surface_.crossing_of[i])) / 4.0;
      if (!project(vertex, other, triangle)) continue;
      point = other;
      return;
    }
  }

  PlacedVertices take() { return std::move(placed_); }

 private:
  Vector3d& crossing_point(std::size_t index) { return placed_.point[surface_.vertices.size() + index]; }

  double value_at(const Vector3i& node, const Vector3d& point, int& triangle) const {
    const int brick = grid_.brick_at({node.x() >> 3, node.y() >> 3, node.z() >> 3});
    if (brick >= 0) {
      const float value = grid_.bricks()[brick].value[BrickGrid::local(node)];
      if (std::abs(value) < BrickGrid::kFar) return value;
      // The sign that was told stands, whatever rounding makes of the value.
      return std::copysign(field_.at(point, triangle).value, static_cast<double>(value));
    }
    return std::copysign(field_.at(point, triangle).value, grid_.inside(node) ? -1.0 : 1.0);
  }

  /// Moves a point to the nearest place of the surface in the vertex's cell: where a step would leave it, along its
  /// face. False when there is none in that direction.
  bool project(const DualSurface::Vertex& vertex, Vector3d& point, int& triangle) const {
    for (int step = 0; step < kMostMoves; ++step) {
      const Jet field = field_.at(point, triangle);
      Vector3d free = field.gradient;
      for (int axes_left = 3; axes_left > 0; --axes_left) {
        const double squared = free.squaredNorm();
        if (squared < 0.01) return std::abs(field.value) < kExactMm;
        const Vector3d next = point - free * (field.value / squared);
        const Vector3d kept = grid_.kept_in_cell(vertex.cell, next);
        const double moved = (kept - point).norm();
        if (kept == next) {
          point = kept;
          if (moved < kSettledMm) return true;
          break;
        }
        // What the cell keeps from moving takes no part in the step.
        bool changed = false;
        for (int axis = 0; axis < 3; ++axis)
          if (kept[axis] != next[axis] && kept[axis] == point[axis]) {
            changed = changed || free[axis] != 0.0;
            free[axis] = 0.0;
          }
        if (!changed) {
          point = kept;
          break;
        }
      }
    }
    return false;
  }

  /// Puts a vertex where the planes of its crossings meet; then where planes taken nearer to that place meet, because
  /// the surfaces beside an edge may be round.
  bool place_on_feature(std::size_t index, int& triangle, std::vector<Plane>& planes) {
    const DualSurface::Vertex& vertex = surface_.vertices[index];
    const int begin = surface_.first_crossing_of[index], end = surface_.first_crossing_of[index + 1];
    planes.clear();
    for (int i = begin; i < end; ++i) {
      const int crossing = surface_.crossing_of[i];
      planes.push_back({normal_[crossing], normal_[crossing].dot(crossing_point(crossing))});
    }
    Vector3d point = grid_.kept_in_cell(vertex.cell, best_fit(planes, placed_.safe[index]));
    for (const double share : {0.35, 0.12}) {
      planes.clear();
      for (int i = begin; i < end; ++i) {
        const Vector3d beside = point + share * (crossing_point(surface_.crossing_of[i]) - point);
        planes.push_back(plane_at(beside, field_.at(beside, triangle)));
      }
      point = grid_.kept_in_cell(vertex.cell, best_fit(planes, point));
    }
    if (std::abs(field_.at(point, triangle).value) > kExactMm) return false;
    placed_.point[index] = point;
    placed_.on_feature[index] = 1;
    return true;
  }

  const SolidField& field_;
  const BrickGrid& grid_;
  const DualSurface& surface_;
  double h_;
  std::vector<Vector3d> normal_;
  PlacedVertices placed_;
};

}  // namespace

PlacedVertices place_vertices(const SolidField& field, const BrickGrid& grid, const DualSurface& surface,
                              const Progress& progress) {
  Placer placer(field, grid, surface);
  reported_for(surface.crossings.size(), 512, progress.part(0.0, 0.5),
               [&](std::size_t i) { placer.place_crossing(i); });
  reported_for(surface.vertices.size(), 512, progress.part(0.5, 1.0), [&](std::size_t i) {
    thread_local std::vector<Plane> planes;
    placer.place_vertex(i, planes);
  });
  return placer.take();
}

}  // namespace fit::detail
