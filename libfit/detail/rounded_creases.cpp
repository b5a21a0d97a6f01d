#include "libfit/detail/rounded_creases.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"

namespace fit::detail {

namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

constexpr double kCellMm = 4.0;
/// A crease is filled where it is as deep as that: noise makes shallower ones everywhere, and leaves no fin to speak
/// of.
constexpr double kDeepMm = 1.0;
/// Along a deep crease, fillings shallower than this are left alone.
constexpr double kShallowMm = 0.15;
/// The ball may reach into the positive by this.
constexpr double kToleranceMm = 0.005;
constexpr int kMostPlanes = 12;

struct Plane {
  Vector3d normal;
  double offset;  ///< the centre must have normal . c >= offset
};

/// The point nearest to `from` on up to three planes taken as equations.
bool on_planes(const Vector3d& from, const Plane* const* planes, int count, Vector3d& point) {
  Eigen::Matrix<double, 3, 3> gram = Eigen::Matrix3d::Identity();
  Vector3d right = Vector3d::Zero();
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < count; ++j) gram(i, j) = planes[i]->normal.dot(planes[j]->normal);
    right[i] = planes[i]->offset - planes[i]->normal.dot(from);
  }
  if (std::abs(gram.determinant()) < 1e-6) return false;
  const Vector3d weights = gram.inverse() * right;
  point = from;
  for (int i = 0; i < count; ++i) {
    // A plane that would pull the point towards itself does not hold it.
    if (weights[i] < -1e-9) return false;
    point += weights[i] * planes[i]->normal;
  }
  return true;
}

/// The point nearest to `from` beyond all planes, by trying those that may hold it; `from` moved beyond the last plane
/// where none fits.
Vector3d nearest_beyond(const Vector3d& from, const std::vector<Plane>& planes) {
  Vector3d best = from + planes.back().normal * std::max(0.0, planes.back().offset - planes.back().normal.dot(from));
  double best_squared = 1e300;
  const int n = static_cast<int>(planes.size());
  const auto consider = [&](std::array<const Plane*, 3> chosen, int count) {
    Vector3d point;
    if (!on_planes(from, chosen.data(), count, point)) return;
    if ((point - from).squaredNorm() >= best_squared) return;
    for (const Plane& plane : planes)
      if (plane.normal.dot(point) < plane.offset - 1e-9) return;
    best = point;
    best_squared = (point - from).squaredNorm();
  };
  for (int i = 0; i < n; ++i) {
    consider({&planes[i], nullptr, nullptr}, 1);
    for (int j = 0; j < i; ++j) {
      consider({&planes[i], &planes[j], nullptr}, 2);
      for (int k = 0; k < j; ++k) consider({&planes[i], &planes[j], &planes[k]}, 3);
    }
  }
  return best;
}

}  // namespace

RoundedCreases::RoundedCreases(const Mesh& closed, const ClosestPoint& to_positive, double radius_mm, double top_mm)
    : positive_(closed), to_positive_(to_positive), radius_(radius_mm) {
  const Box box = bounding_box(closed);
  origin_ = box.lowest - Vector3d::Constant(2.0 * kCellMm);
  count_ = (box.size() / kCellMm).cast<int>() + Vector3i::Constant(5);
  if (radius_ <= 0.0) return;
  const std::vector<int> vertices = suspects(top_mm);
  std::vector<double> depth(vertices.size(), 0.0);
  std::vector<double> reach(vertices.size(), 0.0);
  const std::vector<Vector3d> normals = vertices.empty() ? std::vector<Vector3d>() : vertex_normals(closed);
  parallel_for(vertices.size(), 64, [&](std::size_t begin, std::size_t end) {
    int triangle = -1;
    for (std::size_t i = begin; i < end; ++i) {
      const Vector3d& place = closed.vertices[vertices[i]];
      const Vector3d center = place + radius_ * normals[vertices[i]];
      const Closest closest = to_positive_.at(center, triangle);
      triangle = closest.triangle;
      if (closest.signed_mm > radius_ - kShallowMm / 2.0) continue;
      const Vector3d nearest = nearest_center(place, place, normals[vertices[i]], triangle);
      reach[i] = (nearest - place).norm();
      depth[i] = reach[i] - radius_;
    }
  });
  const std::vector<bool> filled = along_deep_creases(vertices, depth);
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    if (!filled[vertices[i]]) continue;
    if (near_crease_.empty()) near_crease_.assign(static_cast<std::size_t>(count_.prod()), false);
    const Vector3d& place = closed.vertices[vertices[i]];
    mark(place, reach[i] + radius_);
    if (depth[i] <= filled_.deepest_mm) continue;
    filled_ = {depth[i], place};
  }
}

