#include "libfit/detail/limb_part.h"

#include <Eigen/Eigenvalues>
#include <Eigen/Geometry>
#include <cmath>
#include <numbers>

namespace fit::detail {

namespace {

const Eigen::Vector3d& start(const Mesh& mesh, int h) { return mesh.vertices[mesh.triangles[h / 3][h % 3]]; }
const Eigen::Vector3d& end(const Mesh& mesh, int h) { return mesh.vertices[mesh.triangles[h / 3][(h + 1) % 3]]; }

Eigen::Vector3d centre(const Mesh& mesh, const Rim& rim) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (int h : rim) sum += start(mesh, h);
  return sum / static_cast<double>(rim.size());
}

}  // namespace

double PartSize::fullness() const { return area_mm2 > 0.0 ? std::abs(volume_mm3) / std::pow(area_mm2, 1.5) : 0.0; }

double PartSize::likeness() const {
  constexpr double kLeastFullness = 0.012;
  constexpr double kLeast_mm3 = 30000.0;
  const double volume = std::abs(volume_mm3);
  if (fullness() < kLeastFullness || volume < kLeast_mm3) return 0.0;
  // A limb's scan ends at the proximal opening, about as wide as the limb; boxes and balls do not.
  const double open = opening_mm2 > 0.15 * std::pow(volume, 2.0 / 3.0) ? 1.0 : 0.3;
  return volume * open * (elongation > 1.15 ? 1.0 : 0.3);
}

std::vector<PartSize> part_sizes(const Mesh& mesh, const Parts& parts, const std::vector<Rim>& rims) {
  std::vector<PartSize> sizes(parts.count);
  std::vector<Eigen::Vector3d> origin(parts.count);
  std::vector<Eigen::Matrix3d> spread(parts.count, Eigen::Matrix3d::Zero());
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    const int part = parts.of_triangle[i];
    PartSize& size = sizes[part];
    const Eigen::Vector3i& t = mesh.triangles[i];
    const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
    if (size.part < 0) {
      size.part = part;
      origin[part] = a;
    }
    const double area = 0.5 * (b - a).cross(c - a).norm();
    size.area_mm2 += area;
    const Eigen::Vector3d middle = (a + b + c) / 3.0;
    size.centre_mm += area * middle;
    spread[part] += area * (middle - origin[part]) * (middle - origin[part]).transpose();
    size.volume_mm3 += (a - origin[part]).dot((b - origin[part]).cross(c - origin[part])) / 6.0;
  }
  for (const Rim& rim : rims) {
    const int part = parts.of_triangle[rim[0] / 3];
    sizes[part].opening_mm2 = std::max(sizes[part].opening_mm2, spanned_mm2(mesh, rim).norm());
    const Eigen::Vector3d middle = centre(mesh, rim) - origin[part];
    for (int h : rim)
      sizes[part].volume_mm3 += middle.dot((end(mesh, h) - origin[part]).cross(start(mesh, h) - origin[part])) / 6.0;
  }
  for (PartSize& size : sizes) {
    if (size.area_mm2 <= 0.0) continue;
    size.centre_mm /= size.area_mm2;
    const Eigen::Vector3d from_origin = size.centre_mm - origin[size.part];
    const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread[size.part] / size.area_mm2 -
                                                              from_origin * from_origin.transpose());
    size.elongation = std::sqrt(axes.eigenvalues()[2] / std::max(axes.eigenvalues()[1], 1e-9));
  }
  return sizes;
}

int limb_part(const std::vector<PartSize>& sizes) {
  int best = -1;
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i].likeness() > (best < 0 ? 0.0 : sizes[best].likeness())) best = static_cast<int>(i);
  return best;
}

Eigen::Vector3d spanned_mm2(const Mesh& mesh, const Rim& rim) {
  const Eigen::Vector3d& origin = start(mesh, rim[0]);
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (int h : rim) sum += (start(mesh, h) - origin).cross(end(mesh, h) - origin);
  return -0.5 * sum;
}

LongAxis long_axis(const Mesh& mesh) {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  double area = 0.0;
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (int pass = 0; pass < 2; ++pass) {
    for (const Eigen::Vector3i& t : mesh.triangles) {
      const Eigen::Vector3d &a = mesh.vertices[t[0]], &b = mesh.vertices[t[1]], &c = mesh.vertices[t[2]];
      const double weight = (b - a).cross(c - a).norm();
      const Eigen::Vector3d middle = (a + b + c) / 3.0;
      if (pass == 0) {
        mean += weight * middle;
        area += weight;
      } else {
        spread += weight * (middle - mean) * (middle - mean).transpose();
      }
    }
    if (pass == 0) mean /= area;
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread / area);
  // The skin of an elliptic tube lies at 1 / sqrt(2) of its half-width, in the root mean square.
  return {axes.eigenvectors().col(2),
          2.0 * std::numbers::pi * std::sqrt(axes.eigenvalues()[0] * axes.eigenvalues()[1])};
}

ProximalOpening find_opening(const Mesh& mesh, const std::vector<Rim>& rims) {
  ProximalOpening opening;
  double largest = 0.0, second = 0.0;
  for (std::size_t i = 0; i < rims.size(); ++i) {
    const double spanned = spanned_mm2(mesh, rims[i]).norm();
    if (spanned > largest) {
      second = largest;
      largest = spanned;
      opening.rim = static_cast<int>(i);
    } else {
      second = std::max(second, spanned);
    }
  }
  if (largest < 0.25 * long_axis(mesh).section_mm2) opening.rim = -1;
  opening.second = largest > 0.0 ? second / largest : 0.0;
  return opening;
}

}  // namespace fit::detail
