#include "libfit/aop.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <numbers>

#include "libfit/error.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"

namespace fit {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> codes(const Findings& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    result.push_back(finding.code);
    EXPECT_EQ(sentence(finding).find('{'), std::string::npos) << sentence(finding);
  }
  return result;
}

/// A cone with an elliptic section, its wide side towards the angle 90 deg, 30 deg a spoke and 10 mm a slice.
Aop cone() {
  Aop aop;
  aop.comments = {"a cone"};
  aop.side = Side::left;
  for (int k = 0; k < 12; ++k) aop.angles_deg.push_back(30.0 * k);
  for (int i = 0; i < 5; ++i) {
    aop.heights_mm.push_back(10.0 * i);
    for (double angle : aop.angles_deg)
      aop.radii_mm.push_back(20.0 + 2.0 * i + 5.0 * std::sin(angle * std::numbers::pi / 180.0));
  }
  for (double& radius : aop.radii_mm) radius = std::round(radius * 1000.0) / 1000.0;
  return aop;
}

std::string refusal(std::string_view text) {
  try {
    aop_surface(parse_aop(text));
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, text.npos) << what;
  return at == text.npos ? text : text.replace(at, what.size(), with);
}

TEST(Aop, IsReadBackAsItWasWritten) {
  Aop aop = cone();
  aop.landmarks = {{"MPT", {{20.5, 12.25, 30.0}}}, {"TIB", {{21.0, 0.0, 0.0}, {22.0, -3.5, 20.0}}}};
  EXPECT_EQ(parse_aop(aop_text(aop)), aop);
  aop.heights_mm.back() += 0.125;  // no longer whole steps
  aop.side.reset();
  aop.scalars.assign(aop.radii_mm.size(), 0.5);
  EXPECT_EQ(parse_aop(aop_text(aop)), aop);
}

TEST(Aop, EndsItsLinesInAnyWayMixed) {
  const std::string text = aop_text(cone());
  std::string mixed;
  int line = 0;
  for (char c : text) mixed += c == '\n' ? std::string(std::array{"\n", "\r", "\r\n"}[line++ % 3]) : std::string(1, c);
  EXPECT_EQ(parse_aop(mixed), cone());
}

TEST(Aop, RefusesWhatIsNotWholeOrNotOne) {
  const std::string text = aop_text(cone());
  EXPECT_THAT(refusal("AAOP2\n"), HasSubstr("AAOP1"));
  EXPECT_THAT(refusal(text.substr(0, 30)), HasSubstr("ends before"));
  EXPECT_THAT(refusal(text.substr(0, text.size() - 100)), HasSubstr("it was cut off"));
  EXPECT_THAT(refusal(text + "1.5\n"), HasSubstr("goes on after"));
  EXPECT_THAT(refusal(replaced(text, "LEFT", "BOTH")), HasSubstr("'BOTH'"));
  EXPECT_THAT(refusal(replaced(text, "CYLINDRICAL", "CARTESIAN")), HasSubstr("'CARTESIAN'"));
  EXPECT_THAT(refusal(replaced(text, "\n12\n30\n", "\n12\n25\n")), HasSubstr("not one turn"));
  EXPECT_THAT(refusal(replaced(text, "\n12\n30\n", "\n99999999999\n30\n")), HasSubstr("more than the file has lines"));
  EXPECT_THAT(refusal(replaced(text, "\n5\n10\n", "\n5\n-10\n")), HasSubstr("do not go up"));
  EXPECT_THAT(refusal(replaced(text, "\n20.000\n", "\nnan\n")), HasSubstr("'nan'"));
  EXPECT_THAT(refusal(replaced(text, "\n20.000\n", "\n-20.000\n")), HasSubstr("below zero"));
}

TEST(Aop, CountsItsAnglesFromAnteriorClockwiseSeenFromProximal) {
  // The wide side is at 90 degrees: the patient's right.
  const AopSurface made = aop_surface(cone());
  EXPECT_NEAR(bounding_box(made.surface).highest.x(), 33.0, 1e-3);
  EXPECT_NEAR(bounding_box(made.surface).lowest.x(), -23.0, 1e-3);
  const Mesh mirrored = aop_surface(cone(), {0.0, false}).surface;
  EXPECT_NEAR(bounding_box(mirrored).lowest.x(), -33.0, 1e-3);
  const Mesh turned = aop_surface(cone(), {90.0, true}).surface;
  EXPECT_NEAR(bounding_box(turned).highest.y(), 33.0, 1e-3);
}

TEST(Aop, GivesASurfaceThatIsClosedBelowOpenAboveAndOutsideOut) {
  for (bool clockwise : {true, false}) {
    const Mesh surface = aop_surface(cone(), {0.0, clockwise}).surface;
    const auto loops = boundary_loops(surface);
    ASSERT_EQ(loops.size(), 1u);
    for (int vertex : loops[0]) EXPECT_NEAR(surface.vertices[vertex].z(), 40.0, 1e-9);
    EXPECT_GT(volume_mm3(surface), 0.0);
  }
}

