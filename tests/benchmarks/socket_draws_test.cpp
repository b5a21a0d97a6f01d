#include "benchmarks/accuracy/socket_draws.h"

#include <gtest/gtest.h>

namespace fit {
namespace {

class SocketDraws : public ::testing::TestWithParam<int> {};

// Twenty a test, so that they run side by side.
TEST_P(SocketDraws, AreSoundOrRefusedInASentence) {
  for (int seed = GetParam(); seed < GetParam() + 20; ++seed) {
    const SocketDraw draw = draw_socket(seed);
    if (!draw.refusal.empty()) {
      EXPECT_EQ(draw.refusal.back(), '.') << "seed " << seed;
      continue;
    }
    EXPECT_EQ(draw.crossings, 0u) << "seed " << seed;
    // The plastic, where noise of the skin stands into the wall; check_print holds the outer surface to 0.05 mm.
    if (draw.forbidding.empty()) EXPECT_GE(draw.thinnest_wall_mm, draw.asked_wall_mm - 0.2) << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(Sixty, SocketDraws, ::testing::Values(1, 21, 41));

}  // namespace
}  // namespace fit
