#include "apps/slicing/slice.h"

#include <gmock/gmock.h>

#include <numbers>

#include "apps/slicing/shrinkage.h"
#include "libfit/as_printed.h"
#include "libfit/error.h"
#include "tests/libfit/round_socket.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

/// A pot: a closed tube with a floor, standing on the bed.
Solid pot(double radius_mm, double wall_mm, double height_mm) {
  constexpr int sides = 48;
  Mesh mesh;
  const auto ring = [&](double radius, double z) {
    for (int i = 0; i < sides; ++i) {
      const double angle = 2 * std::numbers::pi * i / sides;
      mesh.vertices.emplace_back(radius * std::cos(angle), radius * std::sin(angle), z);
    }
  };
  ring(radius_mm, 0);
  ring(radius_mm, height_mm);
  ring(radius_mm - wall_mm, height_mm);
  ring(radius_mm - wall_mm, wall_mm);
  mesh.vertices.emplace_back(0, 0, 0);
  mesh.vertices.emplace_back(0, 0, wall_mm);
  const auto band = [&](int low, int high) {
    for (int i = 0; i < sides; ++i) {
      const int a = low * sides + i, b = low * sides + (i + 1) % sides, c = high * sides + (i + 1) % sides,
                d = high * sides + i;
      mesh.triangles.emplace_back(a, b, c);
      mesh.triangles.emplace_back(a, c, d);
    }
  };
  band(0, 1);
  band(1, 2);
  band(2, 3);
  for (int i = 0; i < sides; ++i) {
    mesh.triangles.emplace_back(4 * sides, (i + 1) % sides, i);
    mesh.triangles.emplace_back(4 * sides + 1, 3 * sides + i, 3 * sides + (i + 1) % sides);
  }
  return Solid(mesh);
}

Printer ender() {
  Printer printer;
  printer.printer_name = "Ender-3 V2";
  printer.slicer_printer = "Creality Ender-3 V2 (0.6 mm nozzle)";
  printer.slicer_print = "0.28 mm SUPERDRAFT (0.6 mm nozzle) @CREALITY";
  return printer;
}

Material petg() {
  Material material;
  material.material_name = "PETG";
  material.density_g_cm3 = 1.27;
  material.slicer_filament = "Generic PETG @CREALITY";
  return material;
}

class Slice : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(slicer_profiles)) GTEST_SKIP() << "prusa-slicer is not installed";
  }
};

auto code(const char* name) { return Field(&Finding::code, std::string(name)); }
auto forbids() { return Field(&Finding::severity, Severity::forbid); }

TEST_F(Slice, PrintsAPotWholeAndSaysTimeAndGrams) {
  const Solid part = pot(30, 6, 30);
  const Sliced sliced = slice(part, ender(), petg());
  EXPECT_THAT(sliced.findings, Not(Contains(forbids())));
  EXPECT_THAT(sliced.findings, Contains(code("sliced")));
  EXPECT_NEAR(sliced.figures.part_volume_mm3 / volume_mm3(part.mesh()), 1.0, 0.1);
  EXPECT_NEAR(sliced.figures.layer_tops_mm.back(), 30.0, 0.3);
  EXPECT_GT(sliced.figures.print_time_s, 600);
  EXPECT_GT(sliced.figures.filament_g, 1.27e-3 * sliced.figures.part_volume_mm3);
  EXPECT_THAT(sliced.slicer, HasSubstr("PrusaSlicer 2."));
  EXPECT_THAT(sliced.slicer, Not(HasSubstr(" on ")));
}

/// What the real slicer makes of a ring, read back against the cylinder or cone inside it.
AsPrinted read_back(const RoundSocket& ring, const Material& material, bool compensate) {
  const Solid part(compensate ? compensated(material, ring.solid().mesh()) : ring.solid().mesh());
  const Sliced sliced = slice(part, ender(), material);
  const double xy = 1.0 - material.shrinkage_xy_percent / 100.0, z = 1.0 - material.shrinkage_z_percent / 100.0;
  const Eigen::Affine3d limb_from_gcode = Eigen::Scaling(xy, xy, z) * Eigen::Translation3d(-sliced.gcode_from_part_mm);
  return as_printed(sliced.figures.outlines, limb_from_gcode, ring.positive(), ring.solid());
}

TEST_F(Slice, PrintsTheInsideOfACylinderWhereItWasDrawn) {
  const AsPrinted found = read_back({}, petg(), true);
  EXPECT_NEAR(found.mean_mm, 0.0, 0.03);
  EXPECT_LT(found.iqr_mm, 0.05);
  EXPECT_GT(found.seen_percent, 90.0);
}

