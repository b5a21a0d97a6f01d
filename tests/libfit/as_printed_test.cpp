#include "libfit/as_printed.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "libfit/error.h"
#include "libfit/parallel.h"
#include "tests/libfit/round_socket.h"

namespace fit {
namespace {

constexpr double pi = std::numbers::pi;

/// The lines of a ring's two sides, as a slicer draws them: half a width inside the plastic.
std::vector<PrintedLine> lines_of(const RoundSocket& socket, double width_mm, double layer_mm, double wider_mm) {
  std::vector<PrintedLine> lines;
  const int layers = static_cast<int>(socket.height_mm / layer_mm);
  constexpr int sides = 120;
  for (int i = 0; i < layers; ++i)
    for (bool inner : {true, false})
      for (int k = 0; k < sides; ++k) {
        const double z = (i + 0.5) * layer_mm;
        const double radius = inner ? socket.inner_radius_mm(z) + wider_mm + width_mm / 2
                                    : socket.inner_radius_mm(z) + socket.wall_mm - width_mm / 2;
        const auto at = [&](int side) {
          return Eigen::Vector2f(static_cast<float>(radius * std::cos(2 * pi * side / sides)),
                                 static_cast<float>(radius * std::sin(2 * pi * side / sides)));
        };
        lines.push_back(
            {at(k), at(k + 1), static_cast<float>(z), static_cast<float>(layer_mm), static_cast<float>(width_mm)});
      }
  return lines;
}

TEST(AsPrinted, IsNothingWhereTheLinesLieHalfAWidthBesideThePositive) {
  const RoundSocket socket;
  const AsPrinted found =
      as_printed(lines_of(socket, 0.6, 0.3, 0.0), Eigen::Affine3d::Identity(), socket.positive(), socket.solid());
  EXPECT_NEAR(found.mean_mm, 0.0, 0.02);  // sides of a polygon lie inside its circle
  EXPECT_LT(found.iqr_mm, 0.02);
  EXPECT_NEAR(found.seen_percent, 100.0, 2.0);
}

TEST(AsPrinted, IsWhatTheInsideIsTooWide) {
  const RoundSocket socket;
  for (double wider_mm : {-0.4, 0.3}) {
    const AsPrinted found = as_printed(lines_of(socket, 0.6, 0.3, wider_mm), Eigen::Affine3d::Identity(),
                                       socket.positive(), socket.solid());
    EXPECT_NEAR(found.mean_mm, wider_mm, 0.02);
    EXPECT_NEAR(found.largest_mm, std::abs(wider_mm), 0.03);
  }
}

TEST(AsPrinted, CountsTheStepsBetweenLayersOfASlantingWall) {
  RoundSocket socket;
  socket.wider_a_mm = 0.5;
  const AsPrinted found =
      as_printed(lines_of(socket, 0.6, 0.4, 0.0), Eigen::Affine3d::Identity(), socket.positive(), socket.solid());
  EXPECT_NEAR(found.mean_mm, 0.0, 0.03);
  // A quarter of the layer up and down, square to a wall that goes out by 1 in 2.
  EXPECT_NEAR(found.iqr_mm, 2 * 0.1 * 0.5 / std::hypot(1.0, 0.5), 0.02);
  EXPECT_NEAR(found.seen_percent, 100.0, 3.0);
}

TEST(AsPrinted, TakesTheShrinkageOutOfTheScale) {
  const RoundSocket socket;
  std::vector<PrintedLine> lines = lines_of(socket, 0.6, 0.3, 0.0);
  for (PrintedLine& line : lines) line.from_mm *= 1.01f, line.to_mm *= 1.01f;
  const Eigen::Affine3d cold(Eigen::Scaling(1 / 1.01, 1 / 1.01, 1.0));
  EXPECT_NEAR(as_printed(lines, cold, socket.positive(), socket.solid()).mean_mm, 0.0, 0.02);
  EXPECT_NEAR(as_printed(lines, Eigen::Affine3d::Identity(), socket.positive(), socket.solid()).mean_mm, 0.01 * 40.3,
              0.03);
}

TEST(AsPrinted, SeesNothingWhereTheInsideHasNoLines) {
  const RoundSocket socket;
  std::vector<PrintedLine> lines = lines_of(socket, 0.6, 0.3, 0.0);
  std::erase_if(lines, [](const PrintedLine& line) { return line.from_mm.norm() < 42.0f; });
  const AsPrinted found = as_printed(lines, Eigen::Affine3d::Identity(), socket.positive(), socket.solid());
  EXPECT_EQ(found.seen_percent, 0.0);
}

TEST(AsPrinted, GivesTheSameBitsOnAnyNumberOfThreads) {
  RoundSocket socket;
  socket.wider_a_mm = 0.2;
  const auto found = [&] {
    return as_printed(lines_of(socket, 0.6, 0.3, 0.1), Eigen::Affine3d::Identity(), socket.positive(), socket.solid());
  };
  set_threads(1);
  const AsPrinted one = found();
  set_threads(4);
  const AsPrinted four = found();
  EXPECT_EQ(one.mean_mm, four.mean_mm);
  EXPECT_EQ(one.iqr_mm, four.iqr_mm);
  EXPECT_EQ(one.seen_percent, four.seen_percent);
}

TEST(AsPrinted, RefusesAPositiveWithoutTrianglesAndStopsWhenAsked) {
  const RoundSocket socket;
  const auto lines = lines_of(socket, 0.6, 0.3, 0.0);
  EXPECT_THROW(as_printed(lines, Eigen::Affine3d::Identity(), Mesh{}, socket.solid()), Error);
  int reports = 0;
  EXPECT_THROW(as_printed(lines, Eigen::Affine3d::Identity(), socket.positive(), socket.solid(),
                          Progress([&](double, std::string_view) { return ++reports < 3; })),
               Cancelled);
}

}  // namespace
}  // namespace fit
