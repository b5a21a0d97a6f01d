#include "apps/slicing/shrinkage.h"

#include <gmock/gmock.h>

#include <numbers>

#include "libfit/error.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

std::string refusal(const RingMeasured& measured) {
  try {
    shrinkage_of({}, measured);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_params);
    return error.what();
  }
  return "";
}

TEST(Shrinkage, TheRingIsARingOfItsSize) {
  const RingParams ring;
  const Solid solid = calibration_ring(ring);
  const double wanted = std::numbers::pi / 4 * (100.0 * 100.0 - 88.0 * 88.0) * 40.0;
  EXPECT_NEAR(volume_mm3(solid.mesh()), wanted, 1e-3 * wanted);
  EXPECT_NEAR(bounding_box(solid.mesh()).size().x(), 100.0, 0.01);
  EXPECT_NEAR(bounding_box(solid.mesh()).lowest.z(), 0.0, 1e-12);
  RingParams thin;
  thin.ring_inner_mm = 99.0;
  EXPECT_THROW(calibration_ring(thin), Error);
}

TEST(Shrinkage, LinesThatAreTooWideAreNotTakenForIt) {
  // 1 % smaller, and the lines 0.2 mm too wide on either side.
  const Shrinkage found = shrinkage_of({}, {99.0 + 0.4, 87.12 - 0.4, 39.6});
  EXPECT_NEAR(found.xy_percent, 1.0, 1e-9);
  EXPECT_NEAR(found.z_percent, 1.0, 1e-9);
}

TEST(Shrinkage, OfAPrintThatIsDrawnLargerIsGone) {
  Material material;
  material.shrinkage_xy_percent = 1.5;
  material.shrinkage_z_percent = 0.5;
  const Mesh ring = calibration_ring({}).mesh();
  const Mesh drawn = compensated(material, ring);
  for (std::size_t i = 0; i < ring.vertices.size(); ++i) {
    const Eigen::Vector3d cold = drawn.vertices[i].cwiseProduct(Eigen::Vector3d(0.985, 0.985, 0.995));
    EXPECT_LT((cold - ring.vertices[i]).norm(), 1e-9);
  }
  EXPECT_EQ(compensated(Material{}, ring).vertices, ring.vertices);
}

TEST(Shrinkage, RefusesMeasuresThatAreMissingOrAMistake) {
  EXPECT_THAT(refusal({99.0, 87.0, {}}), HasSubstr("measured_height_mm is missing"));
  EXPECT_THAT(refusal({{}, 87.0, 39.0}), HasSubstr("measured_outer_mm is missing"));
  EXPECT_THAT(refusal({87.0, 99.0, 39.0}), HasSubstr("measure again"));
}

}  // namespace
}  // namespace fit
