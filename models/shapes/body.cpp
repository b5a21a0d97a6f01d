#include "models/shapes/body.h"

#include <algorithm>
#include <cmath>

namespace fit {

namespace {

/// The smaller of two distances, the seam filled over `k` (Quilez' quadratic polynomial smooth minimum).
double soft_min(double a, double b, double k) {
  if (!(k > 0.0)) return std::min(a, b);
  const double h = std::max(k - std::abs(a - b), 0.0) / k;
  return std::min(a, b) - 0.25 * h * h * k;
}

/// Index of the section below z, and how far z is on the way to the next, smoothly.
template <class Section>
std::pair<std::size_t, double> between(const std::vector<Section>& sections, double z) {
  std::size_t i = 0;
  while (i + 2 < sections.size() && z >= sections[i + 1].z) ++i;
  return {i, std::clamp((z - sections[i].z) / (sections[i + 1].z - sections[i].z), 0.0, 1.0)};
}

double distance(const RoundCone& cone, const Eigen::Vector3d& p) {
  Eigen::Vector3d along = cone.to - cone.from, from = p - cone.from;
  along.x() /= cone.widen_x;
  from.x() /= cone.widen_x;
  const double t = std::clamp(from.dot(along) / along.squaredNorm(), 0.0, 1.0);
  return (from - t * along).norm() - (cone.from_radius_mm + t * (cone.to_radius_mm - cone.from_radius_mm));
}

double distance(const Ellipsoid& e, const Eigen::Vector3d& p) {
  const Eigen::Vector3d q = (e.turned.transpose() * (p - e.center)).cwiseQuotient(e.radii_mm);
  const double level = q.norm(), slope = q.cwiseQuotient(e.radii_mm).norm();
  if (slope < 1e-12) return -e.radii_mm.minCoeff();
  return level * (level - 1.0) / slope;
}

/// Cubic through the sections' values, without overshoot: slopes by the harmonic mean of the neighbours' (Fritsch and
/// Butland 1984).
double smooth_value(const std::vector<Tube::Section>& s, std::size_t i, double t, double Tube::Section::*member) {
  const auto rise = [&](std::size_t j) { return (s[j + 1].*member - s[j].*member) / (s[j + 1].z - s[j].z); };
  const auto slope = [&](std::size_t j) {
    if (j == 0 || j + 1 == s.size()) return 0.0;
    const double a = rise(j - 1), b = rise(j);
    return a * b > 0.0 ? 2.0 * a * b / (a + b) : 0.0;
  };
  const double span = s[i + 1].z - s[i].z, a = s[i].*member, b = s[i + 1].*member;
  const double u = t * t * (3.0 - 2.0 * t);
  return a + (b - a) * u + span * (t * (1.0 - t) * (1.0 - t) * slope(i) - t * t * (1.0 - t) * slope(i + 1));
}

double distance(const Tube& tube, const Eigen::Vector3d& p) {
  const auto [i, t] = between(tube.sections, p.z());
  const double half_x = smooth_value(tube.sections, i, t, &Tube::Section::half_x);
  const double half_y = smooth_value(tube.sections, i, t, &Tube::Section::half_y);
  const double x = (p.x() - smooth_value(tube.sections, i, t, &Tube::Section::center_x)) / half_x;
  const double y = (p.y() - smooth_value(tube.sections, i, t, &Tube::Section::center_y)) / half_y;
  const double z = std::max(tube.sections.front().z - p.z(), 0.0) / tube.end_mm;
  const double round = std::sqrt(x * x + y * y + z * z);
  const double plane = x * x + y * y;
  const double square = std::sqrt(std::sqrt(plane * plane + z * z * z * z));
  const double level = round + (square - round) * tube.end_squareness;
  const Eigen::Vector3d slope(x / half_x, y / half_y, z / tube.end_mm);
  const double steep = slope.norm();
  if (steep < 1e-12) return -std::min(half_x, half_y);
  return level * (level - 1.0) / steep;
}

double distance(const Prism& prism, const Eigen::Vector3d& p) {
  const auto [i, t] = between(prism.sections, p.z());
  const Prism::Section &below = prism.sections[i], &above = prism.sections[i + 1];
  const double u = t * t * (3.0 - 2.0 * t);
  const double rounding = below.rounding_mm + (above.rounding_mm - below.rounding_mm) * u;
  const Eigen::Vector2d q = p.head<2>();
  double nearest = 1e300;
  bool inside = true;
  for (int k = 0; k < 3; ++k) {
    const int next = (k + 1) % 3;
    const Eigen::Vector2d a = below.corners[k] + (above.corners[k] - below.corners[k]) * u;
    const Eigen::Vector2d edge = below.corners[next] + (above.corners[next] - below.corners[next]) * u - a, w = q - a;
    const double along = std::clamp(w.dot(edge) / edge.squaredNorm(), 0.0, 1.0);
    nearest = std::min(nearest, (w - along * edge).squaredNorm());
    inside = inside && edge.x() * w.y() - edge.y() * w.x() >= 0.0;
  }
  const double flat = inside ? -std::sqrt(nearest) : std::sqrt(nearest);
  const double end = std::max(prism.sections.front().z - p.z(), p.z() - prism.sections.back().z) + rounding;
  const double out = std::sqrt(std::max(flat, 0.0) * std::max(flat, 0.0) + std::max(end, 0.0) * std::max(end, 0.0));
  return std::min(std::max(flat, end), 0.0) + out - rounding;
}

double distance(const std::shared_ptr<const Body>& body, const Eigen::Vector3d& p) { return body->distance_mm(p); }

Body::Ball ball_of(const RoundCone& c) {
  return {0.5 * (c.from + c.to),
          0.5 * (c.to - c.from).norm() + std::max(c.from_radius_mm, c.to_radius_mm) * std::max(c.widen_x, 1.0)};
}
Body::Ball ball_of(const Ellipsoid& e) { return {e.center, e.radii_mm.maxCoeff()}; }
Body::Ball ball_of(const Tube&) { return {Eigen::Vector3d::Zero(), 1e9}; }
Body::Ball ball_of(const Prism& prism) {
  Body::Ball ball{Eigen::Vector3d(0, 0, 0.5 * (prism.sections.front().z + prism.sections.back().z)), 0.0};
  for (const Prism::Section& s : prism.sections)
    for (const Eigen::Vector2d& c : s.corners)
      ball.radius_mm =
          std::max(ball.radius_mm, (Eigen::Vector3d(c.x(), c.y(), s.z) - ball.center).norm() + s.rounding_mm);
  return ball;
}
Body::Ball ball_of(const std::shared_ptr<const Body>& body) { return body->ball(); }

}  // namespace

void Body::add_part(decltype(Part::shape) shape, double blend_mm, double cover_mm, bool cuts,
                    const Eigen::Isometry3d& body_from_shape) {
  Ball ball = std::visit([](const auto& s) { return ball_of(s); }, shape);
  ball.center = body_from_shape * ball.center;
  ball.radius_mm += cover_mm;
  parts_.push_back({std::move(shape), blend_mm, cover_mm, cuts, body_from_shape.inverse(), ball});
}

void Body::add(Shape shape, double blend_mm, double cover_mm, const Eigen::Isometry3d& body_from_shape) {
  std::visit([&](auto& s) { add_part(std::move(s), blend_mm, cover_mm, false, body_from_shape); }, shape);
}

void Body::cut(Shape shape, double blend_mm, const Eigen::Isometry3d& body_from_shape) {
  std::visit([&](auto& s) { add_part(std::move(s), blend_mm, 0.0, true, body_from_shape); }, shape);
}

void Body::add(std::shared_ptr<const Body> other, double blend_mm, double cover_mm) {
  add_part(std::move(other), blend_mm, cover_mm, false, Eigen::Isometry3d::Identity());
}

Body::Ball Body::ball() const {
  Ball all;
  double parts = 0.0;
  for (const Part& part : parts_)
    if (!part.cuts) all.center += (part.ball.center - all.center) / (parts += 1.0);
  for (const Part& part : parts_)
    if (!part.cuts)
      all.radius_mm =
          std::max(all.radius_mm, (part.ball.center - all.center).norm() + part.ball.radius_mm + 0.25 * part.blend_mm);
  return all;
}

double Body::distance_mm(const Eigen::Vector3d& point) const {
  double result = 1e9;
  for (const Part& part : parts_) {
    // Far parts leave the soft minimum as it is.
    const double far = (part.cuts ? -result : result) + part.blend_mm + part.ball.radius_mm;
    if (far < 0.0 || (point - part.ball.center).squaredNorm() > far * far) continue;
    const Eigen::Vector3d p = part.shape_from_body * point;
    const double d = std::visit([&](const auto& shape) { return distance(shape, p); }, part.shape) - part.cover_mm;
    result = part.cuts ? -soft_min(-result, d, part.blend_mm) : soft_min(result, d, part.blend_mm);
  }
  return result;
}

}  // namespace fit
