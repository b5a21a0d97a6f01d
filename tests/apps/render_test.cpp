#include "apps/report/render.h"

#include <gtest/gtest.h>

#include <cmath>

#include "apps/report/color_scale.h"
#include "apps/report/outline.h"
#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {
namespace {

/// A ball of latitude and longitude lines.
Mesh ball(const Eigen::Vector3d& center, double radius) {
  Mesh mesh;
  const int rows = 40, columns = 64;
  for (int i = 0; i <= rows; ++i)
    for (int j = 0; j < columns; ++j) {
      const double a = M_PI * i / rows, b = 2.0 * M_PI * j / columns;
      mesh.vertices.push_back(
          center + radius * Eigen::Vector3d(std::sin(a) * std::cos(b), std::sin(a) * std::sin(b), -std::cos(a)));
    }
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) {
      const int a = i * columns + j, b = i * columns + (j + 1) % columns;
      mesh.triangles.emplace_back(a, b, b + columns);
      mesh.triangles.emplace_back(a, b + columns, a + columns);
    }
  return mesh;
}

View front(int width = 100, int height = 80) {
  View view;
  view.mm_per_px = 1.0;
  view.width_px = width;
  view.height_px = height;
  return view;
}

Eigen::Vector3i pixel(const Picture& picture, int x, int y) {
  const std::uint8_t* p = &picture.rgb[static_cast<std::size_t>(3 * (y * picture.width_px + x))];
  return {p[0], p[1], p[2]};
}

Picture drawn(const Subject& subject, const View& view, const std::vector<Mark>& marks = {}) {
  return render({subject}, {view}, marks).front();
}

TEST(Render, DrawsARedBallWhereItIs) {
  const Mesh mesh = ball({20, 0, 10}, 8);
  Subject subject;
  subject.mesh = &mesh;
  subject.color = Rgb(1, 0, 0);
  const Picture picture = drawn(subject, front());
  // Seen from the front, the patient's right (+x) is on the left of the picture.
  const Eigen::Vector3i middle = pixel(picture, 30, 30);
  EXPECT_GT(middle[0], 150);
  EXPECT_LT(middle[1], 10);
  EXPECT_EQ(pixel(picture, 70, 30), Eigen::Vector3i(255, 255, 255));
  EXPECT_EQ(pixel(picture, 30, 50), Eigen::Vector3i(255, 255, 255));
  EXPECT_NEAR(front().pixel({20, 0, 10}).x(), 30.0, 1e-9);
  EXPECT_NEAR(front().pixel({20, 0, 10}).y(), 30.0, 1e-9);
}

TEST(Render, HidesWhatLiesBehind) {
  const Mesh near = ball({0, 20, 0}, 8), far = ball({0, -20, 0}, 8);
  Subject red, blue;
  red.mesh = &far;
  red.color = Rgb(1, 0, 0);
  blue.mesh = &near;
  blue.color = Rgb(0, 0, 1);
  const Picture picture = render({blue, red}, {front()}).front();
  EXPECT_GT(pixel(picture, 50, 40)[2], 150);
  EXPECT_LT(pixel(picture, 50, 40)[0], 10);
}

TEST(Render, CutsAwayWhatIsNearerThanTheCut) {
  const Mesh mesh = ball({0, 0, 0}, 20);
  Subject subject;
  subject.mesh = &mesh;
  subject.color = Rgb(0, 1, 0);
  subject.back_color = Rgb(1, 0, 0);
  View view = front();
  view.cut_mm = 0.0;
  const Eigen::Vector3i inside = pixel(drawn(subject, view), 50, 40);
  EXPECT_GT(inside[0], inside[1] + 50);
}

TEST(Render, HatchesInventedTrianglesAlone) {
  const Mesh mesh = ball({0, 0, 0}, 30);
  Subject subject;
  subject.mesh = &mesh;
  subject.color = Rgb(0.9, 0.9, 0.9);
  subject.hatched.assign(mesh.triangles.size(), 0);
  const Picture plain = drawn(subject, front());
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    subject.hatched[i] = mesh.vertices[static_cast<std::size_t>(mesh.triangles[i][0])].z() > 0.0;
  const Picture hatched = drawn(subject, front());
  int above = 0, below = 0;
  for (int y = 0; y < 80; ++y)
    for (int x = 0; x < 100; ++x)
      if (pixel(plain, x, y) != pixel(hatched, x, y)) ++(y < 40 ? above : below);
  EXPECT_GT(above, 300);
  EXPECT_EQ(below, 0);
}

