#include "libfit/check_part.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kSpokes = 96;

/// A beaker standing on z = 0: outer radius 50 mm, 120 mm high, floor and wall as thick as said.
Mesh beaker(double wall_mm, double floor_mm = 10.0) {
  const std::vector<Eigen::Vector2d> profile{{50.0, 0.0},
                                             {50.0, 60.0},
                                             {50.0, 120.0},
                                             {50.0 - wall_mm, 120.0},
                                             {50.0 - wall_mm, 60.0},
                                             {50.0 - wall_mm, floor_mm}};
  const int rings = static_cast<int>(profile.size());
  Mesh mesh;
  for (const Eigen::Vector2d& corner : profile)
    for (int k = 0; k < kSpokes; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / kSpokes;
      mesh.vertices.emplace_back(corner.x() * std::cos(angle), corner.x() * std::sin(angle), corner.y());
    }
  for (int ring = 0; ring + 1 < rings; ++ring)
    for (int k = 0; k < kSpokes; ++k) {
      const int a = ring * kSpokes + k, b = ring * kSpokes + (k + 1) % kSpokes;
      mesh.triangles.emplace_back(a, b, b + kSpokes);
      mesh.triangles.emplace_back(a, b + kSpokes, a + kSpokes);
    }
  const int below = static_cast<int>(mesh.vertices.size()), above = below + 1, last = (rings - 1) * kSpokes;
  mesh.vertices.emplace_back(0.0, 0.0, 0.0);
  mesh.vertices.emplace_back(0.0, 0.0, floor_mm);
  for (int k = 0; k < kSpokes; ++k) {
    const int next = (k + 1) % kSpokes;
    mesh.triangles.emplace_back(next, k, below);
    mesh.triangles.emplace_back(last + k, last + next, above);
  }
  return mesh;
}

auto has(const std::string& code) { return Contains(Field(&Finding::code, code)); }

TEST(CheckPart, MeasuresTheWallOfABeaker) {
  for (const double wall_mm : {3.0, 6.0}) {
    const PartChecked checked = check_part(beaker(wall_mm));
    EXPECT_TRUE(checked.closed);
    EXPECT_EQ(checked.bodies, 1);
    EXPECT_NEAR(checked.thinnest_mm, wall_mm * std::cos(std::numbers::pi / kSpokes), 0.03);
  }
}

TEST(CheckPart, HoldsTheMeasuredWallAgainstTheActivity) {
  CheckParams low;
  low.activity = Activity::low;
  EXPECT_THAT(check_part(beaker(6.0)).findings, Not(has("wall_for_activity")));
  EXPECT_THAT(check_part(beaker(4.0)).findings, has("wall_for_activity"));
  EXPECT_THAT(check_part(beaker(4.0), {}, low).findings, has("wall_low_activity_only"));
  EXPECT_THAT(check_part(beaker(3.0), {}, low).findings, has("wall_for_activity"));
}

TEST(CheckPart, ForbidsAnOpenPartAndLooksAtTheRestOfIt) {
  Mesh open = beaker(6.0);
  open.triangles.pop_back();
  const PartChecked checked = check_part(open);
  EXPECT_FALSE(checked.closed);
  EXPECT_THAT(checked.findings, has("not_solid"));
  EXPECT_FALSE(can_be_overridden("not_solid"));
  EXPECT_TRUE(std::isnan(checked.thinnest_mm));
}

TEST(CheckPart, FindsASurfaceThatCrossesItself) {
  Mesh crossing = beaker(6.0);
  for (Eigen::Vector3d& v : crossing.vertices)
    if (v.z() == 10.0) v.z() = -5.0;
  EXPECT_THAT(check_part(crossing).findings, has("self_crossing"));
}

TEST(CheckPart, CountsTheBodiesOfAFile) {
  Mesh two = beaker(6.0);
  const Mesh other = two;
  const int shift = static_cast<int>(two.vertices.size());
  for (const Eigen::Vector3d& v : other.vertices) two.vertices.push_back(v + Eigen::Vector3d(200.0, 0.0, 0.0));
  for (const Eigen::Vector3i& t : other.triangles) two.triangles.push_back(t.array() + shift);
  const PartChecked checked = check_part(two);
  EXPECT_EQ(checked.bodies, 2);
  EXPECT_THAT(checked.findings, has("part_bodies"));
}

TEST(CheckPart, HoldsThePartAgainstThePrinter) {
  Printer small;
  small.printer_name = "small";
  small.height_mm = 110.0;
  EXPECT_THAT(check_part(beaker(6.0), {small, {}, {}}).findings, has("printer_too_small"));
  Mesh hanging = beaker(6.0, 60.0);
  for (Eigen::Vector3d& v : hanging.vertices) v.z() = 120.0 - v.z();
  for (Eigen::Vector3i& t : hanging.triangles) std::swap(t[1], t[2]);
  EXPECT_THAT(check_part(hanging).findings, has("overhang"));
  EXPECT_THAT(check_part(beaker(6.0)).findings, Not(has("overhang")));
}

TEST(CheckPart, GivesTheSameOnOneAndFourThreads) {
  set_threads(1);
  const PartChecked one = check_part(beaker(5.0));
  set_threads(4);
  const PartChecked four = check_part(beaker(5.0));
  EXPECT_EQ(one.findings, four.findings);
  EXPECT_EQ(one.thinnest_mm, four.thinnest_mm);
}

TEST(CheckPart, RefusesWhatIsNoMesh) {
  EXPECT_THROW(check_part({}), Error);
  Mesh broken = beaker(6.0);
  broken.triangles[3][1] = 99999;
  EXPECT_THROW(check_part(broken), Error);
  CheckParams params;
  params.body_mass_kg = -3.0;
  EXPECT_THROW(check_part(beaker(6.0), {}, params), Error);
}

TEST(CheckPart, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(check_part(beaker(6.0), {}, {}, stop), Cancelled);
}

}  // namespace
}  // namespace fit