TEST_F(Slice, PrintsASlantingWallWithTheStepsOfItsLayersAlone) {
  RoundSocket cone;
  cone.wider_a_mm = 0.3;
  const AsPrinted found = read_back(cone, petg(), true);
  EXPECT_NEAR(found.mean_mm, 0.0, 0.03);
  EXPECT_NEAR(found.iqr_mm, 2 * ender().layer_mm / 4 * 0.3 / std::hypot(1.0, 0.3), 0.04);
}

TEST_F(Slice, PrintsTheRightSizeOfAFilamentThatShrinksOnlyWhenItIsDrawnLarger) {
  Material shrinks = petg();
  shrinks.shrinkage_xy_percent = 1.2;
  shrinks.shrinkage_z_percent = 0.4;
  EXPECT_NEAR(read_back({}, shrinks, true).mean_mm, 0.0, 0.03);
  EXPECT_NEAR(read_back({}, shrinks, false).mean_mm, -0.012 * 40.0, 0.05);
}

TEST_F(Slice, SaysTheSameEachTime) {
  const Solid part = pot(20, 5, 10);
  const Sliced once = slice(part, ender(), petg());
  const Sliced again = slice(part, ender(), petg());
  EXPECT_EQ(once.findings, again.findings);
  EXPECT_EQ(once.figures.layer_tops_mm, again.figures.layer_tops_mm);
}

TEST_F(Slice, SaysWhenThePartIsWiderThanTheBed) {
  EXPECT_THAT(slice(pot(115, 3, 6), ender(), petg(), {.perimeters = 2}).findings, Contains(code("sliced_off_bed")));
}

TEST_F(Slice, SaysWhenThePartIsTallerThanThePrinter) {
  Printer low = ender();
  low.height_mm = 15;
  EXPECT_THAT(slice(pot(15, 3, 20), low, petg(), {.perimeters = 2}).findings, Contains(code("sliced_too_tall")));
}

TEST_F(Slice, RefusesAPrinterWithoutAProfile) {
  EXPECT_THROW(slice(pot(20, 5, 10), Printer{}, petg()), Error);
  EXPECT_THROW(slice(pot(20, 5, 10), ender(), Material{}), Error);
}

TEST_F(Slice, SaysWhatTheSlicerSaysWhenItGivesUp) {
  Printer wrong = ender();
  wrong.layer_mm = 1.5;
  try {
    slice(pot(20, 5, 10), wrong, petg());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::no_solution);
    EXPECT_THAT(error.what(), HasSubstr("Layer height"));
  }
}

TEST_F(Slice, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(
      slice(pot(20, 5, 10), ender(), petg(), {}, Progress([&](double, std::string_view) { return ++reports < 3; })),
      Cancelled);
}

/// The G-code that a sound slicer would give for the pot.
Gcode sound(const Solid& part) {
  Gcode gcode;
  gcode.part_mm = bounding_box(part.mesh());
  gcode.part_mm.lowest += Eigen::Vector3d(100, 100, 0);
  gcode.part_mm.highest += Eigen::Vector3d(100, 100, 0);
  gcode.printed_mm = gcode.part_mm;
  for (int i = 1; i <= 100; ++i) gcode.layer_tops_mm.push_back(0.3 * i);
  gcode.part_volume_mm3 = volume_mm3(part.mesh());
  return gcode;
}
const Box bed{Eigen::Vector3d::Zero(), Eigen::Vector3d(220, 220, 250)};

TEST(CheckGcode, FindsNothingWrongWithASoundOne) {
  const Solid part = pot(30, 6, 30);
  EXPECT_TRUE(check_gcode(sound(part), part, bed, ender(), {}).empty());
}

TEST(CheckGcode, FindsMissingLayers) {
  const Solid part = pot(30, 6, 30);
  Gcode gcode = sound(part);
  gcode.layer_tops_mm.erase(gcode.layer_tops_mm.begin() + 50, gcode.layer_tops_mm.begin() + 52);
  EXPECT_THAT(check_gcode(gcode, part, bed, ender(), {}), Contains(code("sliced_layers_missing")));
}

TEST(CheckGcode, FindsAPartThatLostItsTop) {
  const Solid part = pot(30, 6, 30);
  Gcode gcode = sound(part);
  gcode.layer_tops_mm.resize(80);
  EXPECT_THAT(check_gcode(gcode, part, bed, ender(), {}), Contains(code("sliced_size_differs")));
}

TEST(CheckGcode, FindsAPartThatIsHollow) {
  const Solid part = pot(30, 6, 30);
  Gcode gcode = sound(part);
  gcode.part_volume_mm3 *= 0.7;
  EXPECT_THAT(check_gcode(gcode, part, bed, ender(), {}), Contains(code("sliced_volume_differs")));
  EXPECT_THAT(check_gcode(gcode, part, bed, ender(), {.infill_percent = 20}),
              Not(Contains(code("sliced_volume_differs"))));
}

}  // namespace
}  // namespace fit
