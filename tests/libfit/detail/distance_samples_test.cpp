#include "libfit/detail/distance_samples.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "libfit/detail/proximal_extension.h"
#include "tests/libfit/analytic_limb.h"

namespace fit::detail {
namespace {

using Eigen::Vector3d;

class DistanceSamplesOfALimb : public ::testing::Test {
 protected:
  static Mesh limb() {
    AnalyticLimb limb;
    limb.around = 60;
    limb.groove_depth_mm = 7.0;
    return extended_and_closed(limb.mesh(), 320.0).mesh;
  }

  const Mesh positive_ = limb();
  const ClosestPoint to_positive_{positive_};
  const SolidField field_{SolidField::Shape{
      .positive = &positive_,
      .to_positive = &to_positive_,
      .creases = nullptr,
      .wall = std::nullopt,
      .text = std::nullopt,
      .trim = TrimSurface(Trimline{{250.0, 250.0, 250.0}}),
      .parts = {},
  }};
};

TEST_F(DistanceSamplesOfALimb, BoundTheDistanceEverywhere) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> unit(-1.0, 1.0);
  const auto somewhere = [&](double reach) {
    return Vector3d(reach * unit(random), reach * unit(random), reach * unit(random));
  };
  for (int i = 0; i < 2000; ++i) {
    const Vector3d center = Vector3d(0.0, 0.0, 120.0) + somewhere(140.0);
    int triangle = -1;
    DistanceSamples samples;
    samples.take_with_both_sides(field_, center, 30.0, triangle);
    samples.take(field_, center + somewhere(4.0), triangle);
    const Vector3d point = center + somewhere(6.0);
    const double distance = to_positive_.at(point).signed_mm;
    const Interval bounds = samples.within(point, 0.0), around = samples.within(point, 2.0);
    EXPECT_LE(bounds.low, distance);
    EXPECT_GE(bounds.high, distance);
    EXPECT_LE(around.low, bounds.low - 1.9);
    EXPECT_GE(around.high, bounds.high + 1.9);
  }
}

TEST_F(DistanceSamplesOfALimb, AreNearlyExactBesideAFoot) {
  const Vector3d center(60.0, 5.0, 140.0);
  int triangle = -1;
  DistanceSamples samples;
  samples.take_with_both_sides(field_, center, 30.0, triangle);
  const Interval bounds = samples.within(center + Vector3d(1.0, 1.0, 1.0), 0.0);
  EXPECT_LT(bounds.high - bounds.low, 0.2);
  const double distance = to_positive_.at(center + Vector3d(0.1, 0.0, 0.0)).signed_mm;
  EXPECT_NEAR(samples.expected(center + Vector3d(0.1, 0.0, 0.0)), distance, 0.01);
}

TEST(DistanceSamples, KnowNothingWhereTheyContradictEachOther) {
  // Two limbs side by side, one of them inside out: between them the sign of the distance leaps.
  AnalyticLimb limb;
  limb.around = 40;
  Mesh mesh = extended_and_closed(limb.mesh(), 320.0).mesh;
  Mesh wrong = flipped(mesh);
  for (Vector3d& vertex : wrong.vertices) vertex.x() += 2.0 * limb.radius_mm + 6.0;
  const int first = static_cast<int>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), wrong.vertices.begin(), wrong.vertices.end());
  for (const Eigen::Vector3i& t : wrong.triangles) mesh.triangles.push_back(t + Eigen::Vector3i::Constant(first));
  const ClosestPoint to_positive(mesh);
  const SolidField field(SolidField::Shape{
      .positive = &mesh,
      .to_positive = &to_positive,
      .creases = nullptr,
      .wall = std::nullopt,
      .text = std::nullopt,
      .trim = TrimSurface(Trimline{{250.0, 250.0, 250.0}}),
      .parts = {},
  });
  int triangle = -1;
  DistanceSamples samples;
  samples.take(field, Vector3d(limb.radius_mm + 2.9, 0.0, 140.0), triangle);
  samples.take(field, Vector3d(limb.radius_mm + 3.1, 0.0, 140.0), triangle);
  const Interval bounds = samples.within(Vector3d(limb.radius_mm + 3.0, 0.0, 140.0), 0.0);
  EXPECT_EQ(bounds.low, -std::numeric_limits<double>::infinity());
  EXPECT_EQ(bounds.high, std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace fit::detail
