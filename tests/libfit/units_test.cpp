#include "libfit/units.h"

#include <gmock/gmock.h>

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

}  // namespace
}  // namespace fit
