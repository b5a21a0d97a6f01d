#include "libfit/trim.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <numbers>

#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr double kPi = std::numbers::pi;

/// A tube of 280 mm with its mid-patellar tendon at 180 mm and its tubercle at 155 mm.
Limb tube(Side side = Side::right) {
  Limb limb;
  limb.surface = AnalyticLimb{}.mesh();
  limb.side = side;
  limb.landmarks[Landmark::mid_patellar_tendon] = {{0.0, 50.0, 180.0}, 1.0, true};
  limb.landmarks[Landmark::tibial_tubercle] = {{0.0, 50.0, 155.0}, 1.0, true};
  return limb;
}

std::string refusal(const Limb& limb, const Template& data, const TrimParams& params) {
  try {
    trim(limb.surface, limb, data, params);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Trim, CutsFlatWhereAsked) {
  TrimParams params;
  params.trim_mm = 200.0;
  const Trimmed made = trim(tube().surface, tube(), load_template("transtibial"), params);
  EXPECT_THAT(made.trimline.height_mm, Each(200.0));
  EXPECT_THAT(made.findings, IsEmpty());
}

TEST(Trim, CutsFifteenMillimetresBelowTheOpeningWithoutPoints) {
  EXPECT_THAT(trim(tube().surface, tube(), Template{}).trimline.height_mm, Each(::testing::DoubleNear(265.0, 1e-9)));
}

TEST(Trim, GoesThroughTheTemplatesPointsOnBothSides) {
  Template data;
  const Landmark mpt = Landmark::mid_patellar_tendon;
  data.trim_points = {{0.0, mpt, 0.10, ""}, {90.0, mpt, 0.15, ""}, {180.0, mpt, 0.0, ""}, {270.0, mpt, 0.12, ""}};
  for (const Side side : {Side::left, Side::right}) {
    const Limb limb = tube(side);
    const Trimline line = trim(limb.surface, limb, data).trimline;
    const double lateral = side == Side::right ? 0.0 : kPi;
    const double girth = (line.height_at(kPi / 2.0) - 180.0) / 0.10;
    EXPECT_NEAR(girth, 2.0 * kPi * 50.0, 8.0);  // the tube has bumps of 2 mm
    EXPECT_NEAR(line.height_at(lateral), 180.0 + 0.15 * girth, 1e-6);
    EXPECT_NEAR(line.height_at(lateral + kPi), 180.0 + 0.12 * girth, 1e-6);
    EXPECT_NEAR(line.height_at(-kPi / 2.0), 180.0, 1e-6);
  }
}

TEST(Trim, RunsSmoothlyAndNeverBeyondItsPoints) {
  TrimParams params;
  params.trimline_points = {{0.0, 220.0}, {90.0, 220.0}, {120.0, 180.0}, {180.0, 175.0}, {300.0, 225.0}};
  const Trimline line = trim(tube().surface, tube(), Template{}, params).trimline;
  for (int k = 0; k < 720; ++k) {
    const double angle = k * kPi / 360.0;
    EXPECT_GE(line.height_at(angle), 174.9);
    EXPECT_LE(line.height_at(angle), 225.1);
    EXPECT_LT(std::abs(line.height_at(angle + 0.01) - line.height_at(angle)), 1.5);
  }
}

TEST(Trim, IsLoweredWhereTheScanEndsAndNamesTheShortestPlace) {
  Limb limb = tube();
  // The medial third of the scan (-x) ends at 210 mm.
  std::erase_if(limb.surface.triangles, [&](const Eigen::Vector3i& t) {
    return std::any_of(t.begin(), t.end(), [&](int vertex) {
      const Eigen::Vector3d& corner = limb.surface.vertices[vertex];
      return corner.x() < -30.0 && corner.z() > 210.0;
    });
  });
  remove_unused_vertices(limb.surface);
  Template data;
  const Landmark mpt = Landmark::mid_patellar_tendon;
  data.trim_points = {{0.0, mpt, 0.1, ""}, {120.0, mpt, 0.1, ""}, {240.0, mpt, 0.1, ""}};
  const Trimmed made = trim(limb.surface, limb, data);
  ASSERT_EQ(made.findings.size(), 1u);
  EXPECT_EQ(made.findings[0].code, "trimline_lowered");
  EXPECT_EQ(made.findings[0].severity, Severity::warn);
  EXPECT_THAT(sentence(made.findings[0]), HasSubstr("medial"));
  EXPECT_LE(made.trimline.height_at(kPi), 201.0);
  EXPECT_GT(made.trimline.height_at(0.0), 210.0);
}

TEST(Trim, RefusesAFlatCutAboveTheScan) {
  TrimParams params;
  params.trim_mm = 275.0;
  EXPECT_THAT(refusal(tube(), Template{}, params), HasSubstr("10 mm below the end of the scan"));
}

TEST(Trim, RefusesTwoPointsAtOneAngleAndTooFewPoints) {
  TrimParams params;
  params.trimline_points = {{0.0, 200.0}, {0.0, 210.0}, {180.0, 200.0}};
  EXPECT_THAT(refusal(tube(), Template{}, params), HasSubstr("two points at one angle"));
  params.trimline_points.pop_back();
  EXPECT_THAT(refusal(tube(), Template{}, params), HasSubstr("fewer than 3"));
}

TEST(Trim, RefusesATemplateWhoseLandmarkIsMissing) {
  Template data;
  data.trim_points = {{0.0, Landmark::popliteal_fossa, 0.0, ""}};
  EXPECT_THAT(refusal(tube(), data, {}), HasSubstr("popliteal_fossa"));
}

TEST(Trim, RefusesAScanThatIsTooShort) {
  Limb limb = tube();
  limb.surface = AnalyticLimb{.length_mm = 33.0, .radius_mm = 20.0, .bumps_mm = 0.0}.mesh();
  EXPECT_THAT(refusal(limb, Template{}, {}), HasSubstr("at least"));
}

TEST(Trim, ForbidsATrimlineBelowTheTibialTubercle) {
  TrimParams params;
  params.trim_mm = 140.0;
  const Trimmed made = trim(tube().surface, tube(), Template{}, params);
  ASSERT_EQ(made.findings.size(), 1u);
  EXPECT_EQ(made.findings[0].severity, Severity::forbid);
  EXPECT_THAT(sentence(made.findings[0]), HasSubstr("15 mm below the tibial tubercle"));
}

TEST(Trim, StopsWhenAsked) {
  EXPECT_THROW(trim(tube().surface, tube(), Template{}, {}, Progress([](double, std::string_view) { return false; })),
               Cancelled);
}

TEST(Trim, KeepsAGeneratedLimbsKneeInside) {
  for (const int seed : {1, 2, 3}) {
    GenerateParams params;
    params.seed = seed;
    params.triangles = 8000;
    const Limb limb = generate_limb(params).limb;
    const Trimmed made = trim(limb.surface, limb, load_template("transtibial"));
    EXPECT_THAT(made.findings, IsEmpty()) << seed;
    const double mpt = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm.z();
    EXPECT_GT(made.trimline.height_at(kPi / 2.0), mpt + 20.0);
    EXPECT_GT(*std::min_element(made.trimline.height_mm.begin(), made.trimline.height_mm.end()), mpt - 20.0);
  }
}

}  // namespace
}  // namespace fit
