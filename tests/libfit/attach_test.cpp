#include "libfit/attach.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "models/load.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Mesh capsule() { return AnalyticLimb{.bumps_mm = 0.0}.mesh(); }

/// Upright, with the four-hole plate.
AttachParams upright() {
  AttachParams params;
  params.block = load_block("four_hole_plate");
  params.flexion_deg = 0.0;
  params.adduction_deg = 0.0;
  return params;
}

/// Where the limb's axis and the block's front point, in the other's frame.
Eigen::Vector3d brim_in_block(Side side, const AttachParams& params) {
  return attach(capsule(), side, params).hardware.limb_from_block.linear().transpose().col(2);
}

double lateral(Side side) { return lateral_sign(side); }

constexpr Side kSides[] = {Side::left, Side::right};

TEST(Attach, FlexionLeansTheBrimAnterior) {
  AttachParams params = upright();
  params.flexion_deg = 10.0;
  for (const Side side : kSides) {
    EXPECT_NEAR(brim_in_block(side, params).y(), std::sin(10.0 * std::numbers::pi / 180.0), 1e-9);
    EXPECT_NEAR(brim_in_block(side, params).x(), 0.0, 1e-12);
  }
}

TEST(Attach, AdductionLeansTheBrimLateral) {
  AttachParams params = upright();
  params.adduction_deg = 10.0;
  for (const Side side : kSides)
    EXPECT_NEAR(lateral(side) * brim_in_block(side, params).x(), std::sin(10.0 * std::numbers::pi / 180.0), 1e-9);
}

TEST(Attach, ToeOutTurnsTheFrontLateral) {
  AttachParams params = upright();
  params.toe_out_deg = 10.0;
  for (const Side side : kSides) {
    const Eigen::Vector3d front = attach(capsule(), side, params).hardware.limb_from_block.linear().col(1);
    EXPECT_NEAR(lateral(side) * front.x(), std::sin(10.0 * std::numbers::pi / 180.0), 1e-9);
    EXPECT_NEAR(front.y(), std::cos(10.0 * std::numbers::pi / 180.0), 1e-9);
  }
}

TEST(Attach, ShiftsTheBlockAnteriorAndLateral) {
  AttachParams params = upright();
  params.block_anterior_mm = 7.0;
  params.block_lateral_mm = 3.0;
  for (const Side side : kSides) {
    const Eigen::Vector3d at = attach(capsule(), side, params).hardware.limb_from_block.translation();
    EXPECT_NEAR(at.y(), 7.0, 1e-9);
    EXPECT_NEAR(lateral(side) * at.x(), 3.0, 1e-9);
  }
}

TEST(Attach, KeepsTheGapToTheLowestPlaceOfTheCavityInAnyPose) {
  AttachParams params = upright();
  params.flexion_deg = 20.0;
  params.adduction_deg = -10.0;
  params.block_gap_mm = 11.0;
  const Mesh positive = capsule();
  const Eigen::Isometry3d block_from_limb = attach(positive, Side::right, params).hardware.limb_from_block.inverse();
  double lowest = 1e300;
  for (const Eigen::Vector3d& vertex : positive.vertices) lowest = std::min(lowest, (block_from_limb * vertex).z());
  EXPECT_NEAR(lowest, params.block.block_height_mm + 11.0, 1e-9);
}

TEST(Attach, IsTheMirrorImageOnTheOtherSide) {
  AttachParams params = upright();
  params.block = load_block("pin_lock");
  params.flexion_deg = 7.0;
  params.adduction_deg = 4.0;
  params.toe_out_deg = 6.0;
  params.vent_bore_mm = 5.0;
  const Hardware right = attach(capsule(), Side::right, params).hardware;
  const Hardware left = attach(capsule(), Side::left, params).hardware;
  ASSERT_EQ(right.parts.size(), left.parts.size());
  for (std::size_t i = 0; i < right.parts.size(); ++i) {
    const Eigen::Isometry3d a = right.limb_from_block * right.parts[i].block_from_part;
    const Eigen::Isometry3d b = left.limb_from_block * left.parts[i].block_from_part;
    const Eigen::Vector3d mirror(-1.0, 1.0, 1.0);
    EXPECT_LT((a.translation() - b.translation().cwiseProduct(mirror)).norm(), 1e-6) << i;
    EXPECT_LT((a.linear().col(2) - b.linear().col(2).cwiseProduct(mirror)).norm(), 1e-9) << i;
    EXPECT_NEAR(right.parts[i].height_mm, left.parts[i].height_mm, 1.0) << i;
  }
}

