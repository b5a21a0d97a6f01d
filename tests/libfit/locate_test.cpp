#include "libfit/locate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numbers>
#include <random>

#include "benchmarks/accuracy/located_limbs.h"
#include "libfit/detail/cross_section.h"
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

TEST(Locate, KeepsWhatAPersonPlaced) {
  const GeneratedLimb limb = limb_of(4);
  Landmarks placed;
  placed[Landmark::mid_patellar_tendon] = {limb.limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm, 1.0, true};
  placed[Landmark::fibular_head] = {limb.limb.landmarks.at(Landmark::fibular_head).point_mm, 1.0, true};
  const Located located = locate(scan_of(limb.limb.surface), placed, transtibial(Side::right));
  for (const auto& [landmark, place] : placed) {
    const LandmarkPlace& kept = located.limb.landmarks.at(landmark);
    EXPECT_LT((located.limb_from_scan * place.point_mm - kept.point_mm).norm(), 1e-9);
    EXPECT_TRUE(kept.confirmed);
  }
  // The generated limb stands in the true frame: with its tendon given, that frame is found again.
  EXPECT_LT((located.limb_from_scan.linear() - Eigen::Matrix3d::Identity()).norm(), 0.01);
  EXPECT_LT(located.limb_from_scan.translation().norm(), 0.5);
  EXPECT_NEAR(located.limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.x(), 0.0, 1e-9);
}

TEST(Locate, StandsTheLimbOnItsMostDistalSkin) {
  const Located located = locate(moved(scan_of(limb_of(5).limb.surface), pose_of(1)), {}, transtibial(Side::right));
  EXPECT_NEAR(bounding_box(located.limb.surface).lowest.z(), 0.0, 1e-9);
  EXPECT_NEAR(located.limb_from_scan.linear().determinant(), 1.0, 1e-12);
}

TEST(Locate, KeepsAnAxisThatIsGiven) {
  LocateParams params = transtibial(Side::right);
  params.axis = Eigen::Vector3d(0.1, -0.05, 1.0);
  const Located located = locate(scan_of(limb_of(1).limb.surface), {}, params);
  EXPECT_LT((located.limb_from_scan.linear() * params.axis->normalized() - Eigen::Vector3d::UnitZ()).norm(), 1e-9);
}

GeneratedLimb drawn_limb(int seed) {
  GenerateParams params = draw_params(seed);
  params.triangles = 12000;
  return generate_limb(params);
}

/// How the line through the centroids of closed sections between 20 and 80 % of the way to the tendon leans.
double lean_of_centroids(const Limb& limb) {
  const double tendon_mm = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  std::vector<double> heights;
  for (int i = 0; i <= 24; ++i) heights.push_back(tendon_mm * (0.2 + 0.025 * i));
  double mean_height = 0.0, spread = 0.0;
  Eigen::Vector2d mean = Eigen::Vector2d::Zero(), slope = Eigen::Vector2d::Zero();
  std::vector<std::pair<double, Eigen::Vector2d>> centroids;
  const auto sections = detail::cross_sections(limb.surface, heights);
  for (std::size_t i = 0; i < heights.size(); ++i)
    if (const detail::Outline* skin = detail::largest_closed(sections[i]))
      centroids.emplace_back(heights[i], detail::centroid(*skin));
  for (const auto& [height, at] : centroids) {
    mean_height += height / static_cast<double>(centroids.size());
    mean += at / static_cast<double>(centroids.size());
  }
  for (const auto& [height, at] : centroids) {
    slope += (height - mean_height) * (at - mean);
    spread += (height - mean_height) * (height - mean_height);
  }
  return slope.norm() / spread;
}

TEST(Locate, FindsTheAxisOfShortLimbsAndOfBentKneesWhenTheTendonIsPlaced) {
  // Drawn limbs of 80 to 150 mm; the knees of 29, 65 and 176 are bent by 50 degrees, the others lie nearly straight.
  for (int seed : {10, 29, 65, 139, 176, 237}) {
    const GeneratedLimb limb = drawn_limb(seed);
    Landmarks placed;
    placed[Landmark::mid_patellar_tendon] = {
        limb.scan_from_limb * limb.limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm, 1.0, true};
    const Located located = locate(scan_of(limb.scan), placed, transtibial(limb.limb.side));
    EXPECT_LT(lean_of_centroids(located.limb), 0.01) << "seed " << seed;
    const Eigen::Vector3d up = (located.limb_from_scan * limb.scan_from_limb).linear().col(2);
    EXPECT_GT(up.z(), std::cos(30.0 * std::numbers::pi / 180.0)) << "seed " << seed;
  }
}

