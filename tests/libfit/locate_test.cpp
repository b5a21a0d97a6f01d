#include "libfit/locate.h"

#include <gtest/gtest.h>

#include <random>

#include "libfit/error.h"
#include "models/shapes/generate_limb.h"

namespace fit {
namespace {

Repaired scan_of(const Mesh& surface) {
  Repaired scan;
  scan.surface = surface;
  scan.invented.assign(surface.triangles.size(), 0);
  return scan;
}

GeneratedLimb limb_of(int seed, Side side = Side::right) {
  GenerateParams params;
  params.seed = seed;
  params.side = side;
  params.triangles = 12000;
  return generate_limb(params);
}

LocateParams transtibial(Side side) { return {side, Level::transtibial, std::nullopt}; }

Repaired moved(Repaired scan, const Eigen::Isometry3d& pose) {
  for (Eigen::Vector3d& vertex : scan.surface.vertices) vertex = pose * vertex;
  return scan;
}

Eigen::Isometry3d pose_of(int seed) {
  std::mt19937 random(seed);
  const auto draw = [&] { return static_cast<double>(random()) / 4294967296.0 - 0.5; };
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.linear() = Eigen::Quaterniond(draw(), draw(), draw(), draw()).normalized().toRotationMatrix();
  pose.translation() = 1000.0 * Eigen::Vector3d(draw(), draw(), draw());
  return pose;
}

Repaired in_a_mirror(Repaired scan) {
  for (Eigen::Vector3d& vertex : scan.surface.vertices) vertex.x() = -vertex.x();
  scan.surface = flipped(scan.surface);
  return scan;
}

TEST(Locate, FindsTheSameLimbInAnyPose) {
  const Repaired scan = scan_of(limb_of(1).limb.surface);
  const Located before = locate(scan, {}, transtibial(Side::right));
  for (int seed = 1; seed <= 5; ++seed) {
    const Located after = locate(moved(scan, pose_of(seed)), {}, transtibial(Side::right));
    ASSERT_EQ(before.limb.landmarks.size(), after.limb.landmarks.size());
    for (const auto& [landmark, place] : before.limb.landmarks)
      EXPECT_LT((place.point_mm - after.limb.landmarks.at(landmark).point_mm).norm(), 0.01) << name_of(landmark);
    for (std::size_t i = 0; i < scan.surface.vertices.size(); ++i)
      ASSERT_LT((before.limb.surface.vertices[i] - after.limb.surface.vertices[i]).norm(), 0.01);
  }
}

TEST(Locate, FindsTheMirroredLimbOnTheOtherSide) {
  const Repaired scan = scan_of(limb_of(2).limb.surface);
  const Located right = locate(scan, {}, transtibial(Side::right));
  const Located left = locate(moved(in_a_mirror(scan), pose_of(3)), {}, transtibial(Side::left));
  for (const auto& [landmark, place] : right.limb.landmarks) {
    Eigen::Vector3d point = left.limb.landmarks.at(landmark).point_mm;
    point.x() = -point.x();
    EXPECT_LT((place.point_mm - point).norm(), 0.01) << name_of(landmark);
  }
}

TEST(Locate, RefusesWithoutASideOrALevel) {
  const Repaired scan = scan_of(limb_of(1).limb.surface);
  EXPECT_THROW(locate(scan, {}, {std::nullopt, Level::transtibial, std::nullopt}), Error);
  EXPECT_THROW(locate(scan, {}, {Side::left, std::nullopt, std::nullopt}), Error);
}

TEST(Locate, RefusesAScanWithoutASurface) { EXPECT_THROW(locate({}, {}, transtibial(Side::left)), Error); }

TEST(Locate, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(locate(scan_of(limb_of(1).limb.surface), {}, transtibial(Side::right), stop), Cancelled);
}

}  // namespace
}  // namespace fit
