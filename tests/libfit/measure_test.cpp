#include "libfit/measure.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <numbers>

#include "libfit/error.h"

namespace fit {
namespace {

using std::numbers::pi;

/// A surface of revolution about z, closed at the bottom, open at the top: rings of `radius(z)` at evenly spaced
/// heights.
template <class Radius>
Mesh turned(const Radius& radius, double bottom, double top, int rings, int spokes) {
  Mesh mesh;
  for (int ring = 0; ring <= rings; ++ring) {
    const double z = bottom + (top - bottom) * ring / rings;
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const double angle = 2.0 * pi * spoke / spokes;
      mesh.vertices.emplace_back(radius(z) * std::cos(angle), radius(z) * std::sin(angle), z);
    }
  }
  const int pole = static_cast<int>(mesh.vertices.size());
  mesh.vertices.emplace_back(0.0, 0.0, bottom);
  for (int spoke = 0; spoke < spokes; ++spoke) {
    const int next = (spoke + 1) % spokes;
    mesh.triangles.emplace_back(pole, next, spoke);
    for (int ring = 0; ring < rings; ++ring) {
      const int a = ring * spokes + spoke, b = ring * spokes + next;
      mesh.triangles.emplace_back(a, b, b + spokes);
      mesh.triangles.emplace_back(a, b + spokes, a + spokes);
    }
  }
  return mesh;
}

Mesh cylinder(double radius, double height) {
  return turned([=](double) { return radius; }, 0.0, height, 20, 360);
}

/// A prism over a counter-clockwise outline, open at the top, its floor a fan about (0, 0).
Mesh prism(const std::vector<Eigen::Vector2d>& outline, double height) {
  Mesh mesh;
  const int count = static_cast<int>(outline.size());
  for (double z : {0.0, height})
    for (const Eigen::Vector2d& p : outline) mesh.vertices.emplace_back(p.x(), p.y(), z);
  mesh.vertices.emplace_back(0.0, 0.0, 0.0);
  for (int i = 0; i < count; ++i) {
    const int next = (i + 1) % count;
    mesh.triangles.emplace_back(2 * count, next, i);
    mesh.triangles.emplace_back(i, next, next + count);
    mesh.triangles.emplace_back(i, next + count, i + count);
  }
  return mesh;
}

void append(Mesh& mesh, const Mesh& other, const Eigen::Vector3d& shift) {
  const int first = static_cast<int>(mesh.vertices.size());
  for (const Eigen::Vector3d& v : other.vertices) mesh.vertices.push_back(v + shift);
  for (const Eigen::Vector3i& t : other.triangles) mesh.triangles.push_back(t + Eigen::Vector3i::Constant(first));
}

void expect_near_share(double value, double exact, double share) { EXPECT_NEAR(value, exact, share * exact); }

TEST(Measure, GivesTheFormulasOfACylinder) {
  for (const Slice& slice : measure(cylinder(50.0, 205.0))) {
    expect_near_share(slice.girth_mm, 2.0 * pi * 50.0, 1e-4);
    expect_near_share(slice.perimeter_mm, 2.0 * pi * 50.0, 1e-4);
    expect_near_share(slice.area_mm2, pi * 2500.0, 1e-4);
    expect_near_share(slice.volume_mm3, pi * 2500.0 * slice.height_mm, 1e-4);
    EXPECT_NEAR(slice.ap_mm, 100.0, 1e-9);
    EXPECT_NEAR(slice.ml_mm, 100.0, 1e-9);
  }
}

TEST(Measure, GivesTheFormulasOfACone) {
  const Mesh cone = turned([](double z) { return 0.25 * z + 1e-9; }, 0.0, 200.0, 10, 720);
  for (const Slice& slice : measure_at(cone, {33.3, 120.0, 200.0})) {
    const double radius = 0.25 * slice.height_mm;
    expect_near_share(slice.girth_mm, 2.0 * pi * radius, 1e-4);
    expect_near_share(slice.area_mm2, pi * radius * radius, 1e-4);
    expect_near_share(slice.volume_mm3, pi * radius * radius * slice.height_mm / 3.0, 1e-4);
  }
}

TEST(Measure, GivesTheFormulasOfASphere) {
  const double r = 60.0;
  const Mesh ball = turned([&](double z) { return std::sqrt(std::max(0.0, z * (2.0 * r - z))); }, 0.0, 100.0, 400, 360);
  for (const Slice& slice : measure_at(ball, {20.0, 60.0, 99.0})) {
    const double h = slice.height_mm;
    expect_near_share(slice.area_mm2, pi * h * (2.0 * r - h), 1e-3);
    expect_near_share(slice.volume_mm3, pi * h * h * (3.0 * r - h) / 3.0, 1e-3);
  }
}

TEST(Measure, StretchesTheTapeOverAHollowAndFollowsTheSkinIntoIt) {
  // A square of side 80 with a notch 20 wide and 30 deep in its anterior side.
  const std::vector<Eigen::Vector2d> notched{{-40, -40}, {40, -40}, {40, 40},  {10, 40},
                                             {10, 10},   {-10, 10}, {-10, 40}, {-40, 40}};
  const Slice slice = measure_at(prism(notched, 100.0), {50.0}).front();
  EXPECT_NEAR(slice.girth_mm, 320.0, 1e-9);
  EXPECT_NEAR(slice.perimeter_mm, 320.0 + 60.0, 1e-9);
  EXPECT_NEAR(slice.area_mm2, 6400.0 - 600.0, 1e-9);
  EXPECT_NEAR(slice.volume_mm3, 50.0 * 5800.0, 1e-6);
  EXPECT_NEAR(slice.ml_mm, 80.0, 1e-9);
  EXPECT_NEAR(slice.ap_mm, 80.0, 1e-9);
}

TEST(Measure, TellsMedioLateralFromAnteroPosterior) {
  const Slice slice = measure_at(prism({{-50, -30}, {50, -30}, {50, 30}, {-50, 30}}, 100.0), {50.0}).front();
  EXPECT_NEAR(slice.ml_mm, 100.0, 1e-9);
  EXPECT_NEAR(slice.ap_mm, 60.0, 1e-9);
}

TEST(Measure, TakesAHollowThatOpensBelowOffTheArea) {
  Mesh limb = cylinder(50.0, 100.0);
  Mesh hollow = turned([](double z) { return 20.0 - 0.2 * z; }, 0.0, 60.0, 6, 360);
  for (const Slice& solid : measure_at(limb, {30.0})) EXPECT_GT(solid.area_mm2, 7800.0);
  // Closed above, its inside out: a cavity.
  const int ring = 6 * 360;
  hollow.vertices.emplace_back(0.0, 0.0, 60.0);
  for (int i = 0; i < 360; ++i)
    hollow.triangles.emplace_back(ring + i, ring + (i + 1) % 360, static_cast<int>(hollow.vertices.size()) - 1);
  append(limb, flipped(hollow), {5.0, 0.0, 1.0});
  const Slice slice = measure_at(limb, {31.0}).front();
  expect_near_share(slice.area_mm2, pi * (2500.0 - 14.0 * 14.0), 1e-3);
  expect_near_share(slice.girth_mm, 100.0 * pi, 1e-3);
  expect_near_share(slice.volume_mm3, pi * (2500.0 * 31.0 - 30.0 * (400.0 + 20.0 * 14.0 + 196.0) / 3.0), 1e-3);
}

TEST(Measure, IsNotMisledBySomethingBesideTheLimb) {
  Mesh limb = cylinder(50.0, 100.0);
  append(limb, cylinder(5.0, 100.0), {120.0, 0.0, 0.0});
  const Slice slice = measure_at(limb, {50.0}).front();
  EXPECT_NEAR(slice.ml_mm, 100.0, 1e-9);
  expect_near_share(slice.girth_mm, 100.0 * pi, 1e-4);
}

TEST(Measure, AnswersInTheOrderAsked) {
  const std::vector<Slice> slices = measure_at(cylinder(50.0, 100.0), {90.0, 10.0, 50.0, 10.0});
  EXPECT_THAT(slices,
              testing::ElementsAre(testing::Field(&Slice::height_mm, 90.0), testing::Field(&Slice::height_mm, 10.0),
                                   testing::Field(&Slice::height_mm, 50.0), testing::Field(&Slice::height_mm, 10.0)));
  EXPECT_NEAR(slices[0].volume_mm3, 9.0 * slices[1].volume_mm3, 1e-6);
}

TEST(Measure, CutsExactlyThroughVertices) {
  // Every station lies on a ring of the mesh, the last on its rim.
  const std::vector<Slice> slices = measure_at(cylinder(50.0, 100.0), {5.0, 50.0, 95.0, 100.0});
  for (const Slice& slice : slices) EXPECT_NEAR(slice.area_mm2, slices[0].area_mm2, 1e-9);
}

TEST(Measure, DoesNotDependOnWhereTheLimbIsTurnedAboutItsAxis) {
  Mesh limb = turned([](double z) { return 40.0 + 8.0 * std::sin(z / 20.0); }, 0.0, 180.0, 60, 90);
  for (Eigen::Vector3d& v : limb.vertices) v.x() *= 1.3;
  const std::vector<Slice> before = measure(limb);
  for (Eigen::Vector3d& v : limb.vertices)
    v = Eigen::AngleAxisd(0.7, Eigen::Vector3d::UnitZ()) * v + Eigen::Vector3d(300, -200, 0);
  const std::vector<Slice> after = measure(limb);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_NEAR(before[i].girth_mm, after[i].girth_mm, 1e-8);
    EXPECT_NEAR(before[i].volume_mm3, after[i].volume_mm3, 1e-5);
  }
}