TEST(Aop, FillsZeroRadiiAndLeavesEmptySlicesOutAndSaysSo) {
  Aop aop = cone();
  aop.radii_mm[2 * 12 + 5] = 0.0;
  std::fill(aop.radii_mm.begin() + 4 * 12, aop.radii_mm.end(), 0.0);
  const AopSurface made = aop_surface(aop);
  EXPECT_THAT(codes(made.findings), testing::ElementsAre("aop_slices_empty", "aop_radii_filled"));
  const double expected = 0.5 * (aop.radii_mm[2 * 12 + 4] + aop.radii_mm[2 * 12 + 6]);
  EXPECT_NEAR(made.surface.vertices[2 * 12 + 5].head<2>().norm(), expected, 1e-9);
  EXPECT_NEAR(bounding_box(made.surface).highest.z(), 30.0, 1e-9);
  std::fill(aop.radii_mm.begin() + 12, aop.radii_mm.begin() + 12 + 8, 0.0);
  EXPECT_THROW(aop_surface(aop), Error);
}

TEST(Aop, KeepsALandmarkWithAnOddRadiusOnTheSurfaceAndWarns) {
  Aop aop = cone();
  aop.landmarks = {{"MPT", {{300.0, 90.0, 20.0}}}, {"XYZ", {{29.0, 90.0, 20.0}}}};
  const AopSurface made = aop_surface(aop);
  EXPECT_THAT(codes(made.findings), testing::ElementsAre("aop_landmarks_off"));
  ASSERT_EQ(made.landmarks.size(), 1u);
  const LandmarkPlace& place = made.landmarks.at(Landmark::mid_patellar_tendon);
  EXPECT_LT((place.point_mm - Eigen::Vector3d(29.0, 0.0, 20.0)).norm(), 1e-9);
  EXPECT_FALSE(place.confirmed);
}

TEST(Aop, SamplesASurfaceBackToItsOwnRadii) {
  for (const AopGrid& grid : {AopGrid{}, AopGrid{30.0, false}}) {
    const AopSurface made = aop_surface(cone(), grid);
    const AopSampled sampled = sample_aop(made.surface, Side::left, {}, {12, 10.0}, grid);
    EXPECT_THAT(sampled.findings, IsEmpty());
    EXPECT_EQ(sampled.aop.side, Side::left);
    // Its first slice lies a little above the flat end.
    for (std::size_t i = 1; i < sampled.aop.heights_mm.size(); ++i)
      for (std::size_t k = 0; k < 12; ++k)
        EXPECT_NEAR(sampled.aop.radii_mm[i * 12 + k], cone().radii_mm[i * 12 + k], 1e-6);
  }
}

/// A tube whose wall overhangs: between 15 and 25 mm its radius is larger by 8 mm on one side, above a thin shelf.
TEST(Aop, SaysWhatAPolarGridCannotHold) {
  Mesh surface = aop_surface(cone()).surface;
  for (Eigen::Vector3d& vertex : surface.vertices)
    if (vertex.z() == 20.0 && vertex.x() > 10.0) vertex.x() += 8.0;
  EXPECT_THAT(codes(sample_aop(surface, {}, {}, {12, 7.0}).findings), testing::Contains("aop_detail_lost"));
  for (Eigen::Vector3d& vertex : surface.vertices) vertex.x() += 100.0;
  EXPECT_THROW(sample_aop(surface, {}), Error);
}

TEST(Aop, TheExampleHasTheShapeOfItsMesh) {
  const std::filesystem::path folder = std::filesystem::path(FIT_SHARED_DATA) / "aop";
  if (!std::filesystem::exists(folder / "example.aop")) GTEST_SKIP() << "shared data is absent";
  const MeshFile read = read_mesh(folder / "example.aop");
  EXPECT_EQ(read.aop->side, Side::right);
  EXPECT_EQ(codes(read.findings), std::vector<std::string>{"aop_landmarks_off"});
  const Mesh same = read_mesh(folder / "example_same_shape.stl").mesh;
  // The mesh has anterior at -y, and z = 0 in its middle.
  std::vector<Eigen::Vector3d> ours = read.mesh.vertices, theirs = same.vertices;
  ours.pop_back();  // the tip of the cap
  ASSERT_EQ(ours.size(), theirs.size());
  for (Eigen::Vector3d& point : theirs) point = Eigen::Vector3d(-point.x(), -point.y(), point.z() + 100.5);
  for (const Eigen::Vector3d& point : ours) {
    double nearest = 1e300;
    for (const Eigen::Vector3d& other : theirs) nearest = std::min(nearest, (point - other).norm());
    ASSERT_LT(nearest, 0.01);
  }
  // And the other way.
  Mesh turned = same;
  turned.vertices = theirs;
  const AopSampled sampled = sample_aop(turned, Side::right, {}, {72, 3.0});
  for (std::size_t i = 1; i < sampled.aop.heights_mm.size(); ++i)
    for (std::size_t k = 0; k < 72; ++k)
      ASSERT_NEAR(sampled.aop.radii_mm[i * 72 + k], read.aop->radii_mm[i * 72 + k], 0.01);
}

}  // namespace
}  // namespace fit
