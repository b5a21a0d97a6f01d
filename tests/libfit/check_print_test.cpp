#include "libfit/check_print.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"
#include "libfit/error.h"
#include "libfit/parallel.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

using Eigen::Vector3d;

/// All that a check looks at, on a short limb; tests spoil one thing of it.
struct Case {
  Limb limb;
  Rectified rectified;
  Trimline trimline = wavy_trimline(85.0, 0.0);
  Hardware hardware;
  SolidifyParams asked;
  Workshop workshop;
  CheckParams params;
  Mesh socket;

  Checked check(const Progress& progress = {}) const {
    const Solid solid(socket);
    return check_print({limb, rectified, trimline, hardware, solid}, asked, workshop, params, progress);
  }
};

constexpr double kTrim = 85.0;

AnalyticLimb short_limb() {
  AnalyticLimb limb;
  limb.length_mm = 120.0;
  limb.radius_mm = 40.0;
  limb.bumps_mm = 0.0;
  return limb;
}

/// The outline of a socket around the short limb, from the middle of its inner surface over the rim to the middle of
/// its base 28 mm below: a wall as asked, a round rim, and a block below that nothing hangs over.
std::vector<Eigen::Vector2d> outline(const SolidifyParams& asked) {
  const detail::TrimSurface trim(wavy_trimline(kTrim, 0.0));
  const detail::WallThickness wall(asked, 0.0);
  const double pi = std::numbers::pi, rim = 0.5 * asked.trimline_wall_mm;
  std::vector<Eigen::Vector2d> points;
  for (int i = 0; i < 40; ++i) points.push_back({40.0 * std::sin(pi * i / 80), 40.0 - 40.0 * std::cos(pi * i / 80)});
  for (int i = 0; i < 30; ++i) points.push_back({40.0, 40.0 + (kTrim - rim - 40.0) * i / 30.0});
  for (int i = 0; i < 12; ++i)
    points.push_back({40.0 + rim - rim * std::cos(pi * i / 12), kTrim - rim + rim * std::sin(pi * i / 12)});
  for (int i = 30; i > 0; --i) {
    const double z = 40.0 + (kTrim - rim - 40.0) * i / 30.0;
    const Vector3d middle(40.0 + asked.wall_mm, 0.0, z);
    points.push_back({40.0 + wall.at(middle, trim.above(middle)).value, z});
  }
  const double outer = 40.0 + asked.wall_mm;
  for (int i = 40; i >= 21; --i)
    points.push_back({outer * std::sin(pi * i / 80), 40.0 - outer * std::cos(pi * i / 80)});
  const Eigen::Vector2d last = points.back();
  for (int i = 1; i <= 20; ++i) points.push_back({last.x(), last.y() + (-28.0 - last.y()) * i / 20.0});
  for (int i = 20; i >= 0; --i) points.push_back({last.x() * i / 21.0, -28.0});
  return points;
}

/// A body of revolution about z; the outline begins and ends on the axis, and lies to its right.
Mesh revolved(const std::vector<Eigen::Vector2d>& outline) {
  constexpr int around = 120;
  const int rings = static_cast<int>(outline.size()) - 2;
  Mesh mesh;
  mesh.vertices.push_back({0, 0, outline.front().y()});
  for (int ring = 1; ring <= rings; ++ring)
    for (int k = 0; k < around; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / around;
      mesh.vertices.push_back(
          {outline[ring].x() * std::cos(angle), outline[ring].x() * std::sin(angle), outline[ring].y()});
    }
  mesh.vertices.push_back({0, 0, outline.back().y()});
  const int last = static_cast<int>(mesh.vertices.size()) - 1;
  const auto at = [&](int ring, int k) { return 1 + (ring - 1) * around + k % around; };
  for (int k = 0; k < around; ++k) {
    mesh.triangles.push_back({0, at(1, k), at(1, k + 1)});
    mesh.triangles.push_back({last, at(rings, k + 1), at(rings, k)});
    for (int ring = 1; ring < rings; ++ring) {
      mesh.triangles.push_back({at(ring, k), at(ring + 1, k + 1), at(ring, k + 1)});
      mesh.triangles.push_back({at(ring, k), at(ring + 1, k), at(ring + 1, k + 1)});
    }
  }
  return mesh;
}