TEST(Measure, ScalesWithTheLimb) {
  Mesh limb = turned([](double z) { return 40.0 + 8.0 * std::sin(z / 20.0); }, 0.0, 180.0, 60, 90);
  const Slice small = measure_at(limb, {90.0}).front();
  for (Eigen::Vector3d& v : limb.vertices) v *= 1.1;
  const Slice large = measure_at(limb, {99.0}).front();
  EXPECT_NEAR(large.girth_mm, 1.1 * small.girth_mm, 1e-8);
  EXPECT_NEAR(large.volume_mm3, 1.331 * small.volume_mm3, 1e-5);
}

TEST(Measure, StopsBelowASlantedOpening) {
  Mesh limb = cylinder(50.0, 100.0);
  for (Eigen::Vector3d& v : limb.vertices)
    if (v.z() == 100.0) v.z() += 0.2 * v.y();
  EXPECT_NEAR(top_mm(limb), 90.0, 1e-9);
  EXPECT_LT(measure(limb).back().height_mm, 90.0);
}

TEST(Measure, RefusesALimbWithAHoleBelowTheTopSlice) {
  Mesh limb = cylinder(50.0, 100.0);
  limb.triangles.erase(limb.triangles.begin() + 20);
  EXPECT_THROW(measure(limb), Error);
}

