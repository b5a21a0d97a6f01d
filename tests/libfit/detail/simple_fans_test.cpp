#include "libfit/detail/simple_fans.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

namespace fit::detail {
namespace {

using testing::Each;

/// A cone of triangles around vertex 0, its rim `rounds` times round at the heights given for an angle.
template <class Height>
Mesh cone(int corners, int rounds, Height height) {
  Mesh mesh;
  mesh.vertices.push_back({0.1, 0.2, 0.3});
  for (int i = 0; i < corners; ++i) {
    const double angle = 2.0 * std::numbers::pi * rounds * i / corners;
    mesh.vertices.push_back({std::cos(angle), std::sin(angle), height(angle)});
    mesh.triangles.push_back({0, 1 + i, 1 + (i + 1) % corners});
  }
  return mesh;
}

bool simple_at_the_tip(const Mesh& mesh) { return simple_fans(mesh, facings(mesh))[0] == 1; }

TEST(SimpleFans, AreAllThoseOfARoundBody) {
  Mesh octahedron;
  octahedron.vertices = {{1, 0, 0}, {-1, 0, 0}, {0, 1.1, 0.1}, {0, -1, 0}, {0.1, 0, 1}, {0, 0, -1}};
  octahedron.triangles = {{0, 2, 4}, {2, 1, 4}, {1, 3, 4}, {3, 0, 4}, {2, 0, 5}, {1, 2, 5}, {3, 1, 5}, {0, 3, 5}};
  EXPECT_THAT(simple_fans(octahedron, facings(octahedron)), Each(1));
}

TEST(SimpleFans, AreSimpleWhicheverWayTheyFace) {
  Mesh mesh = cone(7, 1, [](double) { return 0.0; });
  EXPECT_TRUE(simple_at_the_tip(mesh));
  EXPECT_TRUE(simple_at_the_tip(flipped(mesh)));
  for (Eigen::Vector3d& v : mesh.vertices) v = {v.z(), v.x(), v.y()};
  EXPECT_TRUE(simple_at_the_tip(mesh));
}

TEST(SimpleFans, AreNotThoseThatGoRoundTwice) {
  EXPECT_FALSE(simple_at_the_tip(cone(9, 2, [](double angle) { return 0.1 * angle; })));
}

TEST(SimpleFans, AreNotThoseWithAFold) {
  Mesh mesh = cone(12, 1, [](double) { return 0.0; });
  std::swap(mesh.vertices[3], mesh.vertices[4]);
  EXPECT_FALSE(simple_at_the_tip(mesh));
}

TEST(SimpleFans, AreNotThoseOfABoundaryOrOfTwoSheets) {
  Mesh open = cone(7, 1, [](double) { return 0.0; });
  open.triangles.pop_back();
  EXPECT_FALSE(simple_at_the_tip(open));
  Mesh twice = cone(7, 1, [](double) { return 0.0; });
  const std::vector<Eigen::Vector3i> once = twice.triangles;
  twice.triangles.insert(twice.triangles.end(), once.begin(), once.end());
  EXPECT_FALSE(simple_at_the_tip(twice));
}

TEST(Facings, ProveNothingOfATriangleWithoutArea) {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {0.1, 0.1, 0.1}, {0.3, 0.3, 0.3}, {1, 2, 3}};
  mesh.triangles = {{0, 1, 2}, {0, 0, 3}, {0, 1, 3}};
  const std::vector<unsigned char> found = facings(mesh);
  EXPECT_EQ(found[0], 0);
  EXPECT_EQ(found[1], 0);
  EXPECT_NE(found[2], 0);
}

}  // namespace
}  // namespace fit::detail
