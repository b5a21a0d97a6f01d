#include "scanners/detail/field_grid.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "scanners/detail/field_surface.h"
#include "scanners/detail/integrate_kernel.h"

namespace fit {

namespace {

/// A camera that looks straight at the plane z = `distance_mm` + `slope` x.
Frame plane_frame(double distance_mm, double slope = 0.0) {
  Frame frame;
  frame.depth.intrinsics = {160, 120, 150.0, 150.0, 79.5, 59.5};
  frame.depth.mm_per_count = 0.01;
  for (int v = 0; v < 120; ++v)
    for (int u = 0; u < 160; ++u)
      frame.depth.counts.push_back(
          static_cast<std::uint16_t>(std::lround(100.0 * distance_mm / (1.0 - slope * (u - 79.5) / 150.0))));
  return frame;
}

FieldGrid field_of(const Frame& frame, const Eigen::Isometry3d& pose, std::size_t most_bricks = 100000) {
  FieldGrid field(1.0, most_bricks);
  CameraInfo info;
  info.depth = frame.depth.intrinsics;
  const FrameSurface surface = surface_of(frame, info, whole(info.depth));
  const Integration how{4.0, 300.0, {}};
  allocate(field, surface, pose, how);
  integrate(field, {{&surface, pose}}, how);
  return field;
}

}  // namespace

TEST(FieldGrid, HoldsTheDistanceToATiltedPlaneAndItsSlope) {
  const double slope = 0.7;
  const FieldGrid field = field_of(plane_frame(300.0, slope), Eigen::Isometry3d::Identity());
  const Eigen::Vector3f outward = Eigen::Vector3f(float(slope), 0, -1).normalized();
  int samples = 0;
  for (float x = -60; x < 60; x += 3.7f)
    for (float off = -3; off < 3; off += 0.7f) {
      const Eigen::Vector3f p = Eigen::Vector3f(x, 0.31f * x, 300 + 0.7f * x) + off * outward;
      FieldGrid::Sample sample;
      if (!field.sample(p, sample)) continue;
      ++samples;
      EXPECT_NEAR(sample.distance_mm, off, 0.03);
      EXPECT_NEAR((sample.gradient - outward).norm(), 0.0f, 0.05);
    }
  EXPECT_GT(samples, 200);
}

TEST(FieldGrid, KnowsNothingOfWhatWasNotSeen) {
  const FieldGrid field = field_of(plane_frame(300.0), Eigen::Isometry3d::Identity());
  FieldGrid::Sample sample;
  EXPECT_FALSE(field.sample({0, 0, 280}, sample));
  EXPECT_FALSE(field.sample({0, 0, 320}, sample));
  EXPECT_FALSE(field.sample({500, 0, 300}, sample));
  EXPECT_TRUE(field.sample({0, 0, 300}, sample));
}

TEST(FieldGrid, StopsAtTheMemoryItWasGiven) {
  const FieldGrid field = field_of(plane_frame(300.0), Eigen::Isometry3d::Identity(), 50);
  EXPECT_EQ(field.size(), 50u);
  EXPECT_TRUE(field.full());
}

TEST(FieldGrid, FindsEveryBrickAndItsNeighbours) {
  FieldGrid field(1.0, 100000);
  std::mt19937 random(3);
  const auto draw = [&] { return static_cast<int>(random() % 24) - 12; };
  for (int i = 0; i < 4000; ++i) field.add({draw(), draw(), draw()});
  for (std::size_t b = 0; b < field.size(); ++b) {
    EXPECT_EQ(field.find(field.place(b)), static_cast<int>(b));
    for (int i = 0; i < 8; ++i)
      ASSERT_EQ(field.next(b)[static_cast<std::size_t>(i)],
                field.find(field.place(b) + Eigen::Vector3i(i & 1, i >> 1 & 1, i >> 2)));
  }
}

TEST(FieldGrid, IsTheSameToTheLastBitWithAndWithoutAvx2) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this processor has no AVX2";
  std::mt19937 random(5);
  const auto draw = [&](float low, float high) {
    return low + (high - low) * static_cast<float>(random() >> 8) * 0x1p-24f;
  };
  std::vector<float> planes(4 * 64 * 48);
  for (std::size_t i = 0; i < planes.size(); i += 4) {
    if (random() % 8 == 0) continue;
    const Eigen::Vector3f n = Eigen::Vector3f(draw(-1, 1), draw(-1, 1), -1).normalized();
    const float offset = draw(280, 320);
    for (int k = 0; k < 3; ++k) planes[i + static_cast<std::size_t>(k)] = -n[k] / offset;
    planes[i + 3] = offset;
  }
  alignas(32) float distance[2][512] = {}, weight[2][512] = {};
  for (int brick = 0; brick < 300; ++brick) {
    IntegrationView view{planes.data(), 3, 5, 64, 48, 60, 61, 32, 24, 6, 300, {}};
    const Eigen::Matrix3f step =
        Eigen::AngleAxisf(draw(0, 3), Eigen::Vector3f(draw(-1, 1), draw(-1, 1), 1).normalized()).toRotationMatrix();
    Eigen::Map<Eigen::Matrix3f>(view.step) = step;
    const float origin[3] = {draw(-190, 190), draw(-190, 190), draw(-10, 310)};
    const RowRange rows{draw(-8, 4), draw(-1, 1), draw(-1, 1)};
    integrate_brick_portable(view, origin, rows, distance[0], weight[0]);
    integrate_brick_avx2(view, origin, rows, distance[1], weight[1]);
    for (int i = 0; i < 512; ++i) {
      ASSERT_EQ(distance[0][i], distance[1][i]);
      ASSERT_EQ(weight[0][i], weight[1][i]);
    }
  }
  EXPECT_GT(*std::max_element(weight[0], weight[0] + 512), 0.0f);
}

TEST(FieldSurface, LiesOnThePlaneFacesTheCameraAndIsWelded) {
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.linear() = Eigen::AngleAxisd(0.4, Eigen::Vector3d(1, 2, 3).normalized()).toRotationMatrix();
  const FieldGrid field = field_of(plane_frame(300.0), pose);
  FieldSurface surface = surface_of(field, 1e-3);
  ASSERT_GT(surface.mesh.triangles.size(), 10000u);
  ASSERT_EQ(surface.weight.size(), surface.mesh.vertices.size());
  remove_unused_vertices(surface.mesh);
  for (const auto& vertex : surface.mesh.vertices) EXPECT_NEAR((pose.inverse() * vertex).z(), 300.0, 0.02);
  for (const auto& normal : vertex_normals(surface.mesh)) EXPECT_LT((pose.linear().transpose() * normal).z(), -0.95);
  EXPECT_EQ(boundary_loops(surface.mesh).size(), 1u);
}

}  // namespace fit