Case make_case(double wall_mm) {
  Case made;
  made.limb.surface = made.rectified.positive = short_limb().mesh();
  made.rectified.change_mm.assign(made.limb.surface.vertices.size(), 0.0);
  made.asked.wall_mm = made.asked.distal_wall_mm = wall_mm;
  BlockPart block;
  block.width_mm = block.depth_mm = 46.0;
  block.height_mm = 40.0;
  made.hardware.parts.push_back(block);
  made.hardware.limb_from_block.translation() = Vector3d(0, 0, -28);
  made.params.body_mass_kg = 75.0;
  made.socket = revolved(outline(made.asked));
  return made;
}

const Case& sound() {
  static const Case made = make_case(6.0);
  return made;
}

std::vector<std::string> codes(const Checked& checked, Severity at_least = Severity::note) {
  std::vector<std::string> result;
  for (const Finding& finding : checked.findings)
    if (finding.severity >= at_least) result.push_back(finding.code);
  return result;
}

const Finding& only(const Checked& checked, const std::string& code) {
  const Finding* found = nullptr;
  for (const Finding& finding : checked.findings)
    if (finding.code == code) found = &finding;
  if (!found) throw std::runtime_error("there is no finding " + code);
  EXPECT_EQ(sentence(*found).find('{'), std::string::npos) << sentence(*found);
  EXPECT_EQ(remedy(*found).find('{'), std::string::npos) << remedy(*found);
  return *found;
}

double number(const Finding& finding, const std::string& name) {
  for (const FindingValue& value : finding.values)
    if (value.name == name) return value.number;
  throw std::runtime_error(finding.code + " has no value " + name);
}

bool has(const Checked& checked, const std::string& code) {
  const std::vector<std::string> all = codes(checked);
  return std::find(all.begin(), all.end(), code) != all.end();
}

/// Pushes the outer surface towards the axis within `radius_mm` of a place.
void dent(Case& made, const Vector3d& place, double radius_mm, double depth_mm) {
  for (Vector3d& v : made.socket.vertices) {
    const double away = (v - place).norm() / radius_mm;
    if (away >= 1.0 || std::hypot(v.x(), v.y()) < 43.0) continue;
    const double push = depth_mm * (1.0 - away * away);
    v -= push * Vector3d(v.x(), v.y(), 0.0).normalized();
  }
}

Printer printer(const char* name, double x, double y, double height) {
  Printer printer;
  printer.printer_name = name;
  printer.bed_x_mm = x;
  printer.bed_y_mm = y;
  printer.height_mm = height;
  return printer;
}

TEST(CheckPrint, HasNothingToSayAgainstASoundSocket) {
  const Checked checked = sound().check();
  EXPECT_THAT(codes(checked), testing::UnorderedElementsAre("wall_thinnest", "body_mass_level"));
  EXPECT_NEAR(checked.thinnest_mm, 6.0, 0.05);
}

TEST(CheckPrint, MeasuresTheWallOnBothSurfacesAndNotAtRimAndHoles) {
  const Case& made = sound();
  const Checked checked = made.check();
  ASSERT_EQ(checked.wall_mm.size(), made.socket.vertices.size());
  int inner = 0, outer = 0;
  for (std::size_t i = 0; i < checked.wall_mm.size(); ++i) {
    const Vector3d& v = made.socket.vertices[i];
    const double radius = std::hypot(v.x(), v.y());
    if (v.z() > 80.0) {
      ASSERT_TRUE(std::isnan(checked.wall_mm[i]));
    } else if (v.z() > 42.0 && v.z() < 50.0) {
      ASSERT_NEAR(checked.wall_mm[i], 6.0, 0.06);
      ++(radius < 43.0 ? inner : outer);
    }
  }
  EXPECT_GT(inner, 500);
  EXPECT_GT(outer, 500);
}

TEST(CheckPrint, LeavesHolesOutOfTheWall) {
  Case made = sound();
  BlockPart valve;
  valve.cut = true;
  valve.shape = BlockPart::Shape::cylinder;
  valve.width_mm = valve.depth_mm = 30.0;
  valve.height_mm = 40.0;
  valve.block_from_part =
      Eigen::Translation3d(20.0, 0.0, 83.0) * Eigen::AngleAxisd(std::numbers::pi / 2, Vector3d::UnitY());
  made.hardware.parts.push_back(valve);
  dent(made, {46, 0, 55}, 12.0, 3.0);
  const Checked checked = made.check();
  EXPECT_FALSE(has(checked, "wall_thin"));
  for (std::size_t i = 0; i < checked.wall_mm.size(); ++i)
    ASSERT_TRUE((made.socket.vertices[i] - Vector3d(46, 0, 55)).norm() > 14.0 || std::isnan(checked.wall_mm[i]));
}

