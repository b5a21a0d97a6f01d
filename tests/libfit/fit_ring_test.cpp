#include "libfit/fit_ring.h"

#include <gmock/gmock.h>

#include <numbers>

#include "libfit/detail/cap_loops.h"
#include "libfit/error.h"
#include "tests/libfit/round_socket.h"

namespace fit {
namespace {

constexpr double pi = std::numbers::pi;

RoundSocket tall() {
  RoundSocket socket;
  socket.height_mm = 150.0;
  socket.wider_a_mm = 0.1;
  return socket;
}

double ring_mm3(const RoundSocket& socket, double low, double high) {
  // A frustum less another: the wall is as wide at every height.
  const double inner = socket.inner_radius_mm((low + high) / 2.0);
  return pi * ((inner + socket.wall_mm) * (inner + socket.wall_mm) - inner * inner) * (high - low);
}

TEST(Slab, HoldsWhatLiesBetweenItsHeights) {
  const RoundSocket socket = tall();
  for (const auto& [low, high] : {std::pair(10.0, 30.0), std::pair(0.5, 149.5), std::pair(-5.0, 40.0)}) {
    const Solid piece = slab(socket.solid(), low, high);
    EXPECT_NEAR(volume_mm3(piece.mesh()) / ring_mm3(socket, std::max(0.0, low), high), 1.0, 1e-3);
    EXPECT_NEAR(bounding_box(piece.mesh()).lowest.z(), std::max(0.0, low), 1e-4);
    EXPECT_NEAR(bounding_box(piece.mesh()).highest.z(), high, 1e-4);
  }
}

TEST(Slab, CutsWhereVerticesLieInThePlane) {
  Solid all = tall().solid();
  for (double at : {50.0, 100.0}) all = slab(all, 0.0, at);  // its faces are at 50 mm, and 50 is asked again
  EXPECT_NEAR(bounding_box(slab(all, 20.0, 50.0).mesh()).size().z(), 30.0, 1e-3);
}

TEST(Slab, RefusesHeightsBesideThePart) {
  EXPECT_THROW(slab(tall().solid(), 200.0, 220.0), Error);
  EXPECT_THROW(slab(tall().solid(), 30.0, 20.0), Error);
}

TEST(CapLoops, FillsALoopWithManyHoles) {
  std::vector<Eigen::Vector2d> points;
  std::vector<std::vector<int>> loops;
  double area = 0.0;
  const auto add = [&](double x, double y, double radius, int sides) {
    std::vector<int> loop;
    for (int k = 0; k < sides; ++k) {
      const double angle = 2.0 * pi * (radius < 0.0 ? -k : k) / sides;
      loop.push_back(static_cast<int>(points.size()));
      points.emplace_back(x + std::abs(radius) * std::cos(angle), y + std::abs(radius) * std::sin(angle));
    }
    area += std::copysign(0.5 * sides * radius * radius * std::sin(2.0 * pi / sides), radius);
    loops.push_back(std::move(loop));
  };
  add(0.0, 0.0, 50.0, 200);
  for (int i = -3; i <= 3; ++i)
    for (int j = -3; j <= 3; ++j) add(10.0 * i, 10.0 * j, -3.0 - 0.1 * i, 12 + j);
  add(0.0, 0.0, 2.0, 9);  // an island in the hole in the middle
  double sum = 0.0;
  std::size_t corners = 0;
  for (const auto& loop : loops) corners += loop.size();
  const auto triangles = detail::cap_loops(points, loops);
  for (const Eigen::Vector3i& t : triangles) {
    const Eigen::Vector2d u = points[t[1]] - points[t[0]], v = points[t[2]] - points[t[0]];
    const double twice = u.x() * v.y() - u.y() * v.x();
    EXPECT_GE(twice, 0.0);
    sum += twice / 2.0;
  }
  EXPECT_NEAR(sum, area, 1e-9 * area);
  EXPECT_EQ(triangles.size(), corners + 2 * 49 - 4);  // n + 2 holes - 2 of each loop with its holes
}

TEST(CapLoops, RefusesLoopsThatCrossOrAHoleOutside) {
  const std::vector<Eigen::Vector2d> bow{{0, 0}, {10, 10}, {10, 0}, {0, 12}, {-5, 5}};
  EXPECT_THROW(detail::cap_loops(bow, {{4, 3, 2}}), Error);  // clockwise alone: a hole in nothing
}

TEST(SocketSections, ReadATapeOutsideAndInside) {
  const RoundSocket socket = tall();
  const auto sections = socket_sections(socket.solid().mesh(), 20.0);
  ASSERT_EQ(sections.size(), 7u);
  for (const SocketSection& section : sections) {
    const double inner = socket.inner_radius_mm(section.height_mm);
    EXPECT_NEAR(section.inside_girth_mm, 2.0 * pi * inner, 0.01);
    EXPECT_NEAR(section.outside_girth_mm, 2.0 * pi * (inner + socket.wall_mm), 0.01);
  }
}

TEST(FitRings, AreTheTopAndTheMiddleMovedToTheBed) {
  const RoundSocket socket = tall();
  const FitRings rings = fit_rings(socket.solid());
  EXPECT_NEAR(rings.top_to_mm, 149.0, 1e-9);
  EXPECT_NEAR((rings.middle_from_mm + rings.middle_to_mm) / 2.0, 65.0, 1.0);
  EXPECT_NEAR(volume_mm3(rings.top.mesh()) / ring_mm3(socket, rings.top_from_mm, rings.top_to_mm), 1.0, 1e-3);
  EXPECT_NEAR(volume_mm3(rings.middle.mesh()) / ring_mm3(socket, rings.middle_from_mm, rings.middle_to_mm), 1.0, 1e-3);
  for (const Solid* ring : {&rings.top, &rings.middle}) EXPECT_NEAR(bounding_box(ring->mesh()).lowest.z(), 0.0, 1e-4);
}

TEST(FitRings, RefuseAPartWithoutACavityAndStopWhenAsked) {
  EXPECT_THROW(fit_rings(Solid(tall().positive())), Error);
  RoundSocket low;
  EXPECT_THROW(fit_rings(low.solid()), Error);
  EXPECT_THROW(fit_rings(tall().solid(), 0.0), Error);
  int reports = 0;
  EXPECT_THROW(fit_rings(tall().solid(), 20.0, Progress([&](double, std::string_view) { return ++reports < 2; })),
               Cancelled);
}

}  // namespace
}  // namespace fit
