#include "libfit/draping_model.h"

#include <gmock/gmock.h>

#include <numbers>

#include "libfit/error.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

AnalyticLimb smooth_limb() {
  AnalyticLimb limb;
  limb.length_mm = 120.0;
  limb.radius_mm = 35.0;
  limb.bumps_mm = 0.0;
  return limb;
}

TEST(DrapingModel, HoldsCapsuleAndExtensionLessItsBore) {
  const AnalyticLimb limb = smooth_limb();
  DrapeParams params;
  params.mandrel_depth_mm = 60.0;
  const Solid model = draping_model(limb.mesh(), params).solid;
  const double pi = std::numbers::pi, r = limb.radius_mm;
  const double capsule = pi * r * r * (limb.length_mm + params.extension_mm - r) + 2.0 / 3.0 * pi * r * r * r;
  const double bore = pi * 12.5 * 12.5 * 60.0;
  EXPECT_NEAR(volume_mm3(model.mesh()), capsule - bore, 0.002 * capsule);
  EXPECT_NEAR(bounding_box(model.mesh()).highest.z(), 150.0, 0.01);
}

TEST(DrapingModel, StopsTheBoreTenMillimetresFromTheSkin) {
  DrapeParams params;
  params.mandrel_depth_mm = 300.0;
  const Solid model = draping_model(smooth_limb().mesh(), params).solid;
  double deepest = 1e300;
  for (const Eigen::Vector3d& vertex : model.mesh().vertices)
    if (std::hypot(vertex.x(), vertex.y()) < 12.0 && vertex.z() > 5.0) deepest = std::min(deepest, vertex.z());
  EXPECT_GT(deepest, 22.0);
  EXPECT_LT(deepest, 30.0);
}

TEST(DrapingModel, SaysWhereItsBoreIs) {
  const DrapingModel model = draping_model(smooth_limb().mesh());
  ASSERT_TRUE(model.mandrel);
  EXPECT_LT((model.mandrel->opening_mm - Eigen::Vector3d(0.0, 0.0, 150.0)).norm(), 1e-9);
  EXPECT_NEAR(model.mandrel->depth_mm, 120.0, 8.0);
  DrapeParams without;
  without.mandrel_diameter_mm = 0.0;
  EXPECT_FALSE(draping_model(smooth_limb().mesh(), without).mandrel);
}

TEST(DrapingModel, IsCutIntoPiecesThatMakeTheWholeWithRoomForTheirKeys) {
  DrapeParams params;
  params.mandrel_depth_mm = 40.0;
  const Mesh positive = smooth_limb().mesh();
  const double whole_mm3 = volume_mm3(draping_model(positive, params).solid.mesh());
  const DrapingPieces cut = cut_draping_model(positive, 60.0, params);
  ASSERT_EQ(cut.pieces.size(), 3u);
  ASSERT_TRUE(cut.keys);
  double sum_mm3 = 0.0, above_mm = 0.0;
  for (const Solid& piece : cut.pieces) {
    const Box box = bounding_box(piece.mesh());
    EXPECT_NEAR(box.lowest.z(), above_mm, 0.02);
    EXPECT_NEAR(box.size().z(), 50.0, 0.02);
    above_mm = box.highest.z();
    sum_mm3 += volume_mm3(piece.mesh());
  }
  // Two joints; a key is a little smaller than its hole: 0.3 mm of 8 to 16 in diameter.
  const double keys_mm3 = volume_mm3(cut.keys->mesh());
  EXPECT_NEAR((whole_mm3 - sum_mm3) / keys_mm3, 1.06, 0.04);
}

TEST(DrapingModel, RefusesAPositiveWithAHole) {
  Mesh positive = smooth_limb().mesh();
  positive.triangles.erase(positive.triangles.begin() + 2000);
  EXPECT_THROW(draping_model(positive), Error);
}

TEST(DrapingModel, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(
      draping_model(smooth_limb().mesh(), {}, Progress([&](double, std::string_view) { return ++reports < 5; })),
      Cancelled);
}

}  // namespace
}  // namespace fit
