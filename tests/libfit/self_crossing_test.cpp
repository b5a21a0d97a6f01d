#include "libfit/self_crossing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "libfit/error.h"
#include "libfit/parallel.h"

namespace fit {
namespace {

/// A flat grid of `count` x `count` squares, two triangles each, at a height.
Mesh sheet(int count, double height) {
  Mesh mesh;
  for (int y = 0; y <= count; ++y)
    for (int x = 0; x <= count; ++x) mesh.vertices.push_back({0.1 * x, 0.1 * y, height});
  for (int y = 0; y < count; ++y)
    for (int x = 0; x < count; ++x) {
      const int a = y * (count + 1) + x, b = a + 1, c = a + count + 2, d = a + count + 1;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

void append(const Mesh& other, Mesh& mesh) {
  const int first = static_cast<int>(mesh.vertices.size());
  mesh.vertices.insert(mesh.vertices.end(), other.vertices.begin(), other.vertices.end());
  for (const Eigen::Vector3i& t : other.triangles) mesh.triangles.push_back(t + Eigen::Vector3i::Constant(first));
}

Mesh two_crossing_sheets(int count) {
  Mesh mesh = sheet(count, 0.0);
  Mesh other = sheet(count, 0.0);
  for (Eigen::Vector3d& v : other.vertices) v = {v.x() + 0.013, 0.05 * count, v.y() - 0.05 * count};
  append(other, mesh);
  return mesh;
}

TEST(SelfCrossing, FindsNoneInASheetHoweverItLies) {
  EXPECT_TRUE(self_crossings(sheet(60, 0.3)).empty());
  Mesh askew = sheet(60, 0.3);
  for (Eigen::Vector3d& v : askew.vertices) v = {v.x() + 0.1 * v.y(), v.y() / 3.0 + 7.0, 0.37 * v.x() + 0.21 * v.y()};
  EXPECT_TRUE(self_crossings(askew).empty());
}

TEST(SelfCrossing, FindsSheetsThatTouchAndNotThoseTheLastBitApart) {
  Mesh touching = sheet(5, 1.0);
  append(sheet(5, 1.0), touching);
  EXPECT_FALSE(self_crossings(touching).empty());
  Mesh apart = sheet(5, 1.0);
  append(sheet(5, std::nextafter(1.0, 2.0)), apart);
  EXPECT_TRUE(self_crossings(apart).empty());
}

TEST(SelfCrossing, FindsATriangleFoldedOntoItsNeighbour) {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0.5, 1, 0}, {0.6, 0.5, 0}};
  mesh.triangles = {{0, 1, 2}, {1, 0, 3}};
  const std::vector<std::array<int, 2>> expected{{0, 1}};
  EXPECT_EQ(self_crossings(mesh), expected);
  mesh.vertices[3].y() = -0.5;
  EXPECT_TRUE(self_crossings(mesh).empty());
}

TEST(SelfCrossing, TellsATriangleWithoutAreaAsAPairWithItself) {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 1, 1}, {3, 3, 3}, {0, 1, 0}};
  mesh.triangles = {{0, 1, 3}, {0, 1, 2}};
  const std::vector<std::array<int, 2>> expected{{1, 1}};
  EXPECT_EQ(self_crossings(mesh), expected);
}

TEST(SelfCrossing, TellsTheSameOnOneThreadAndOnFour) {
  const Mesh mesh = two_crossing_sheets(120);
  set_threads(1);
  const auto one = self_crossings(mesh, 1u << 30);
  const auto some = self_crossings(mesh, 100);
  set_threads(4);
  EXPECT_EQ(self_crossings(mesh, 1u << 30), one);
  EXPECT_EQ(self_crossings(mesh, 100), some);
  EXPECT_GT(one.size(), 200u);
  EXPECT_EQ(some.size(), 100u);
}

TEST(SelfCrossing, StopsSoonWhenEveryTriangleCrossesEveryOther) {
  Mesh mesh;
  for (int i = 0; i < 20000; ++i) append(Mesh{{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}, {{0, 1, 2}}, {}}, mesh);
  EXPECT_EQ(self_crossings(mesh, 1000).size(), 1000u);
}

TEST(SelfCrossing, FindsNothingInAnEmptyMesh) { EXPECT_TRUE(self_crossings(Mesh{}).empty()); }

TEST(SelfCrossing, RefusesAnIndexOutOfRange) {
  Mesh mesh = sheet(2, 0.0);
  mesh.triangles[3][1] = 9;
  EXPECT_THROW(self_crossings(mesh), Error);
  EXPECT_THROW(self_crossings(sheet(2, 0.0), std::vector<int>{8}), Error);
}

TEST(SelfCrossing, RefusesCoordinatesThatAreNoNumbersOrAbsurd) {
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity(), 1e80}) {
    Mesh mesh = sheet(2, 0.0);
    mesh.vertices[3].y() = bad;
    EXPECT_THROW(self_crossings(mesh), Error);
  }
}

TEST(SelfCrossing, CanBeStopped) {
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(self_crossings(sheet(200, 0.0), 1000, stop), Cancelled);
}

}  // namespace
}  // namespace fit
