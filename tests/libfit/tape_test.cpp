#include "libfit/tape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "libfit/error.h"
#include "libfit/measure.h"
#include "libfit/tape_file.h"

namespace fit {
namespace {

using std::numbers::pi;

/// A cone of girth 300 mm at its mid-patellar tendon, 200 mm up, and 260 mm at its distal end.
Limb cone() {
  Limb limb;
  constexpr int kSpokes = 180, kRings = 80;
  for (int ring = 0; ring <= kRings; ++ring)
    for (int spoke = 0; spoke < kSpokes; ++spoke) {
      const double z = 260.0 * ring / kRings;
      const double radius = (260.0 + 0.2 * z) / (2.0 * kSpokes * std::sin(pi / kSpokes));
      limb.surface.vertices.emplace_back(radius * std::cos(2.0 * pi * spoke / kSpokes),
                                         radius * std::sin(2.0 * pi * spoke / kSpokes), z);
    }
  limb.surface.vertices.emplace_back(0.0, 0.0, 0.0);
  for (int spoke = 0; spoke < kSpokes; ++spoke) {
    const int next = (spoke + 1) % kSpokes;
    limb.surface.triangles.emplace_back((kRings + 1) * kSpokes, next, spoke);
    for (int a = spoke, b = next; a < kRings * kSpokes; a += kSpokes, b += kSpokes) {
      limb.surface.triangles.emplace_back(a, b, b + kSpokes);
      limb.surface.triangles.emplace_back(a, b + kSpokes, a + kSpokes);
    }
  }
  limb.landmarks[Landmark::mid_patellar_tendon].point_mm = {0.0, 48.0, 200.0};
  return limb;
}

TapeParams tape(std::vector<TapeGirth> girths, TapeScaling scaling = TapeScaling::one_factor) {
  return {std::move(girths), TapeOver::skin, scaling};
}

std::vector<std::string> codes(const Findings& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    result.push_back(finding.code);
    EXPECT_EQ(sentence(finding).find('{'), std::string::npos) << sentence(finding);
  }
  return result;
}

double girth_below(const Limb& limb, double below_mm) {
  const double tendon = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
  return measure_at(limb.surface, {tendon - below_mm}).front().girth_mm;
}

TEST(Tape, LeavesTheLimbAloneWithoutGirths) {
  const ScaledToTape result = scale_to_tape(cone(), {}, ScannedOver::skin, 0.0);
  EXPECT_EQ(result.limb.surface, cone().surface);
  EXPECT_TRUE(result.findings.empty());
}

TEST(Tape, FindsTheFactorOfAScanThatIsEvenlyTooSmall) {
  // The person is 2 % larger than the scan, in length too: 102 mm below on the person is 100 mm below in the scan.
  const ScaledToTape result =
      scale_to_tape(cone(), tape({{0.0, 306.0}, {51.0, 295.8}, {102.0, 285.6}}), ScannedOver::skin, 0.0);
  EXPECT_NEAR(result.factor, 1.02, 1e-7);
  EXPECT_NEAR(girth_below(result.limb, 102.0), 285.6, 1e-3);
  EXPECT_NEAR(result.limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z(), 204.0, 1e-4);
  EXPECT_THAT(codes(result.findings), testing::ElementsAre("tape_scaled"));
}

TEST(Tape, GradedMeetsEveryStationAndKeepsTheLength) {
  const ScaledToTape result = scale_to_tape(
      cone(), tape({{120.0, 276.0 * 0.98}, {0.0, 300.0 * 1.02}, {60.0, 288.0 * 1.01}}, TapeScaling::graded),
      ScannedOver::skin, 0.0);
  EXPECT_NEAR(girth_below(result.limb, 0.0), 306.0, 0.02);
  EXPECT_NEAR(girth_below(result.limb, 60.0), 290.88, 0.02);
  EXPECT_NEAR(girth_below(result.limb, 120.0), 270.48, 0.02);
  EXPECT_EQ(bounding_box(result.limb.surface).highest.z(), 260.0);
  EXPECT_NEAR(result.stations.front().scan_mm, 300.0, 1e-6);
  EXPECT_NEAR(result.stations.front().scaled_mm, 306.0, 0.02);
}

TEST(Tape, GradedIsMonotoneBetweenStationsAndConstantBeyond) {
  const Limb limb = cone();
  const ScaledToTape result =
      scale_to_tape(limb,
                    tape({{0.0, 300.0 * 1.02}, {60.0, 288.0 * 1.02}, {120.0, 276.0 * 0.98}, {150.0, 270.0 * 0.98}},
                         TapeScaling::graded),
                    ScannedOver::skin, 0.0);
  double last = 0.0;
  for (double height = 10.0; height < 260.0; height += 2.5) {
    const double factor = measure_at(result.limb.surface, {height}).front().girth_mm /
                          measure_at(limb.surface, {height}).front().girth_mm;
    EXPECT_GE(factor, last - 1e-5);
    last = factor;
  }
  EXPECT_NEAR(last, 1.02, 1e-9);
  EXPECT_NEAR(girth_below(result.limb, 190.0), 262.0 * 0.98, 1e-6);
}

TEST(Tape, TakesTheLinerOffAGirthOverIt) {
  TapeParams params = tape({{0.0, 300.0 + 2.0 * pi * 6.0}});
  params.tape_over = TapeOver::liner;
  EXPECT_NEAR(scale_to_tape(cone(), params, ScannedOver::skin, 6.0).factor, 1.0, 1e-9);
  params.tape[0].girth_mm = 300.0;
  EXPECT_NEAR(scale_to_tape(cone(), params, ScannedOver::liner, 6.0).factor, 1.0, 1e-9);
  params.tape_over = TapeOver::skin;
  params.tape[0].girth_mm = 300.0 - 2.0 * pi * 3.0;
  EXPECT_NEAR(scale_to_tape(cone(), params, ScannedOver::liner, 3.0).factor, 1.0, 1e-9);
}

TEST(Tape, WarnsOfAFactorThatIsUnusual) {
  const ScaledToTape result = scale_to_tape(cone(), tape({{0.0, 300.0 * 1.05}}), ScannedOver::skin, 0.0);
  EXPECT_THAT(codes(result.findings), testing::ElementsAre("tape_scaled", "tape_factor_large"));
}

TEST(Tape, ProposesGradedWhereOneFactorLeavesAStationOff) {
  const ScaledToTape result =
      scale_to_tape(cone(), tape({{0.0, 300.0 * 1.04}, {100.0, 280.0 * 0.96}}), ScannedOver::skin, 0.0);
  EXPECT_THAT(codes(result.findings), testing::Contains("tape_station_off"));
}

TEST(Tape, RefusesAFactorThatNoScannerHas) {
  EXPECT_THROW(scale_to_tape(cone(), tape({{0.0, 300.0 * 1.11}}), ScannedOver::skin, 0.0), Error);
  EXPECT_THROW(scale_to_tape(cone(), tape({{0.0, 300.0 * 0.89}}), ScannedOver::skin, 0.0), Error);
  EXPECT_THROW(
      scale_to_tape(cone(), tape({{0.0, 300.0}, {50.0, 290.0 * 0.85}}, TapeScaling::graded), ScannedOver::skin, 0.0),
      Error);
}

TEST(Tape, RefusesAStationBeyondTheLimb) {
  EXPECT_THROW(scale_to_tape(cone(), tape({{210.0, 260.0}}), ScannedOver::skin, 0.0), Error);
  EXPECT_THROW(scale_to_tape(cone(), tape({{-70.0, 310.0}}), ScannedOver::skin, 0.0), Error);
}

TEST(Tape, RefusesTwoGirthsOfOneStation) {
  EXPECT_THROW(scale_to_tape(cone(), tape({{50.0, 290.0}, {50.0, 292.0}}), ScannedOver::skin, 0.0), Error);
}

TEST(Tape, RefusesALimbWithoutAMidPatellarTendon) {
  Limb limb = cone();
  limb.landmarks.clear();
  EXPECT_THROW(scale_to_tape(limb, tape({{50.0, 290.0}}), ScannedOver::skin, 0.0), Error);
}

TEST(Tape, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(scale_to_tape(cone(), tape({{50.0, 295.0}}), ScannedOver::skin, 0.0, stop), Cancelled);
}

TEST(TapeFile, ReadsCsvHoweverItWasWritten) {
  const std::vector<TapeGirth> wanted{{0.0, 310.5}, {50.0, 298.0}};
  EXPECT_EQ(parse_tape("below_mpt_mm,girth_mm\n0,310.5\n50,298\n", "t").tape, wanted);
  EXPECT_EQ(parse_tape("\xEF\xBB\xBFgirth_mm; below_mpt_mm\r\n\r\n# by hand\r\n310.5; 0\r\n298;50", "t").tape, wanted);
  const TapeFile over = parse_tape("below_mpt_mm\tgirth_mm\tover\n0\t310.5\tliner\n50\t298\tliner\n", "t");
  EXPECT_EQ(over.tape, wanted);
  EXPECT_EQ(over.tape_over, TapeOver::liner);
}

TEST(TapeFile, ReadsJson) {
  const TapeFile file = parse_tape(R"({"tape_over": "skin", "tape": [{"below_mpt_mm": 50, "girth_mm": 298}]})", "t");
  EXPECT_EQ(file.tape, (std::vector<TapeGirth>{{50.0, 298.0}}));
  EXPECT_EQ(file.tape_over, TapeOver::skin);
}

TEST(TapeFile, RefusesWhatIsNotGirths) {
  for (const char* text :
       {"", " \n", "girth_mm\n300\n", "below_mpt_mm,girth_mm\n", "below_mpt_mm,girth_mm\n0,\n",
        "below_mpt_mm,girth_mm\n0,3oo\n", "below_mpt_mm,girth_mm\n0,300,5\n", "below_mpt_mm;girth_mm\n0;300,5\n",
        "below_mpt_mm,girth_mm\n0,nan\n", "below_mpt_mm,girth_mm\n0,3000\n",
        "below_mpt_mm,girth_mm,over\n0,300,skin\n9,300,liner\n", "below_mpt_mm,girth_mm,over\n0,300,sock\n",
        "below_mpt_mm,girth_mm,by\n0,300,me\n", "{", "{}", R"({"tape": 3})",
        R"({"tape": [{"below_mpt_mm": 50, "girth": 298}]})", R"({"tape": [], "who": "me"})"})
    EXPECT_THROW(parse_tape(text, "t"), Error) << text;
}

TEST(TapeFile, NamesTheLine) {
  try {
    parse_tape("below_mpt_mm,girth_mm\n0,300\n50,x\n", "girths.csv");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("girths.csv"), testing::HasSubstr("line 3")));
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  }
}

}  // namespace
}  // namespace fit
