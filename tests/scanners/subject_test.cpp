#include "scanners/detail/subject.h"

#include <gmock/gmock.h>

#include <cmath>

namespace fit {

namespace {

/// What a camera at the origin sees of a floor, an upright limb 400 mm away and another leg beside it.
FrameSurface view_of_a_room() {
  Frame frame;
  frame.depth.intrinsics = {640, 480, 575.0, 575.0, 319.5, 239.5};
  frame.depth.mm_per_count = 0.1;
  for (int v = 0; v < 480; ++v)
    for (int u = 0; u < 640; ++u) {
      const double x = (u - 319.5) / 575.0, y = (v - 239.5) / 575.0;
      double z = 1500.0;                      // a wall
      if (y > 0) z = std::min(z, 150.0 / y);  // a floor 150 mm below
      const auto upright = [&](double cx, double cz, double radius, double lowest) {
        const double a = x * x + 1, b = x * cx + cz, c = cx * cx + cz * cz - radius * radius;
        const double root = b * b - a * c;
        if (root < 0) return;
        const double hit = (b - std::sqrt(root)) / a;
        if (hit * y < lowest) z = std::min(z, hit);
      };
      upright(10, 450, 50, 100);
      upright(170, 480, 40, 150);
      frame.depth.counts.push_back(static_cast<std::uint16_t>(std::lround(10 * z)));
    }
  CameraInfo info;
  info.depth = frame.depth.intrinsics;
  return surface_of(frame, info, whole(info.depth));
}

}  // namespace

TEST(Subject, IsTheLimbInTheMiddleWithoutFloorWallAndTheOtherLeg) {
  const FrameSurface view = view_of_a_room();
  const auto subject = find_subject(view, {});
  ASSERT_TRUE(subject);
  EXPECT_NEAR(subject->region.center_mm.x(), 10, 8);
  EXPECT_NEAR(subject->region.center_mm.z(), 440, 25);
  EXPECT_GE(subject->planes.size(), 1u);
  EXPECT_GT(std::abs(subject->region.axis.y()), 0.98);
  const InRegion in_region(subject->region);
  EXPECT_TRUE(in_region({10, 50, 400}));
  EXPECT_TRUE(in_region({10, -80, 500}));
  EXPECT_FALSE(in_region({170, 0, 440}));
  EXPECT_FALSE(in_region({0, 0, 1500}));
}

TEST(Subject, IsWhatWasClickedOn) {
  const auto subject = find_subject(view_of_a_room(), std::array<int, 2>{540, 240});
  ASSERT_TRUE(subject);
  EXPECT_NEAR(subject->region.center_mm.x(), 170, 15);
}

TEST(Subject, IsNothingWhereNothingIsNear) {
  FrameSurface empty;
  EXPECT_FALSE(find_subject(empty, {}));
}

}  // namespace fit