/// The vertices of creases that are deep somewhere, as far as they are not shallow: a crease that runs out is filled to
/// its ends.
std::vector<bool> RoundedCreases::along_deep_creases(const std::vector<int>& vertices,
                                                     const std::vector<double>& depth) const {
  std::vector<bool> in_crease(positive_.vertices.size(), false), filled(positive_.vertices.size(), false);
  for (std::size_t i = 0; i < vertices.size(); ++i) {
    in_crease[vertices[i]] = depth[i] >= kShallowMm;
    filled[vertices[i]] = depth[i] >= kDeepMm;
  }
  if (std::find(filled.begin(), filled.end(), true) == filled.end()) return filled;
  std::vector<Vector3i> triangles;
  for (const Vector3i& t : positive_.triangles)
    if (in_crease[t[0]] + in_crease[t[1]] + in_crease[t[2]] >= 2) triangles.push_back(t);
  for (bool grown = true; grown;) {
    grown = false;
    for (const Vector3i& t : triangles) {
      if (!filled[t[0]] && !filled[t[1]] && !filled[t[2]]) continue;
      for (int k = 0; k < 3; ++k)
        if (in_crease[t[k]] && !filled[t[k]]) grown = filled[t[k]] = true;
    }
  }
  return filled;
}

/// Vertices above whose tangent plane a neighbour lies as high as on a ball not much larger than the one that rolls.
std::vector<int> RoundedCreases::suspects(double top_mm) const {
  const std::vector<Vector3d> normals = vertex_normals(positive_);
  std::vector<bool> suspect(positive_.vertices.size(), false);
  const double least_curvature = 0.6 / radius_;
  for (const Vector3i& t : positive_.triangles)
    for (int side = 0; side < 3; ++side) {
      const int from = t[side], to = t[(side + 1) % 3];
      const Vector3d edge = positive_.vertices[to] - positive_.vertices[from];
      if (positive_.vertices[from].z() > top_mm) continue;
      if (2.0 * edge.dot(normals[from]) > least_curvature * edge.squaredNorm()) suspect[from] = true;
    }
  std::vector<int> result;
  for (std::size_t i = 0; i < suspect.size(); ++i)
    if (suspect[i]) result.push_back(static_cast<int>(i));
  return result;
}

Vector3i RoundedCreases::cell_of(const Vector3d& point_mm) const {
  const Vector3d cell = ((point_mm - origin_) / kCellMm).array().floor();
  return cell.cwiseMax(0.0).cwiseMin((count_ - Vector3i::Ones()).cast<double>()).cast<int>();
}

void RoundedCreases::mark(const Vector3d& center_mm, double radius_mm) {
  const Vector3i low = cell_of(center_mm - Vector3d::Constant(radius_mm));
  const Vector3i high = cell_of(center_mm + Vector3d::Constant(radius_mm));
  for (int z = low.z(); z <= high.z(); ++z)
    for (int y = low.y(); y <= high.y(); ++y)
      for (int x = low.x(); x <= high.x(); ++x)
        near_crease_[(static_cast<std::size_t>(z) * count_.y() + y) * count_.x() + x] = true;
}

bool RoundedCreases::may_hold(const Vector3d& center_mm, double radius_mm) const {
  if (near_crease_.empty()) return false;
  const Vector3i low = cell_of(center_mm - Vector3d::Constant(radius_mm));
  const Vector3i high = cell_of(center_mm + Vector3d::Constant(radius_mm));
  for (int z = low.z(); z <= high.z(); ++z)
    for (int y = low.y(); y <= high.y(); ++y)
      for (int x = low.x(); x <= high.x(); ++x)
        if (near_crease_[(static_cast<std::size_t>(z) * count_.y() + y) * count_.x() + x]) return true;
  return false;
}

/// The centre nearest to a point of a ball that keeps out of the positive.
Vector3d RoundedCreases::nearest_center(const Vector3d& point_mm, const Vector3d& foot_mm, const Vector3d& normal,
                                        int triangle) const {
  std::vector<Plane> planes{{normal, normal.dot(foot_mm) + radius_}};
  Vector3d center = foot_mm + radius_ * normal;
  while (static_cast<int>(planes.size()) < kMostPlanes) {
    const Closest closest = to_positive_.at(center, triangle);
    triangle = closest.triangle;
    if (closest.signed_mm > radius_ - kToleranceMm) break;
    Vector3d away = center - closest.point_mm;
    if (closest.signed_mm < 0.0) away = -away;
    if (away.norm() < 1e-9) {
      const Vector3i& t = positive_.triangles[closest.triangle];
      const Vector3d& a = positive_.vertices[t[0]];
      away = (positive_.vertices[t[1]] - a).cross(positive_.vertices[t[2]] - a);
    }
    away.stableNormalize();
    planes.push_back({away, away.dot(closest.point_mm) + radius_});
    center = nearest_beyond(point_mm, planes);
  }
  return center;
}

Jet RoundedCreases::at(const Vector3d& point_mm, const Closest& closest, const Jet& to_positive, int triangle) const {
  if (to_positive.value <= 0.0 || to_positive.value >= radius_ || !may_hold(point_mm, 0.0)) return to_positive;
  const Vector3d center = nearest_center(point_mm, closest.point_mm, to_positive.gradient, triangle);
  const Vector3d outward = center - point_mm;
  const double distance = outward.norm();
  if (distance < 1e-6 || radius_ - distance > to_positive.value - kToleranceMm) return to_positive;
  return {radius_ - distance, outward / distance};
}

}  // namespace fit::detail