TEST(Measure, RefusesASurfaceInsideOut) { EXPECT_THROW(measure(flipped(cylinder(50.0, 100.0))), Error); }

TEST(Measure, RefusesAHeightTheLimbDoesNotReach) {
  EXPECT_THROW(measure_at(cylinder(50.0, 100.0), {100.1}), Error);
  EXPECT_THROW(measure_at(cylinder(50.0, 100.0), {0.0}), Error);
  EXPECT_THROW(measure_at(cylinder(50.0, 100.0), {std::nan("")}), Error);
}

TEST(Measure, RefusesALimbShorterThanOneSpacing) { EXPECT_THROW(measure(cylinder(50.0, 9.0)), Error); }

TEST(Measure, RefusesMoreStationsThanAnyoneWouldRead) {
  Mesh limb = cylinder(50.0, 100.0);
  for (Eigen::Vector3d& v : limb.vertices) v.z() *= 1e5;
  EXPECT_THROW(measure(limb), Error);
}

TEST(Measure, RefusesWhatIsNotASurface) {
  EXPECT_THROW(measure(Mesh{}), Error);
  Mesh limb = cylinder(50.0, 100.0);
  limb.vertices[3].x() = std::nan("");
  EXPECT_THROW(measure(limb), Error);
  limb = cylinder(50.0, 100.0);
  limb.triangles[3][1] = 1 << 30;
  EXPECT_THROW(measure(limb), Error);
}

TEST(Measure, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(measure(cylinder(50.0, 100.0), {}, stop), Cancelled);
}

TEST(LimbLength, ReachesFromTheDistalEndToTheMidPatellarTendon) {
  Limb limb;
  limb.surface = cylinder(50.0, 200.0);
  EXPECT_NEAR(limb_length_mm(limb), 200.0, 1e-9);
  limb.landmarks[Landmark::mid_patellar_tendon].point_mm = {0.0, 50.0, 150.0};
  EXPECT_NEAR(limb_length_mm(limb), 150.0, 1e-9);
}

/// Binary STL, corners welded where they are the same bits.
Mesh scan_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  file.seekg(84);
  Mesh mesh;
  std::map<std::array<float, 3>, int> index;
  float record[12];
  char attribute[2];
  while (file.read(reinterpret_cast<char*>(record), sizeof record) && file.read(attribute, 2)) {
    Eigen::Vector3i triangle;
    for (int corner = 0; corner < 3; ++corner) {
      const float* p = record + 3 + 3 * corner;
      const auto [at, fresh] = index.try_emplace({p[0], p[1], p[2]}, static_cast<int>(mesh.vertices.size()));
      if (fresh) mesh.vertices.emplace_back(p[0], p[1], p[2]);
      triangle[corner] = at->second;
    }
    mesh.triangles.push_back(triangle);
  }
  return mesh;
}

TEST(Measure, GivesTheVolumeOfARealScanCappedFlat) {
  const std::filesystem::path path = std::filesystem::path(FIT_SHARED_DATA) / "limbs/tt_scan_a.stl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  const Mesh limb = scan_of(path);
  const Slice top = measure_at(limb, {top_mm(limb)}).front();
  // Its rim is flat to 0.13 mm only; the slice at its lowest point leaves that out.
  expect_near_share(top.volume_mm3, 1643470.0, 5e-4);
}

}  // namespace
}  // namespace fit
