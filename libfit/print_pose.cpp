#include "libfit/print_pose.h"

#include <numbers>

#include "libfit/error.h"

namespace fit {

Eigen::Isometry3d print_from_limb(const Mesh& body, const Eigen::Vector3d& up, double turn_deg) {
  if (!(up.norm() > 0.0)) throw Error(ErrorKind::bad_params, "The direction that is up on the printer has no length.");
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.linear() = Eigen::AngleAxisd(turn_deg * std::numbers::pi / 180.0, Eigen::Vector3d::UnitZ()).toRotationMatrix() *
                  Eigen::Quaterniond::FromTwoVectors(up, Eigen::Vector3d::UnitZ()).toRotationMatrix();
  const Box box = bounding_box(moved(pose, body));
  const Eigen::Vector3d middle = 0.5 * (box.lowest + box.highest);
  pose.translation() = -Eigen::Vector3d(middle.x(), middle.y(), box.lowest.z());
  return pose;
}

Mesh moved(const Eigen::Isometry3d& to_from, Mesh body) {
  for (Eigen::Vector3d& vertex : body.vertices) vertex = to_from * vertex;
  return body;
}

}  // namespace fit
