#include "libfit/units.h"

#include <gmock/gmock.h>

#include <cmath>

#include "libfit/error.h"

namespace fit {
namespace {

/// Something as large as a limb, in millimetres.
Mesh block(double length_mm, double width_mm) {
  Mesh mesh;
  for (int i = 0; i < 8; ++i)
    mesh.vertices.emplace_back(i & 1 ? width_mm : 0.0, i & 2 ? 0.9 * width_mm : 0.0, i & 4 ? length_mm : 0.0);
  mesh.triangles = {{0, 1, 4}};
  return mesh;
}

Mesh scaled(Mesh mesh, double factor) {
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex *= factor;
  return mesh;
}

std::vector<std::string> codes(const Findings& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    result.push_back(finding.code);
    EXPECT_EQ(sentence(finding).find('{'), std::string::npos) << sentence(finding);
  }
  return result;
}

struct Limb {
  const char* name;
  double length_mm;
  double width_mm;
};

TEST(Units, RecognisesLimbsInEveryUnit) {
  // Short transradial, short, common and long transtibial scans, transfemoral with the pelvis' edge.
  const Limb limbs[] = {{"transradial", 130, 85},
                        {"short transtibial", 160, 110},
                        {"transtibial", 260, 125},
                        {"long transtibial", 380, 130},
                        {"transfemoral", 420, 190}};
  for (const Limb& limb : limbs)
    for (Unit unit : {Unit::millimetre, Unit::centimetre, Unit::metre, Unit::inch}) {
      const Mesh mesh = block(limb.length_mm, limb.width_mm);
      const InMillimetres result = to_millimetres(scaled(mesh, 1.0 / millimetres_in(unit)), {});
      EXPECT_EQ(result.unit, unit) << limb.name;
      EXPECT_NEAR(bounding_box(result.mesh).size().z(), limb.length_mm, 1e-9);
      EXPECT_EQ(codes(result.findings).empty(), unit == Unit::millimetre);
    }
}

TEST(Units, AreNotMisledByACrumbFarAway) {
  Mesh mesh;
  for (int i = 0; i < 2000; ++i) mesh.vertices.emplace_back(0.06 * std::cos(i), 0.06 * std::sin(i), 0.26 * i / 2000);
  mesh.vertices.emplace_back(30.0, 0.0, 0.0);
  EXPECT_EQ(to_millimetres(mesh, {}).unit, Unit::metre);
}

TEST(Units, AreWhatThePersonSaysBeforeWhatTheFileSays) {
  UnitsParams params;
  params.units = Unit::inch;
  const InMillimetres result = to_millimetres(scaled(block(260, 125), 1.0 / 25.4), Unit::metre, params);
  EXPECT_EQ(result.unit, Unit::inch);
  EXPECT_THAT(codes(result.findings), ::testing::ElementsAre("units_converted"));
  EXPECT_EQ(result.findings[0].severity, Severity::note);
}

TEST(Units, OfAFileThatContradictALimbAreDoubted) {
  const InMillimetres result = to_millimetres(scaled(block(260, 125), 0.001), Unit::millimetre);
  EXPECT_THAT(codes(result.findings), ::testing::ElementsAre("units_doubtful"));
  EXPECT_EQ(result.unit, Unit::millimetre);
}

TEST(Units, ThatFitNoLimbForbidPrinting) {
  for (double factor : {100.0, 1e-5}) {
    const InMillimetres result = to_millimetres(scaled(block(260, 125), factor), {});
    ASSERT_THAT(codes(result.findings), ::testing::ElementsAre("units_unknown"));
    EXPECT_EQ(result.findings[0].severity, Severity::forbid);
    EXPECT_FALSE(can_be_overridden("units_unknown"));
  }
}

TEST(Units, RefuseAScanWithoutVertices) { EXPECT_THROW(to_millimetres(Mesh{}, {}), Error); }

}  // namespace
}  // namespace fit
