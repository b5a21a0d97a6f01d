#pragma once

#include <Eigen/Geometry>

namespace fit {

/// Where the subject may be: a ball, and within it a round rod where the subject is long.
struct SubjectRegion {
  Eigen::Vector3d center_mm = Eigen::Vector3d::Zero();
  double radius_mm = 1e9;
  Eigen::Vector3d axis = Eigen::Vector3d::Zero();  ///< of the rod, through the center; zero where there is none
  double rod_mm = 1e9;                             ///< the rod's radius

  SubjectRegion seen_from(const Eigen::Isometry3d& world_from_camera) const {
    SubjectRegion in_camera = *this;
    in_camera.center_mm = world_from_camera.inverse() * center_mm;
    in_camera.axis = world_from_camera.linear().transpose() * axis;
    return in_camera;
  }
};

/// The same in single precision, for many points.
class InRegion {
 public:
  explicit InRegion(const SubjectRegion& region)
      : center_(region.center_mm.cast<float>()),
        axis_(region.axis.cast<float>()),
        ball_(static_cast<float>(region.radius_mm * region.radius_mm)),
        rod_(static_cast<float>(region.rod_mm * region.rod_mm)) {}

  bool operator()(const Eigen::Vector3f& p) const {
    const Eigen::Vector3f from = p - center_;
    const float square = from.squaredNorm();
    const float along = axis_.dot(from);
    return square <= ball_ && square - along * along <= rod_;
  }

 private:
  Eigen::Vector3f center_, axis_;
  float ball_, rod_;
};

}  // namespace fit
