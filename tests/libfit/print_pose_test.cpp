#include "libfit/print_pose.h"

#include <gtest/gtest.h>

#include "libfit/error.h"

namespace fit {
namespace {

Mesh tetrahedron() {
  return {{{10, 10, 10}, {12, 10, 10}, {10, 14, 10}, {10, 10, 16}}, {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}}, {}};
}

TEST(PrintPose, StandsOnTheBedInItsMiddle) {
  for (const Eigen::Vector3d& up : {Eigen::Vector3d(0, 0, 1), Eigen::Vector3d(0, 0, -1), Eigen::Vector3d(0.1, -0.2, 1)}) {
    const Mesh posed = moved(print_from_limb(tetrahedron(), up, 30.0), tetrahedron());
    const Box box = bounding_box(posed);
    EXPECT_NEAR(box.lowest.z(), 0.0, 1e-12);
    EXPECT_NEAR(box.lowest.x() + box.highest.x(), 0.0, 1e-12);
    EXPECT_NEAR(box.lowest.y() + box.highest.y(), 0.0, 1e-12);
    EXPECT_NEAR(volume_mm3(posed), 8.0, 1e-9) << "a print is never mirrored";
  }
}

TEST(PrintPose, TurnsUpToZ) {
  const Eigen::Vector3d up(0.3, -0.4, 0.5);
  const Eigen::Vector3d turned = print_from_limb(tetrahedron(), up).linear() * up.normalized();
  EXPECT_NEAR((turned - Eigen::Vector3d::UnitZ()).norm(), 0.0, 1e-12);
}

TEST(PrintPose, RefusesADirectionWithoutLength) { EXPECT_THROW(print_from_limb(tetrahedron(), {0, 0, 0}), Error); }

}  // namespace
}  // namespace fit