TEST(CheckPrint, FindsAndPlacesAThinWall) {
  Case made = sound();
  dent(made, {0, 46, 55}, 15.0, 2.0);
  const Finding thin = only(made.check(), "wall_thin");
  EXPECT_EQ(thin.severity, Severity::forbid);
  EXPECT_NEAR(number(thin, "thinnest_mm"), 4.0, 0.15);
  EXPECT_LT((*thin.place_mm - Vector3d(0, 44, 55)).norm(), 6.0);
}

TEST(CheckPrint, FindsAWallThatIsMissingAndCannotBeOverridden) {
  Case made = sound();
  dent(made, {0, 46, 55}, 15.0, 5.9);
  EXPECT_EQ(only(made.check(), "wall_missing").severity, Severity::forbid);
  EXPECT_FALSE(can_be_overridden("wall_missing"));
}

TEST(CheckPrint, WarnsWhereAThickerRegionIsNotThere) {
  Case made = sound();
  made.asked.wall_regions.push_back({"tendon", {0, 40, 55}, 25.0, 8.0});
  const Finding thin = only(made.check(), "wall_region_thin");
  EXPECT_NEAR(number(thin, "measured_mm"), 6.0, 0.06);
  EXPECT_GT(number(thin, "asked_mm"), 7.0);
  made.asked.wall_regions.clear();
  EXPECT_FALSE(has(made.check(), "wall_region_thin"));
}

TEST(CheckPrint, FindsASurfaceThatCrossesItself) {
  Case made = sound();
  dent(made, {0, 46, 55}, 15.0, 9.0);
  const Finding crossing = only(made.check(), "self_crossing");
  EXPECT_EQ(crossing.severity, Severity::forbid);
  EXPECT_LT((*crossing.place_mm - Vector3d(0, 40, 55)).norm(), 20.0);
  EXPECT_FALSE(can_be_overridden("self_crossing"));
}

TEST(CheckPrint, SaysHowMuchABulbousLimbIsSqueezedOnItsWayIn) {
  for (const auto& [bulb_mm, code] : {std::pair(2.0, "donning_tight"), std::pair(6.0, "donning_impossible")}) {
    Case made = sound();
    AnalyticLimb shape = short_limb();
    shape.bulb_mm = bulb_mm;
    made.limb.surface = made.rectified.positive = shape.mesh();
    const Checked checked = made.check();
    const Finding tight = only(checked, code);
    double widest = 0.0;
    for (double along = 0.0; along < 100.0; along += 0.1) widest = std::max(widest, shape.at(0.0, along).x());
    EXPECT_NEAR(number(tight, "squeeze_mm"), 2.0 * (widest - 40.0), 0.25);
    EXPECT_LT(number(tight, "widest_height_mm"), number(tight, "narrowest_height_mm"));
  }
  EXPECT_FALSE(has(sound().check(), "donning_tight"));
}

TEST(CheckPrint, WeighsTheWallAgainstActivity) {
  Case made = make_case(4.0);
  EXPECT_THAT(codes(made.check(), Severity::warn), testing::ElementsAre("wall_for_activity"));
  made.params.activity = Activity::low;
  EXPECT_THAT(codes(made.check(), Severity::warn), testing::ElementsAre("wall_low_activity_only"));
  made.asked.wall_mm = 3.5;
  EXPECT_TRUE(has(made.check(), "wall_for_activity"));
}

TEST(CheckPrint, WarnsOfAThinTrimlineForTheActiveAlone) {
  Case made = sound();
  made.asked.trimline_wall_mm = 6.0;
  EXPECT_TRUE(has(made.check(), "rim_wall_thin"));
  made.params.activity = Activity::low;
  EXPECT_FALSE(has(made.check(), "rim_wall_thin"));
}

