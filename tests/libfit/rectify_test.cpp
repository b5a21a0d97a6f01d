#include "libfit/rectify.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <random>

#include "libfit/detail/closest_point.h"
#include "libfit/measure.h"
#include "libfit/mesh_io.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

/// Made once: to generate a limb takes longer than to rectify it.
const Limb& generated(const GenerateParams& params) {
  static std::vector<std::pair<GenerateParams, Limb>> made;
  for (const auto& [with, limb] : made)
    if (with == params) return limb;
  return made.emplace_back(params, generate_limb(params).limb).second;
}

Limb limb_of(Side side, int seed = 3, int triangles = 16000) {
  GenerateParams params;
  params.seed = seed;
  params.side = side;
  params.triangles = triangles;
  Limb limb = generated(params);
  for (auto& [name, place] : limb.landmarks) place.confirmed = true;
  return limb;
}

/// Over a 6 mm liner, with nothing asked yet.
RectifyParams plain() {
  RectifyParams params;
  params.scanned_over = ScannedOver::liner;
  params.liner_mm = 6.0;
  return params;
}

RectifyParams transtibial(double patellar_tendon_bearing) {
  RectifyParams params = plain();
  params.rectification = load_template("transtibial");
  params.patellar_tendon_bearing = patellar_tendon_bearing;
  return params;
}

