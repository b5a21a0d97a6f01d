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

/// What is nearer than this lies on the surface.
constexpr double kExactMm = 0.005;
constexpr int kMostSteps = 12;
constexpr int kMostMoves = 6;
/// After a step as short as this a point lies on the surface: skin turns by less than 20 degrees over that.
constexpr double kSettledMm = 0.03;

/// So far a vertex may be moved where its cell holds hardly any surface.
constexpr double kBesideCellMm = 0.2;

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
    const double low_value = known_value(crossing.node), high_value = known_value(upper);
    const SolidField::Nearby& nearby = grid_.bricks()[crossing.brick].nearby;
    const bool starts_inside = low_value < 0.0;
    double low = 0.0, high = 1.0;
    double at = std::clamp(guess(low_value, high_value, crossing.axis, triangle), 0.02, 0.98);
    Jet field;
    for (int step = 0; step < kMostSteps; ++step) {
      Vector3d point = from;
      point[crossing.axis] += at * h_;
      field = field_.at(point, triangle, nearby);
      const double newton = at - field.value / (field.gradient[crossing.axis] * h_);
      ((field.value < 0.0) == starts_inside ? low : high) = at;
      const bool within = newton >= low && newton <= high;
      if (within && std::abs(newton - at) * h_ < kSettledMm) {
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
    // Hardly any then: just beside the cell, where `untangle` looks after it.
    Vector3d beside = mean;
    for (int step = 0; step < kMostMoves; ++step) {
      const Jet field = field_.at(beside, triangle);
      if (!(std::abs(field.value) < kBesideCellMm) || field.gradient.squaredNorm() < 0.01) return;
      if (std::abs(field.value) < kExactMm) break;
      beside -= field.gradient * (field.value / field.gradient.squaredNorm());
    }
    if ((beside - mean).norm() < kBesideCellMm) point = beside;
  }

  PlacedVertices take() { return std::move(placed_); }

 private:
  Vector3d& crossing_point(std::size_t index) { return placed_.point[surface_.vertices.size() + index]; }

  /// The field at a node as far as the grid knows it: of nodes far away the sign alone.
  float known_value(const Vector3i& node) const {
    const int brick = grid_.brick_at({node.x() >> 3, node.y() >> 3, node.z() >> 3});
    if (brick >= 0) return grid_.bricks()[brick].value[BrickGrid::local(node)];
    return grid_.inside(node) ? -BrickGrid::kFar : BrickGrid::kFar;
  }

  /// Where between the ends of a grid edge the surface may cross it: where only one end is known, as skin that faces
  /// the way its triangle does.
  double guess(float low, float high, int axis, int triangle) const {
    const bool low_known = std::abs(low) < BrickGrid::kFar, high_known = std::abs(high) < BrickGrid::kFar;
    if (low_known && high_known) return low / (low - high);
    if (!low_known && !high_known) return 0.5;
    const Mesh& mesh = *field_.shape().positive;
    const Vector3i& t = mesh.triangles[triangle];
    const Vector3d& a = mesh.vertices[t[0]];
    const Vector3d normal = (mesh.vertices[t[1]] - a).cross(mesh.vertices[t[2]] - a);
    const double facing = std::abs(normal[axis]);
    if (facing == 0.0) return 0.5;  // also of a triangle without area
    const double way = std::abs(low_known ? low : high) / h_ * normal.norm() / facing;
    return low_known ? way : 1.0 - way;
  }

  /// Moves a point to the nearest place of the surface in the vertex's cell: where a step would leave it, along its
  /// face. False when there is none in that direction.
  bool project(const DualSurface::Vertex& vertex, Vector3d& point, int& triangle) const {
    for (int step = 0; step < kMostMoves; ++step) {
      const Jet field = field_.at(point, triangle, grid_.bricks()[vertex.brick].nearby);
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
    const SolidField::Nearby& nearby = grid_.bricks()[vertex.brick].nearby;
    Vector3d point = grid_.kept_in_cell(vertex.cell, best_fit(planes, placed_.safe[index]));
    for (const double share : {0.35, 0.12}) {
      planes.clear();
      for (int i = begin; i < end; ++i) {
        const Vector3d beside = point + share * (crossing_point(surface_.crossing_of[i]) - point);
        planes.push_back(plane_at(beside, field_.at(beside, triangle, nearby)));
      }
      point = grid_.kept_in_cell(vertex.cell, best_fit(planes, point));
    }
    if (std::abs(field_.at(point, triangle, nearby).value) > kExactMm) return false;
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
