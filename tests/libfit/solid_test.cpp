#include "libfit/solid.h"

#include <gtest/gtest.h>

#include "libfit/error.h"

namespace fit {
namespace {

Mesh tetrahedron() {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};
  return mesh;
}

TEST(Solid, AcceptsATetrahedron) { EXPECT_DOUBLE_EQ(volume_mm3(Solid(tetrahedron()).mesh()), 1.0 / 6.0); }

TEST(Solid, RefusesAnOpenSurface) {
  Mesh mesh = tetrahedron();
  mesh.triangles.pop_back();
  EXPECT_THROW(Solid{mesh}, Error);
}

TEST(Solid, RefusesASurfaceInsideOut) { EXPECT_THROW(Solid{flipped(tetrahedron())}, Error); }

TEST(Solid, RefusesATriangleTurnedAbout) {
  Mesh mesh = tetrahedron();
  std::swap(mesh.triangles[0][0], mesh.triangles[0][1]);
  EXPECT_THROW(Solid{mesh}, Error);
}

TEST(Solid, RefusesTwoSolidsThatTouchInAPoint) {
  Mesh mesh = tetrahedron();
  mesh.vertices.insert(mesh.vertices.end(), {{-1, 0, 0}, {0, -1, 0}, {0, 0, -1}});
  for (const Eigen::Vector3i& t : tetrahedron().triangles) {
    const int renamed[4] = {0, 4, 5, 6};
    mesh.triangles.push_back({renamed[t[0]], renamed[t[2]], renamed[t[1]]});
  }
  EXPECT_THROW(Solid{mesh}, Error);
}

TEST(Solid, RefusesWhatIsNotANumber) {
  Mesh mesh = tetrahedron();
  mesh.vertices[2].y() = std::nan("");
  EXPECT_THROW(Solid{mesh}, Error);
}

TEST(Mesh, FindsTheLoopOfAnOpenSurface) {
  Mesh mesh = tetrahedron();
  mesh.triangles.pop_back();
  const auto loops = boundary_loops(mesh);
  ASSERT_EQ(loops.size(), 1u);
  EXPECT_EQ(loops[0].size(), 3u);
}

}  // namespace
}  // namespace fit