std::string refusal(const Limb& limb, const RectifyParams& params) {
  try {
    rectify(limb, params);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

std::vector<std::string> codes(const Findings& findings, Severity severity) {
  std::vector<std::string> found;
  for (const Finding& finding : findings)
    if (finding.severity == severity) found.push_back(finding.code);
  return found;
}

/// Girths of both at the same heights, from 10 mm above the distal end to just below the opening.
void expect_girths(const Mesh& before, const Mesh& after, const std::function<double(double)>& percent_at) {
  std::vector<double> heights;
  for (double z = 10.0; z < std::min(top_mm(before), top_mm(after)) - 2.0; z += 3.7) heights.push_back(z);
  const auto was = measure_at(before, heights);
  const auto is = measure_at(after, heights);
  for (std::size_t i = 0; i < heights.size(); ++i)
    EXPECT_NEAR(100.0 * (1.0 - is[i].girth_mm / was[i].girth_mm), percent_at(heights[i]), 0.2) << heights[i];
}

double largest_move(const Mesh& a, const Mesh& b) {
  double most = 0.0;
  for (std::size_t i = 0; i < a.vertices.size(); ++i) most = std::max(most, (a.vertices[i] - b.vertices[i]).norm());
  return most;
}

TEST(Rectify, NamesAllThatIsMissingInOneSentence) {
  const std::string said = refusal(limb_of(Side::right), RectifyParams{});
  EXPECT_THAT(said, HasSubstr("scanned_over"));
  EXPECT_THAT(said, HasSubstr("liner_mm"));
}

TEST(Rectify, RefusesATemplateOfAnotherLevel) {
  Limb limb = limb_of(Side::right);
  limb.level = Level::transfemoral;
  EXPECT_THAT(refusal(limb, transtibial(0.0)), HasSubstr("transfemoral"));
}

TEST(Rectify, RefusesATranstibialLimbWithoutMpt) {
  Limb limb = limb_of(Side::right);
  limb.landmarks.erase(Landmark::mid_patellar_tendon);
  EXPECT_THAT(refusal(limb, transtibial(0.0)), HasSubstr("mid-patellar tendon"));
}

TEST(Rectify, RefusesTablesOutOfOrder) {
  const Limb limb = limb_of(Side::right);
  RectifyParams params = plain();
  params.sock_table = {{3.0, 1.2}, {1.0, 0.7}};
  EXPECT_THAT(refusal(limb, params), HasSubstr("sock_table"));
  params = plain();
  params.rectification.reductions = {{6.0, 0.5, 3.0, ""}, {6.0, 0.5, 4.0, ""}};
  EXPECT_THAT(refusal(limb, params), HasSubstr("twice"));
  params.rectification.reductions = {{6.0, 0.5, 3.0, ""}, {{}, 0.5, 4.0, ""}};
  EXPECT_THAT(refusal(limb, params), HasSubstr("name a liner in some rows"));
}

TEST(Rectify, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(rectify(limb_of(Side::right), transtibial(1.0), stop), Cancelled);
}

TEST(Rectify, ChangesNothingWhenNothingIsAsked) {
  const Limb limb = limb_of(Side::right);
  EXPECT_EQ(rectify(limb, plain()).positive, limb.surface);
}

TEST(Rectify, AddsLinerAndSocksOutwardWhenScannedOverSkin) {
  const Limb limb = limb_of(Side::left);
  RectifyParams params = plain();
  params.scanned_over = ScannedOver::skin;
  params.sock_ply = 2;
  const Rectified made = rectify(limb, params);
  EXPECT_DOUBLE_EQ(made.allowance_mm, 6.95);  // 0.7 mm for 1 ply, 1.2 mm for 3
  EXPECT_THAT(made.change_mm, Each(0.0));
  const detail::ClosestPoint skin(limb.surface);
  const double rim = top_mm(limb.surface) - 15.0;
  double sum = 0.0;
  int count = 0;
  for (std::size_t i = 0; i < made.positive.vertices.size(); ++i) {
    if (limb.surface.vertices[i].z() > rim) continue;
    const double distance = (skin.at(made.positive.vertices[i]).point_mm - made.positive.vertices[i]).norm();
    EXPECT_NEAR(distance, 6.95, 0.35);
    sum += distance;
    ++count;
  }
  EXPECT_NEAR(sum / count, 6.95, 0.03);
}

TEST(Rectify, AddsNothingWhenScannedOverTheLinerAndSaysSoOfSocks) {
  RectifyParams params = plain();
  params.sock_ply = 3;
  const Rectified made = rectify(limb_of(Side::right), params);
  EXPECT_EQ(made.allowance_mm, 0.0);
  EXPECT_THAT(codes(made.findings, Severity::note), Contains("socks_not_added"));
}

TEST(Rectify, HitsTheGirthAskedAtEveryStation) {
  const Limb limb = limb_of(Side::right);
  const double length = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  RectifyParams params = plain();
  params.rectification.reductions = {{{}, 0.2, 1.0, ""}, {{}, 1.0, 5.0, ""}};
  expect_girths(limb.surface, rectify(limb, params).positive,
                [&](double z) { return 1.0 + 4.0 * std::clamp((z / length - 0.2) / 0.8, 0.0, 1.0); });
  params.uniform_reduction_percent = -2.0;
  expect_girths(limb.surface, rectify(limb, params).positive, [](double) { return -2.0; });
}

TEST(Rectify, HitsTheGirthOverTheLinerWithItsReliefsUnmoved) {
  const Limb limb = limb_of(Side::left, 5);
  const RectifyParams params = transtibial(0.0);
  const Rectified made = rectify(limb, params);
  expect_girths(limb.surface, made.positive, [](double) { return 6.0; });
  int spared = 0;
  for (const PlacedRegion& region : made.regions) {
    if (region.name != "fibular head") continue;
    for (std::size_t i = 0; i < made.positive.vertices.size(); ++i) {
      if ((limb.surface.vertices[i] - region.center_mm).norm() > region.reach_mm) continue;
      EXPECT_EQ(made.positive.vertices[i], limb.surface.vertices[i]);
      ++spared;
    }
  }
  EXPECT_GT(spared, 10);
}

TEST(Rectify, ReducesBetweenTwoLinersByWhatLiesBetween) {
  const Limb limb = limb_of(Side::right);
  RectifyParams params = plain();
  params.rectification.reductions = {{3.0, 0.0, 4.0, ""}, {9.0, 0.0, 8.0, ""}};
  params.liner_mm = 4.5;
  expect_girths(limb.surface, rectify(limb, params).positive, [](double) { return 5.0; });
  params.liner_mm = 12.0;
  expect_girths(limb.surface, rectify(limb, params).positive, [](double) { return 8.0; });
}

TEST(Rectify, MovesARegionByItsDepthAndNothingBeyondItsReach) {
  const Limb limb = limb_of(Side::right, 4);
  RectifyParams params = plain();
  Region region;
  region.name = "bar";
  region.places = {{Landmark::popliteal_fossa, 0.0, 0.0, 0.0}};
  region.reach_girth_fraction = 0.1;
  region.ptb_mm = -5.0;
  params.rectification.regions = {region};
  params.patellar_tendon_bearing = 0.8;
  const Rectified made = rectify(limb, params);
  ASSERT_EQ(made.regions.size(), 1u);
  EXPECT_NEAR(*std::min_element(made.change_mm.begin(), made.change_mm.end()), -4.0, 0.1);
  EXPECT_NEAR(made.regions[0].change_mm, -4.0, 1e-12);
  const Eigen::Vector3d center = limb.landmarks.at(Landmark::popliteal_fossa).point_mm;
  for (std::size_t i = 0; i < made.change_mm.size(); ++i)
    if ((limb.surface.vertices[i] - center).norm() > made.regions[0].reach_mm + 1.0) EXPECT_EQ(made.change_mm[i], 0.0);
}

TEST(Rectify, DoesNotDependOnTheTriangles) {
  const Limb coarse = limb_of(Side::right, 6, 12000);
  const Limb fine = limb_of(Side::right, 6, 60000);
  const Rectified a = rectify(coarse, transtibial(1.0));
  const Rectified b = rectify(fine, transtibial(1.0));
  const detail::ClosestPoint surface(b.positive);
  double sum = 0.0;
  for (const Eigen::Vector3d& vertex : a.positive.vertices) {
    const double distance = (surface.at(vertex).point_mm - vertex).norm();
    EXPECT_LT(distance, 0.6);
    sum += distance;
  }
  EXPECT_LT(sum / static_cast<double>(a.positive.vertices.size()), 0.06);
}

TEST(Rectify, MakesTheMirroredPositiveOfTheMirroredLimb) {
  Limb right = limb_of(Side::right, 8);
  Limb left = right;
  left.side = Side::left;
  for (Eigen::Vector3d& vertex : left.surface.vertices) vertex.x() = -vertex.x();
  left.surface = flipped(left.surface);
  for (auto& [name, place] : left.landmarks) place.point_mm.x() = -place.point_mm.x();
  RectifyParams params = transtibial(0.7);
  params.scanned_over = ScannedOver::skin;
  const Mesh a = rectify(right, params).positive;
  const Mesh b = rectify(left, params).positive;
  for (std::size_t i = 0; i < a.vertices.size(); ++i)
    EXPECT_LT((a.vertices[i] - b.vertices[i].cwiseProduct(Eigen::Vector3d(-1.0, 1.0, 1.0))).norm(), 0.01);
}

TEST(Rectify, StandsLandmarksThatAreFourMillimetresOff) {
  std::mt19937 random(11);
  const auto toss = [&] { return static_cast<double>(random() % 20001) / 10000.0 - 1.0; };
  for (const double bearing : {0.0, 1.0}) {
    const Limb limb = limb_of(Side::right, 9, 10000);
    const Rectified made = rectify(limb, transtibial(bearing));
    for (int trial = 0; trial < 8; ++trial) {
      Limb moved = limb;
      for (auto& [name, place] : moved.landmarks)
        place.point_mm += 4.0 * Eigen::Vector3d(toss(), toss(), toss()).normalized();
      const Rectified other = rectify(moved, transtibial(bearing));
      EXPECT_LT(largest_move(made.positive, other.positive), 2.5) << bearing;
      for (const PlacedRegion& region : made.regions) {
        if (region.name != "fibular head" && region.name != "distal fibula") continue;
        for (std::size_t i = 0; i < other.change_mm.size(); ++i)
          if ((made.positive.vertices[i] - region.center_mm).norm() < region.reach_mm - 1.0)
            EXPECT_GT(other.change_mm[i], -0.05) << region.name;
      }
    }
  }
}

TEST(Rectify, ForbidsACarveUntilItsLandmarksAreConfirmed) {
  Limb limb = limb_of(Side::right);
  EXPECT_THAT(rectify(limb, transtibial(1.0)).findings, Each(Field(&Finding::severity, Severity::note)));
  for (auto& [name, place] : limb.landmarks) place.confirmed = false;
  const Findings tsb = rectify(limb, transtibial(0.0)).findings;
  EXPECT_THAT(codes(tsb, Severity::warn), Contains("landmarks_unconfirmed"));
  EXPECT_THAT(codes(tsb, Severity::forbid), Not(Contains("carve_unconfirmed")));
  const Findings ptb = rectify(limb, transtibial(0.2)).findings;
  EXPECT_THAT(codes(ptb, Severity::forbid), Contains("carve_unconfirmed"));
  for (const Finding& finding : ptb) EXPECT_THAT(sentence(finding), Not(HasSubstr("{"))) << finding.code;
}

TEST(Rectify, LeavesOutARegionWhoseLandmarkIsNotKnownAndSaysSo) {
  Limb limb = limb_of(Side::right);
  limb.landmarks.erase(Landmark::fibular_head);
  EXPECT_THAT(codes(rectify(limb, transtibial(0.0)).findings, Severity::warn), Contains("region_not_placed"));
}

TEST(Rectify, SaysWhichValuesNoSourceStandsBehind) {
  const std::vector<std::string> named = unverified_values(load_template("transtibial"));
  EXPECT_THAT(named, Contains("patellar tendon"));
  EXPECT_THAT(named, Contains("trimline"));
}

/// A scarred limb, with folds of 15 mm in its distal skin.
Limb folded_limb(int seed, int folds) {
  GenerateParams params;
  params.seed = seed;
  params.triangles = 40000;
  params.scars = 3;
  params.scar_depth_mm = 7.0;
  params.invaginations = folds;
  return generate_limb(params).limb;
}

RectifyParams over_skin(double liner_mm, double patellar_tendon_bearing) {
  RectifyParams params = transtibial(patellar_tendon_bearing);
  params.scanned_over = ScannedOver::skin;
  params.liner_mm = liner_mm;
  return params;
}

TEST(Rectify, CrossesItselfNowhereOnScarredAndFoldedLimbs) {
  for (int seed = 1; seed <= 2; ++seed) {
    const Limb limb = folded_limb(seed, seed - 1);
    EXPECT_EQ(self_crossings(limb.surface).size(), 0u);
    EXPECT_EQ(self_crossings(rectify(limb, over_skin(9.0, 1.0)).positive).size(), 0u) << seed;
  }
}

TEST(Rectify, BridgesAFoldThatClosesUnderTheLinerAndSaysSo) {
  const Limb limb = folded_limb(3, 2);
  const Rectified made = rectify(limb, over_skin(9.0, 1.0));
  EXPECT_EQ(self_crossings(made.positive).size(), 0u);
  EXPECT_THAT(codes(made.findings, Severity::warn), Contains("fold_bridged"));
  const auto said = std::find_if(made.findings.begin(), made.findings.end(),
                                 [](const Finding& finding) { return finding.code == "fold_bridged"; });
  ASSERT_NE(said, made.findings.end());
  EXPECT_THAT(sentence(*said), Not(HasSubstr("{")));
}

TEST(Rectify, ForbidsAGivenPositiveThatCrossesItself) {
  Limb positive = limb_of(Side::right);
  EXPECT_THAT(as_given(positive).findings, ::testing::IsEmpty());
  const Eigen::Vector3i& t = positive.surface.triangles[1000];
  positive.surface.vertices[t[0]] = -positive.surface.vertices[t[0]];
  const Findings said = as_given(positive).findings;
  EXPECT_THAT(codes(said, Severity::forbid), Contains("positive_crosses"));
  EXPECT_FALSE(can_be_overridden("positive_crosses"));
}

TEST(Rectify, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Limb limb = limb_of(Side::right, 2);
  RectifyParams params = transtibial(0.5);
  params.scanned_over = ScannedOver::skin;
  set_threads(1);
  const Rectified one = rectify(limb, params);
  set_threads(4);
  const Rectified four = rectify(limb, params);
  EXPECT_EQ(one.positive, four.positive);
  EXPECT_EQ(one.change_mm, four.change_mm);
}

}  // namespace
}  // namespace fit