TEST(Render, ColoursVerticesAndMarksPoints) {
  const Mesh mesh = ball({0, 0, 0}, 30);
  Subject subject;
  subject.mesh = &mesh;
  for (const Eigen::Vector3d& v : mesh.vertices)
    subject.vertex_colors.push_back(v.z() > 0.0 ? Rgb(1, 0, 0) : Rgb(0, 0, 1));
  const Picture picture =
      drawn(subject, front(), {{{0, 30, 15}, 3.0, Rgb(0, 1, 0)}, {{10, -30, -15}, 3.0, Rgb(0, 1, 0)}});
  EXPECT_GT(pixel(picture, 45, 20)[0], 150);
  EXPECT_GT(pixel(picture, 50, 60)[2], 150);
  EXPECT_GT(pixel(picture, 50, 25)[1], 200);
  EXPECT_LT(pixel(picture, 40, 55)[1], 30) << "a mark behind the ball is hidden";
}

TEST(Render, GivesTheSameBytesOnOneAndFourThreads) {
  const Mesh mesh = ball({3, 1, 2}, 25);
  Subject subject;
  subject.mesh = &mesh;
  std::vector<View> views(5, front());
  views[1].toward_viewer = {1, 0, 0};
  views[2].toward_viewer = {0.3, -1, 0.2};
  set_threads(1);
  const std::vector<Picture> one = render({subject}, views);
  set_threads(4);
  EXPECT_EQ(render({subject}, views), one);
  EXPECT_EQ(png(one[2]), png(render({subject}, {views[2]}).front()));
}

TEST(Render, SurvivesPointsThatAreNotNumbers) {
  Mesh mesh = ball({0, 0, 0}, 20);
  mesh.vertices[100].x() = std::nan("");
  mesh.vertices[200].z() = 1e300;
  Subject subject;
  subject.mesh = &mesh;
  EXPECT_EQ(drawn(subject, front()).rgb.size(), 24000u);
}

TEST(Render, RefusesWhatCannotBeDrawn) {
  Mesh mesh = ball({0, 0, 0}, 20);
  Subject subject;
  subject.mesh = &mesh;
  EXPECT_THROW(drawn(subject, front(0, 10)), Error);
  EXPECT_THROW(drawn(subject, front(100000, 100000)), Error);
  View view = front();
  view.up = view.toward_viewer;
  EXPECT_THROW(drawn(subject, view), Error);
  subject.hatched = {1};
  EXPECT_THROW(drawn(subject, front()), Error);
  subject.hatched.clear();
  mesh.triangles[0][0] = 1 << 20;
  EXPECT_THROW(drawn(subject, front()), Error);
}

TEST(ColorScale, IsWhiteAtZeroAndOrderedInGrey) {
  const ColorScale scale = ColorScale::diverging(6.0);
  EXPECT_EQ(scale.color(0.0), Rgb(1, 1, 1));
  EXPECT_GT(scale.color(-6.0)[2], scale.color(-6.0)[0]);
  EXPECT_GT(scale.color(6.0)[0], scale.color(6.0)[2]);
  EXPECT_EQ(scale.color(99.0), scale.color(6.0));
  const Rgb luma(0.299, 0.587, 0.114);
  const ColorScale wall = ColorScale::sequential(2.0, 8.0);
  for (double mm = 2.0; mm < 8.0; mm += 0.25)
    EXPECT_LT(wall.color(mm).dot(luma), wall.color(mm + 0.25).dot(luma)) << mm;
  EXPECT_EQ(wall.color(std::nan("")), Rgb(0.78, 0.78, 0.78));
}

TEST(ColorScale, RoundsARangeUp) {
  EXPECT_EQ(round_range(0.93), 1.0);
  EXPECT_EQ(round_range(6.5), 8.0);
  EXPECT_EQ(round_range(12.1), 16.0);
}

TEST(Outlines, CutABallInACircle) {
  const Mesh mesh = ball({5, 0, 0}, 20);
  const auto lines = outlines(mesh, {Eigen::Vector3d(0, 0, 0.37), Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, 1, 0)});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_LT((lines[0].front() - lines[0].back()).norm(), 1e-9);
  for (const Eigen::Vector2d& p : lines[0]) EXPECT_NEAR((p - Eigen::Vector2d(5, 0)).norm(), 20.0, 0.05);
  EXPECT_EQ(svg_path(lines).front(), 'M');
  EXPECT_EQ(svg_path(lines).back(), 'Z');
  EXPECT_TRUE(outlines(mesh, {Eigen::Vector3d(0, 0, 99), Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, 1, 0)}).empty());
}

}  // namespace
}  // namespace fit
