#include "libfit/solidify.h"

#include <gmock/gmock.h>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"
#include "libfit/error.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

AnalyticLimb short_limb() {
  AnalyticLimb limb;
  limb.length_mm = 110.0;
  limb.radius_mm = 35.0;
  return limb;
}

SolidifyParams coarse() {
  SolidifyParams params;
  params.resolution_mm = 1.5;
  return params;
}

/// Distances of the socket's face centres to the positive, inside and outside, less what was asked.
struct Errors {
  double inner_squared = 0.0, outer_squared = 0.0, thinnest = 1e300, worst = 0.0;
  int inner = 0, outer = 0;
};

Errors errors(const Mesh& socket, const Mesh& positive, const Trimline& trimline, const SolidifyParams& params) {
  const detail::TrimSurface trim(trimline);
  const detail::WallThickness wall(params, bounding_box(positive).lowest.z());
  const Mesh closed = detail::extended_and_closed(positive, bounding_box(positive).highest.z() + 50.0).mesh;
  const detail::ClosestPoint to_positive(closed);
  Errors errors;
  for (const Eigen::Vector3i& t : socket.triangles) {
    const Eigen::Vector3d center = (socket.vertices[t[0]] + socket.vertices[t[1]] + socket.vertices[t[2]]) / 3.0;
    const detail::Jet above = trim.above(center);
    if (above.value > -15.0 || center.z() < 40.0) continue;
    const double distance = to_positive.at(center).signed_mm;
    const double asked = wall.at(center, above).value;
    const bool inner = distance < asked / 2.0;
    const double error = inner ? distance : distance - asked;
    (inner ? errors.inner_squared : errors.outer_squared) += error * error;
    ++(inner ? errors.inner : errors.outer);
    if (!inner) errors.thinnest = std::min(errors.thinnest, error);
    errors.worst = std::max(errors.worst, std::abs(error));
  }
  return errors;
}

TEST(Solidify, CarriesThePositiveOverAndKeepsTheWall) {
  const Mesh positive = short_limb().mesh();
  const Trimline trimline = wavy_trimline(85.0, 5.0);
  const Solidified made = solidify(positive, trimline, plate_block());
  const Errors found = errors(made.socket.mesh(), positive, trimline, {});
  ASSERT_GT(found.inner, 1000);
  ASSERT_GT(found.outer, 1000);
  EXPECT_LT(std::sqrt(found.inner_squared / found.inner), 0.03);
  EXPECT_LT(std::sqrt(found.outer_squared / found.outer), 0.03);
  EXPECT_GT(found.thinnest, -0.05);
  EXPECT_LT(found.worst, 0.3);
}

TEST(Solidify, GivesTheSameBitsOnOneThreadAndOnFour) {
  const Mesh positive = short_limb().mesh();
  set_threads(1);
  const Solidified one = solidify(positive, wavy_trimline(85.0, 5.0), plate_block(), coarse());
  set_threads(4);
  const Solidified four = solidify(positive, wavy_trimline(85.0, 5.0), plate_block(), coarse());
  EXPECT_EQ(one.socket.mesh(), four.socket.mesh());
}

struct HardLimb {
  const char* name;
  AnalyticLimb limb;
  double trim_mm;
  double wall_mm;
};

/// Limbs that break offsets of meshes: each must give a socket that is closed, in one piece and free of crossings.
std::vector<HardLimb> hard_limbs() {
  std::vector<HardLimb> limbs;
  const auto add = [&](const char* name, double trim, double wall) -> AnalyticLimb& {
    limbs.push_back({name, short_limb(), trim, wall});
    return limbs.back().limb;
  };
  add("very short", 50.0, 6.0).length_mm = 80.0;
  AnalyticLimb& bulbous = add("bulbous", 90.0, 6.0);
  bulbous.bulb_mm = 14.0;
  bulbous.length_mm = 130.0;
  add("bent", 85.0, 4.0).bend_mm = 45.0;
  AnalyticLimb& grooved = add("scar groove", 85.0, 6.0);
  grooved.groove_depth_mm = 7.0;
  grooved.groove_width_mm = 3.0;
  AnalyticLimb& invaginated = add("invagination", 85.0, 4.0);
  invaginated.groove_depth_mm = 22.0;
  invaginated.groove_width_mm = 7.0;
  AnalyticLimb& sheets = add("sheets that nearly touch", 85.0, 3.0);
  sheets.groove_depth_mm = 12.0;
  sheets.groove_width_mm = 0.8;
  sheets.around = 240;
  AnalyticLimb& thin = add("wall thicker than the limb's radius", 85.0, 15.0);
  thin.radius_mm = 14.0;
  thin.bumps_mm = 0.5;
  return limbs;
}

TEST(Solidify, IsFreeOfCrossingsOnHardLimbs) {
  for (const HardLimb& hard : hard_limbs()) {
    SCOPED_TRACE(hard.name);
    SolidifyParams params = coarse();
    params.wall_mm = hard.wall_mm;
    params.identifier.identifier_code = "A-1";
    const Solidified made = solidify(hard.limb.mesh(), wavy_trimline(hard.trim_mm, 4.0), plate_block(), params);
    EXPECT_TRUE(self_crossings(made.socket.mesh()).empty());
  }
}