TEST(CheckPrint, NamesTheTestLevelOfTheBodyMass) {
  Case made = sound();
  const auto code_of = [&](std::optional<double> mass_kg) {
    made.params.body_mass_kg = mass_kg;
    for (const Finding& finding : made.check().findings)
      if (finding.code.starts_with("body_mass")) return finding.code + " " + finding.values.back().word;
    return std::string("none");
  };
  EXPECT_EQ(code_of(60.0), "body_mass_level P3");
  EXPECT_EQ(code_of(60.5), "body_mass_level P4");
  EXPECT_EQ(code_of(110.0), "body_mass_high P6");
  EXPECT_EQ(code_of(200.0), "body_mass_beyond ");
  made.params.body_mass_kg.reset();
  EXPECT_TRUE(has(made.check(), "body_mass_unknown"));
}

TEST(CheckPrint, WarnsWhenTheMaterialAsksForMore) {
  Case made = sound();
  made.workshop.material = Material{};
  made.workshop.material->least_wall_mm = 6.5;
  EXPECT_TRUE(has(made.check(), "wall_below_material"));
  made.workshop.material->least_wall_mm = 6.0;
  EXPECT_FALSE(has(made.check(), "wall_below_material"));
}

TEST(CheckPrint, ForbidsAPrinterThatIsTooSmallAndNamesThoseThatWouldDo) {
  Case made = sound();
  made.workshop.printers = {printer("small", 90, 90, 300), printer("low", 300, 300, 100),
                            printer("large", 300, 300, 300)};
  made.workshop.printer = made.workshop.printers[0];
  const Finding small = only(made.check(), "printer_too_small");
  EXPECT_EQ(small.severity, Severity::forbid);
  EXPECT_EQ(small.values.back().word, "large");
  EXPECT_FALSE(can_be_overridden("printer_too_small"));
  made.workshop.printer = made.workshop.printers[2];
  EXPECT_FALSE(has(made.check(), "printer_too_small"));
}

TEST(CheckPrint, ListsPrintersWhenNoneWasNamed) {
  Case made = sound();
  made.workshop.printers = {printer("small", 90, 90, 300), printer("large", 300, 300, 300),
                            printer("wide", 400, 400, 300)};
  EXPECT_EQ(only(made.check(), "printers_that_fit").values.back().word, "large, wide");
  made.workshop.printers.resize(1);
  EXPECT_TRUE(has(made.check(), "printers_all_too_small"));
}

TEST(CheckPrint, TurnsASocketThatFitsOnlyTurned) {
  Case made = sound();
  for (Vector3d& v : made.socket.vertices) v.x() *= 1.5;
  made.hardware.parts.clear();
  made.workshop.printer = printer("narrow", 110, 170, 300);
  const Checked checked = made.check();
  EXPECT_FALSE(has(checked, "printer_too_small"));
  ASSERT_TRUE(has(checked, "printer_turn"));
  const double turn = checked.print_turn_deg * std::numbers::pi / 180.0;
  Box box;
  for (const Vector3d& v : made.socket.vertices) {
    const Vector3d turned = Eigen::AngleAxisd(turn, Vector3d::UnitZ()) * v;
    box.lowest = box.lowest.cwiseMin(turned);
    box.highest = box.highest.cwiseMax(turned);
  }
  EXPECT_LE(box.size().x(), 110.01);
  EXPECT_LE(box.size().y(), 170.01);
}

TEST(CheckPrint, FindsASocketThatHangsOverItsBed) {
  Case made = sound();
  made.hardware.limb_from_block.rotate(Eigen::AngleAxisd(std::numbers::pi, Vector3d::UnitX()));
  EXPECT_GT(number(only(made.check(), "overhang"), "percent"), 5.0);
  EXPECT_FALSE(has(sound().check(), "overhang"));
}

TEST(CheckPrint, FindsABlockThatIsNotWhereItWasPlaced) {
  Case made = sound();
  made.hardware.limb_from_block.translate(Vector3d(0, 0, -5));
  const Finding missing = only(made.check(), "block_misplaced");
  EXPECT_EQ(missing.severity, Severity::forbid);
  EXPECT_NEAR(number(missing, "off_mm"), 5.0, 0.1);
  EXPECT_FALSE(can_be_overridden("block_misplaced"));
}

TEST(CheckPrint, FindsASharpEdgeOfTheRim) {
  Case made = sound();
  std::size_t top = 0;
  for (std::size_t i = 0; i < made.socket.vertices.size(); ++i)
    if (made.socket.vertices[i].z() > made.socket.vertices[top].z()) top = i;
  made.socket.vertices[top].z() += 3.0;
  const Finding sharp = only(made.check(), "rim_sharp");
  EXPECT_GT(number(sharp, "turn_deg"), 50.0);
  EXPECT_LT((*sharp.place_mm - made.socket.vertices[top]).norm(), 5.0);
}