TEST(Locate, TakesTheAxisOfTheWallsWhereSectionsShowNone) {
  // Transfemoral limbs of about 80 mm whose opening leans by 20 to 40 degrees.
  for (int seed : {8, 38, 174, 175}) {
    const GeneratedLimb limb = drawn_limb(seed);
    const Located located = locate(scan_of(limb.scan), {}, {limb.limb.side, Level::transfemoral, std::nullopt});
    const Eigen::Vector3d up = (located.limb_from_scan * limb.scan_from_limb).linear().col(2);
    EXPECT_GT(up.z(), std::cos(15.0 * std::numbers::pi / 180.0)) << "seed " << seed;
    EXPECT_TRUE(std::any_of(located.findings.begin(), located.findings.end(),
                            [](const Finding& finding) { return finding.code == "axis_by_walls"; }))
        << "seed " << seed;
  }
}

TEST(Locate, SaysThatTheAxisOfALimbAboutAsWideAsLongIsHardToTell) {
  const GeneratedLimb limb = drawn_limb(139);
  const Located located =
      locate(scan_of(limb.scan), moved(limb.scan_from_limb, limb.limb.landmarks), transtibial(limb.limb.side));
  ASSERT_FALSE(located.findings.empty());
  EXPECT_EQ(located.findings.front().code, "axis_of_short_limb");
}

TEST(Locate, FindsLandmarksOfGeneratedLimbsWithinMillimetresAndDoubtsMostOfThoseItMisses) {
  std::vector<double> errors;
  int gross = 0, gross_flagged = 0, wrong_side = 0;
  for (int seed = 1; seed <= 8; ++seed) {
    const LocatedLimb limb = locate_generated(seed);
    EXPECT_EQ(limb.refusal, "") << seed;
    EXPECT_FALSE(limb.right_side_contradicted) << seed;
    wrong_side += limb.wrong_side_contradicted;
    for (const LandmarkError& one : limb.landmarks) {
      errors.push_back(one.error_mm);
      gross += one.error_mm > 10.0;
      gross_flagged += one.error_mm > 10.0 && one.confidence < kLowConfidence;
    }
  }
  std::sort(errors.begin(), errors.end());
  EXPECT_LT(errors[errors.size() / 2], 2.0);
  EXPECT_LT(gross, 0.2 * static_cast<double>(errors.size()));
  EXPECT_GE(10 * gross_flagged, 6 * gross);
  EXPECT_GE(wrong_side, 6);
}

TEST(Locate, RefusesWhatIsNoLimb) {
  Repaired scan = scan_of(limb_of(1).limb.surface);
  for (double size : {0.1, 8.0}) {
    Repaired other = scan;
    for (Eigen::Vector3d& vertex : other.surface.vertices) vertex *= size;
    EXPECT_THROW(locate(other, {}, transtibial(Side::right)), Error) << size;
  }
}

TEST(Locate, SaysThatAnteriorIsAConventionAtOtherLevels) {
  const Located located = locate(scan_of(limb_of(1).limb.surface), {}, {Side::right, Level::transradial, std::nullopt});
  ASSERT_EQ(located.findings.size(), 1u);
  EXPECT_EQ(located.findings[0].code, "anterior_by_convention");
  EXPECT_EQ(located.limb.landmarks.size(), 1u);
}

TEST(Locate, RefusesAClosedSurfaceWithoutAnAxis) {
  Mesh ball;
  ball.vertices = {{0, 0, 0}, {100, 0, 0}, {0, 100, 0}, {0, 0, 100}};
  ball.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};
  EXPECT_THROW(locate(scan_of(ball), {}, transtibial(Side::right)), Error);
}

TEST(Locate, RefusesAnAxisOfNoLength) {
  LocateParams params = transtibial(Side::right);
  params.axis = Eigen::Vector3d::Zero();
  EXPECT_THROW(locate(scan_of(limb_of(1).limb.surface), {}, params), Error);
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
