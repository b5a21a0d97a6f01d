#include "benchmarks/accuracy/wall_exactness.h"

#include <gtest/gtest.h>

#include <cmath>

namespace fit {
namespace {

/// Scan noise of each vertex in mm, over which the wall must hold at every resolution.
class WallOverNoise : public ::testing::TestWithParam<double> {};

TEST_P(WallOverNoise, IsNeverThinnerThanAskedAtAnyResolution) {
  for (const double resolution_mm : {1.0, 2.0}) {
    SCOPED_TRACE(resolution_mm);
    SolidifyParams asked;
    asked.trimline_wall_mm = asked.distal_wall_mm = asked.wall_mm;
    asked.resolution_mm = resolution_mm;
    const WallExactness found = draw_wall_exactness(3, GetParam(), 30000, asked);
    ASSERT_GT(found.outer.samples, 10000u);
    const bool rough_and_coarse = GetParam() > 0.1 && resolution_mm > 1.0;
    // More noise than a scan for a socket may have, at twice the usual resolution: the check of the wall tells it.
    EXPECT_GT(found.thinnest_mm, resolution_mm > 1.0 && GetParam() > 0.2 ? -0.15 : -0.05);
    EXPECT_LT(std::abs(found.outer.worst_mm), rough_and_coarse ? 0.4 : 0.3);
    if (resolution_mm > 1.0) continue;
    EXPECT_LT(found.outer.rms_mm, 0.03);
    EXPECT_LT(found.outer.within_mm, 0.1);
  }
}

INSTANTIATE_TEST_SUITE_P(OverNoise, WallOverNoise, ::testing::Values(0.0, 0.1, 0.2, 0.3));

TEST(WallExactness, KeepsThePositiveAsTheInnerSurface) {
  const WallExactness found = draw_wall_exactness(3, 0.0, 30000, {});
  ASSERT_GT(found.inner_vertices.samples, 10000u);
  EXPECT_LT(found.inner_vertices.rms_mm, 0.001);
  EXPECT_LT(std::abs(found.inner_vertices.worst_mm), 0.01);
  EXPECT_LT(found.inner_centers.rms_mm, 0.03);
}

}  // namespace
}  // namespace fit