TEST(Attach, LengthensHolesUntilTheyOpenIntoTheCavity) {
  const AttachParams params = upright();
  const Attached made = attach(capsule(), Side::right, params);
  EXPECT_THAT(made.findings, IsEmpty());
  int holes = 0;
  for (std::size_t i = 0; i < made.hardware.parts.size(); ++i) {
    const BlockPart& part = made.hardware.parts[i];
    if (!part.cut || !part.up_to_limb) continue;
    ++holes;
    // The capsule's dome, 50 mm round, rises to here above the far edge of the hole.
    const double out = std::hypot(18.0, 18.0) + part.width_mm / 2.0;
    const double dome = 16.0 + 8.0 + 50.0 - std::sqrt(50.0 * 50.0 - out * out);
    EXPECT_GT(part.base_mm.z() + part.height_mm, dome - 1.5);
    EXPECT_LT(part.base_mm.z() + part.height_mm, dome + 3.0);
  }
  EXPECT_EQ(holes, 4);
}

TEST(Attach, ForbidsAHoleBesideTheCavity) {
  AttachParams params = upright();
  params.block_lateral_mm = 60.0;
  const Attached made = attach(capsule(), Side::right, params);
  // One finding speaks of all four holes.
  EXPECT_EQ(std::count_if(made.findings.begin(), made.findings.end(),
                          [](const Finding& finding) {
                            return finding.code == "bolt_beside_socket" && finding.severity == Severity::forbid &&
                                   finding.values.at(0).number == 4.0;
                          }),
            1);
}

TEST(Attach, MakesASocketWithoutABlockOnlyOnPurpose) {
  AttachParams params;
  EXPECT_EQ(attach(capsule(), Side::left, params).findings.at(0).code, "block_missing");
  EXPECT_FALSE(can_be_overridden("block_missing"));
  params.block = load_block("none");
  const Attached made = attach(capsule(), Side::left, params);
  EXPECT_THAT(made.findings, IsEmpty());
  EXPECT_THAT(made.hardware.parts, IsEmpty());
}

TEST(Attach, BoresAVentFromInsideTheWallOutward) {
  AttachParams params;
  params.block = load_block("none");
  params.vent_bore_mm = 6.0;
  params.vent_height_mm = 100.0;
  params.vent_angle_deg = 270.0;
  for (const Side side : kSides) {
    const Hardware made = attach(capsule(), side, params).hardware;
    ASSERT_EQ(made.parts.size(), 1u);
    const Eigen::Isometry3d pose = made.limb_from_block * made.parts[0].block_from_part;
    EXPECT_NEAR(pose.translation().z(), 100.0, 1e-6);
    EXPECT_NEAR(-lateral(side) * pose.translation().x(), 49.0, 0.5);
    EXPECT_NEAR(-lateral(side) * pose.linear()(0, 2), 1.0, 1e-9);
  }
}

std::string refusal(const AttachParams& params) {
  try {
    attach(capsule(), Side::left, params);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Attach, RefusesAVentAboveTheOpening) {
  AttachParams params;
  params.vent_bore_mm = 6.0;
  params.vent_height_mm = 350.0;
  EXPECT_THAT(refusal(params), HasSubstr("no wall for the vent"));
}

TEST(Attach, RefusesAPieceWithoutADirection) {
  AttachParams params = upright();
  params.block.block_pieces[0].axis.setZero();
  EXPECT_THAT(refusal(params), HasSubstr("no direction"));
  params = upright();
  params.block.block_pieces[0].axis = {1.0, 0.0, 0.0};
  EXPECT_THAT(refusal(params), HasSubstr("axis is not z"));
}

TEST(Attach, RefusesAPositiveWithoutSurfaceAndStopsWhenAsked) {
  EXPECT_THROW(attach(Mesh{}, Side::left, upright()), Error);
  EXPECT_THROW(attach(capsule(), Side::left, upright(), Progress([](double f, std::string_view) { return f < 0.5; })),
               Cancelled);
}

}  // namespace
}  // namespace fit
