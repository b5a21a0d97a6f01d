#include "models/shapes/limb_frame.h"

#include <algorithm>
#include <vector>

namespace fit {

namespace {

using Eigen::Isometry3d;
using Eigen::Vector3d;

/// Centroid of the section at a height along `up`; both by Green's formula over the crossing triangles, in any order.
Vector3d section_centroid(const Mesh& mesh, const std::vector<double>& heights, double height, const Vector3d& x,
                          const Vector3d& y, const Vector3d& up) {
  double area = 0.0, mx = 0.0, my = 0.0;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const double h[3] = {heights[static_cast<std::size_t>(t[0])] - height,
                         heights[static_cast<std::size_t>(t[1])] - height,
                         heights[static_cast<std::size_t>(t[2])] - height};
    if ((h[0] < 0.0) == (h[1] < 0.0) && (h[1] < 0.0) == (h[2] < 0.0)) continue;
    Vector3d from = Vector3d::Zero(), to = from;
    for (int i = 0; i < 3; ++i) {
      const int j = (i + 1) % 3;
      if ((h[i] < 0.0) == (h[j] < 0.0)) continue;
      const Vector3d &a = mesh.vertices[static_cast<std::size_t>(t[i])],
                     &b = mesh.vertices[static_cast<std::size_t>(t[j])];
      (h[i] < 0.0 ? to : from) = a + (b - a) * (h[i] / (h[i] - h[j]));
    }
    const double ax = from.dot(x), ay = from.dot(y), bx = to.dot(x), by = to.dot(y), cross = ax * by - bx * ay;
    area += 0.5 * cross;
    mx += (ax + bx) * cross / 6.0;
    my += (ay + by) * cross / 6.0;
  }
  return mx / area * x + my / area * y + height * up;
}

}  // namespace

Isometry3d limb_frame(const Mesh& surface, const Vector3d& upper, const Vector3d& front) {
  constexpr int kSections = 25;
  Vector3d up(0, 0, 1), middle = Vector3d::Zero();
  std::vector<double> heights(surface.vertices.size());
  const auto measure_heights = [&] {
    for (std::size_t i = 0; i < heights.size(); ++i) heights[i] = surface.vertices[i].dot(up);
    return *std::min_element(heights.begin(), heights.end());
  };
  for (int round = 0; round < 12; ++round) {
    const double low = measure_heights(), span = upper.dot(up) - low;
    const Vector3d x = front.cross(up).normalized(), y = up.cross(x);
    std::vector<Vector3d> centers;
    middle.setZero();
    for (int k = 0; k < kSections; ++k) {
      centers.push_back(section_centroid(surface, heights, low + span * (0.2 + 0.6 * k / (kSections - 1)), x, y, up));
      middle += centers.back() / kSections;
    }
    // Least squares of x and y over the height.
    double xz = 0.0, yz = 0.0, zz = 0.0;
    for (const Vector3d& c : centers) {
      const double z = (c - middle).dot(up);
      xz += z * (c - middle).dot(x);
      yz += z * (c - middle).dot(y);
      zz += z * z;
    }
    up = (up + xz / zz * x + yz / zz * y).normalized();
    // On a limb that is much wider than long the line leans anywhere: there the anatomical axis is the better one.
    if (up.z() < 0.94) {
      up = Vector3d(0, 0, 1);
      break;
    }
  }
  const double low = measure_heights();
  const Vector3d origin = middle + (low - middle.dot(up)) * up;
  Vector3d y = front - front.dot(up) * up;
  if (front.z() == 0.0 && front.x() == 0.0) {
    y.normalize();
  } else {
    const Vector3d arm = upper - origin;
    y = (arm - arm.dot(up) * up).normalized();
  }
  Isometry3d limb_from_mesh = Isometry3d::Identity();
  limb_from_mesh.linear().row(0) = y.cross(up).transpose();
  limb_from_mesh.linear().row(1) = y.transpose();
  limb_from_mesh.linear().row(2) = up.transpose();
  limb_from_mesh.translation() = -(limb_from_mesh.linear() * origin);
  return limb_from_mesh;
}

}  // namespace fit