TEST(CheckPrint, WarnsOfCarvesAndBuildUpsBeyondTheUsual) {
  Case made = sound();
  made.rectified.change_mm[100] = -14.0;
  made.rectified.change_mm[200] = 11.0;
  const Checked checked = made.check();
  EXPECT_EQ(*only(checked, "carve_deep").place_mm, made.rectified.positive.vertices[100]);
  EXPECT_EQ(*only(checked, "build_up_high").place_mm, made.rectified.positive.vertices[200]);
  made.rectified.change_mm[100] = -12.0;
  made.rectified.change_mm[200] = 9.0;
  EXPECT_FALSE(has(made.check(), "carve_deep"));
  EXPECT_FALSE(has(made.check(), "build_up_high"));
}

TEST(CheckPrint, ForbidsACarveOverTheFibularHead) {
  Case made = sound();
  const Vector3d head(40, 0, 70);
  made.limb.landmarks[Landmark::fibular_head].point_mm = head;
  for (std::size_t i = 0; i < made.limb.surface.vertices.size(); ++i)
    if ((made.limb.surface.vertices[i] - head).norm() < 8.0) made.rectified.change_mm[i] = -4.0;
  EXPECT_EQ(only(made.check(), "relief_carved").severity, Severity::forbid);
  for (double& change : made.rectified.change_mm) change *= 0.5;
  EXPECT_FALSE(has(made.check(), "relief_carved"));
}

TEST(CheckPrint, WarnsOfGirthsBeyondClinicalLimits) {
  const auto scaled_to = [](double factor) {
    Case made = sound();
    for (Vector3d& v : made.limb.surface.vertices) v = {v.x() * factor, v.y() * factor, v.z()};
    return made.check();
  };
  EXPECT_NEAR(number(only(scaled_to(1.0 / 0.88), "girth_reduced_far"), "percent"), 12.0, 0.1);
  EXPECT_NEAR(number(only(scaled_to(1.0 / 1.08), "girth_enlarged_far"), "percent"), 8.0, 0.1);
  EXPECT_FALSE(has(scaled_to(1.0 / 0.92), "girth_reduced_far"));
}

TEST(CheckPrint, CountsLinerAndSocksToTheLimb) {
  Case made = sound();
  made.rectified.allowance_mm = 6.0;
  // The positive has the limb's own girth: most is missing where the radius is least, 25 mm above the end.
  const double radius = std::sqrt(40.0 * 40.0 - 15.0 * 15.0);
  EXPECT_NEAR(number(only(made.check(), "girth_reduced_far"), "percent"), 100.0 * 6.0 / (radius + 6.0), 0.05);
}

TEST(CheckPrint, GivesTheSameOnOneThreadAndOnFour) {
  set_threads(1);
  const Checked one = sound().check();
  set_threads(4);
  const Checked four = sound().check();
  EXPECT_EQ(one.findings, four.findings);
  for (std::size_t i = 0; i < one.wall_mm.size(); ++i)
    ASSERT_TRUE(one.wall_mm[i] == four.wall_mm[i] || (std::isnan(one.wall_mm[i]) && std::isnan(four.wall_mm[i])));
}

TEST(CheckPrint, RefusesToCheckWithoutAPositive) {
  Case made = sound();
  made.rectified.positive = {};
  EXPECT_THROW(made.check(), Error);
}

TEST(CheckPrint, RefusesASocketFarFromThePositive) {
  Case made = sound();
  for (Vector3d& v : made.socket.vertices) v.x() += 1000.0;
  EXPECT_THROW(made.check(), Error);
}

TEST(CheckPrint, RefusesAChangeMapOfAnotherPositive) {
  Case made = sound();
  made.rectified.change_mm.pop_back();
  EXPECT_THROW(made.check(), Error);
}

TEST(CheckPrint, RefusesParamsOutOfRange) {
  Case made = sound();
  made.params.body_mass_kg = std::nan("");
  EXPECT_THROW(made.check(), Error);
}

TEST(CheckPrint, CanBeStopped) {
  for (int at = 1; at <= 8; ++at) {
    int reports = 0;
    EXPECT_THROW(sound().check(Progress([&](double, std::string_view) { return ++reports < at; })), Cancelled);
  }
}

}  // namespace
}  // namespace fit
