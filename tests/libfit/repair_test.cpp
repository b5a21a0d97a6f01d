#include "libfit/repair.h"

#include <gmock/gmock.h>

#include "libfit/detail/closest_point.h"
#include "tests/libfit/dirty_limb.h"

namespace fit {
namespace {

using dirty::limb;

/// One piece, each inner edge with two triangles in opposite directions, one rim.
void expect_clean(const Repaired& repaired) {
  EXPECT_EQ(boundary_loops(repaired.surface).size(), 1u);
  EXPECT_EQ(repaired.invented.size(), repaired.surface.triangles.size());
}

double farthest_mm(const Mesh& from, const Mesh& to) {
  const detail::ClosestPoint closest(to);
  double farthest = 0.0;
  for (const Eigen::Vector3d& v : from.vertices) farthest = std::max(farthest, std::abs(closest.at(v).signed_mm));
  return farthest;
}

TEST(Repair, LeavesACleanLimbAsItIs) {
  const Mesh scan = limb();
  const Repaired repaired = repair(scan);
  EXPECT_EQ(repaired.surface, scan);
  EXPECT_THAT(repaired.findings, testing::IsEmpty());
}

TEST(Repair, SewsASoupOfJitteredCorners) {
  const Repaired repaired = repair(dirty::soup(limb(), 0.002, 1));
  expect_clean(repaired);
  EXPECT_EQ(repaired.surface.triangles.size(), limb().triangles.size());
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 0.01);
}

TEST(Repair, TurnsTrianglesOutward) {
  for (unsigned every : {2u, 10u}) {
    const Repaired repaired = repair(dirty::some_turned(limb(), every, every));
    expect_clean(repaired);
    EXPECT_EQ(repaired.surface, limb());
  }
}

TEST(Repair, FillsADistalHoleByTheCurvatureAroundIt) {
  const Repaired repaired = repair(dirty::with_hole(limb(), {0.0, 0.0, 0.0}, 25.0));
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1.0);
  EXPECT_GT(repaired.invented_mm2, 1500.0);
}

TEST(Repair, LeavesAFloorOut) {
  const Repaired repaired = repair(dirty::together(dirty::floor({0.0, 0.0, -1.0}, 400.0), limb()));
  expect_clean(repaired);
  EXPECT_EQ(repaired.surface.triangles.size(), limb().triangles.size());
}

TEST(Repair, JoinsAnIslandInAHoleToTheSkinAroundIt) {
  Mesh scan = limb();
  std::erase_if(scan.triangles, [&](const Eigen::Vector3i& t) {
    const double away_mm = (scan.vertices[t[0]] - Eigen::Vector3d(47.0, 0.0, 100.0)).norm();
    return away_mm > 14.0 && away_mm < 24.0;
  });
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1.0);
  EXPECT_LT(farthest_mm(limb(), repaired.surface), 1.0);
  EXPECT_LT(repaired.invented_mm2, 1800.0);
}

TEST(Repair, JoinsTheDistalEndBeyondAGapAllRound) {
  Mesh scan = limb();
  std::erase_if(scan.triangles, [&](const Eigen::Vector3i& t) {
    return scan.vertices[t[0]].z() > 80.0 && scan.vertices[t[0]].z() < 85.0;
  });
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(limb(), repaired.surface), 1.0);
}

TEST(Repair, RefusesWhatHasNoTriangles) { EXPECT_THROW(repair(Mesh{}), Error); }

TEST(Repair, RefusesASheet) { EXPECT_THROW(repair(dirty::floor({0.0, 0.0, 0.0}, 100.0)), Error); }

TEST(Repair, RefusesAnIndexThatIsNotThere) {
  Mesh scan = limb();
  scan.triangles[7][1] = static_cast<int>(scan.vertices.size());
  EXPECT_THROW(repair(scan), Error);
}

TEST(Repair, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(repair(limb(), {}, Progress([&](double, std::string_view) { return ++reports < 3; })), Cancelled);
}

}  // namespace
}  // namespace fit
