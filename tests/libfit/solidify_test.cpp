#include "libfit/solidify.h"

#include <gmock/gmock.h>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/proximal_extension.h"
#include "libfit/detail/trim_surface.h"
#include "libfit/detail/wall_thickness.h"
#include "libfit/error.h"
#include "libfit/parallel.h"
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
  const Mesh closed = detail::extended_and_closed(positive, bounding_box(positive).highest.z() + 50.0);
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