TEST(Solidify, RoundsTheFinThatACreaseWouldLeaveAndSaysSo) {
  AnalyticLimb limb = short_limb();
  limb.groove_depth_mm = 7.0;
  limb.groove_width_mm = 3.0;
  limb.around = 240;
  const Solidified made = solidify(limb.mesh(), wavy_trimline(85.0, 2.0), {}, coarse());
  ASSERT_EQ(made.findings.size(), 1u);
  EXPECT_EQ(made.findings[0].code, "crease_rounded");
  EXPECT_NEAR(made.findings[0].place_mm->z(), 44.0, 2.0);
  // No plastic is left within the ball's radius of the groove's bottom.
  const Mesh positive = limb.mesh();
  const detail::ClosestPoint to_socket(made.socket.mesh());
  double deepest = 0.0;
  for (const Eigen::Vector3d& vertex : positive.vertices)
    if (std::abs(vertex.z() - 44.0) < 1.0 && vertex.y() > 20.0)
      deepest = std::max(deepest, to_socket.at(vertex).signed_mm);
  EXPECT_GT(deepest, 0.4);
}

TEST(Solidify, LeavesACreaseAsItIsWhenAsked) {
  AnalyticLimb limb = short_limb();
  limb.groove_depth_mm = 7.0;
  SolidifyParams params = coarse();
  params.crease_radius_mm = 0.0;
  EXPECT_TRUE(solidify(limb.mesh(), wavy_trimline(85.0, 2.0), {}, params).findings.empty());
}

TEST(Solidify, RaisesTheIdentifierOnThePosteriorSide) {
  SolidifyParams params = coarse();
  const Mesh positive = short_limb().mesh();
  const Solidified plain = solidify(positive, wavy_trimline(85.0, 2.0), {}, params);
  params.identifier.identifier_code = "K-7";
  params.identifier.identifier_side = "L";
  const Solidified written = solidify(positive, wavy_trimline(85.0, 2.0), {}, params);
  EXPECT_TRUE(written.findings.empty());
  EXPECT_GT(volume_mm3(written.socket.mesh()), volume_mm3(plain.socket.mesh()) + 20.0);
  const detail::ClosestPoint to_plain(plain.socket.mesh());
  for (const Eigen::Vector3d& vertex : written.socket.mesh().vertices)
    if (to_plain.at(vertex).signed_mm > 0.3) EXPECT_LT(vertex.y(), 0.0);
}

TEST(Solidify, SaysWhenThereIsNoRoomForTheIdentifier) {
  SolidifyParams params = coarse();
  params.identifier.identifier_code = "A CODE THAT IS FAR TOO LONG FOR A LIMB";
  const Solidified made = solidify(short_limb().mesh(), wavy_trimline(60.0, 2.0), plate_block(), params);
  ASSERT_EQ(made.findings.size(), 1u);
  EXPECT_EQ(made.findings[0].code, "identifier_left_out");
}

TEST(Solidify, RefusesAnIdentifierThatCannotBeRaised) {
  SolidifyParams params = coarse();
  params.identifier.identifier_code = "A_1";
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(85.0, 2.0), {}, params), Error);
}

TEST(Solidify, RefusesABlockThatDoesNotReachTheSocket) {
  Hardware apart = plate_block();
  apart.limb_from_block.pretranslate(Eigen::Vector3d(0.0, 0.0, -60.0));
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(85.0, 2.0), apart, coarse()), Error);
}

TEST(Solidify, RefusesATrimlineAboveTheOpening) {
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(130.0, 2.0), {}, coarse()), Error);
}

TEST(Solidify, RefusesATrimlineBelowTheDistalEnd) {
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(5.0, 2.0), {}, coarse()), Error);
}

TEST(Solidify, TakesTrianglesWithoutArea) {
  const AnalyticLimb limb = short_limb();
  const Mesh smooth = limb.mesh();
  Mesh positive{smooth.vertices, {}, {}};
  // One corner of every third triangle stands twice: two triangles between the twins have no area. They come first, so
  // that they are told where they are as near as others.
  std::vector<Eigen::Vector3i> others;
  for (std::size_t i = 0; i < smooth.triangles.size(); ++i) {
    const Eigen::Vector3i& t = smooth.triangles[i];
    if (i % 3 != 0) {
      others.push_back(t);
      continue;
    }
    const int twin = static_cast<int>(positive.vertices.size());
    positive.vertices.push_back(smooth.vertices[t[0]]);
    positive.triangles.emplace_back(t[0], t[1], twin);
    positive.triangles.emplace_back(t[2], t[0], twin);
    others.emplace_back(twin, t[1], t[2]);
  }
  positive.triangles.insert(positive.triangles.end(), others.begin(), others.end());
  const Trimline trimline = wavy_trimline(90.0, 4.0);
  const Mesh socket = solidify(positive, trimline, {}, coarse()).socket.mesh();
  EXPECT_TRUE(self_crossings(socket, 1).empty());
  EXPECT_LT(errors(socket, smooth, trimline, coarse()).worst, 0.3);
}

TEST(Solidify, RefusesAPositiveThatIsInsideOut) {
  EXPECT_THROW(solidify(flipped(short_limb().mesh()), wavy_trimline(85.0, 2.0), {}, coarse()), Error);
}

TEST(Solidify, RefusesAnOpeningTooMany) {
  Mesh positive = short_limb().mesh();
  positive.triangles.erase(positive.triangles.begin() + 3000);
  EXPECT_THROW(solidify(positive, wavy_trimline(85.0, 5.0), plate_block(), coarse()), Error);
}

TEST(Solidify, RefusesAWallOutOfRange) {
  SolidifyParams params = coarse();
  params.wall_mm = 0.1;
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(85.0, 5.0), plate_block(), params), Error);
}

TEST(Solidify, StopsWhenAsked) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 20; });
  EXPECT_THROW(solidify(short_limb().mesh(), wavy_trimline(85.0, 5.0), plate_block(), coarse(), stop), Cancelled);
}

}  // namespace
}  // namespace fit
