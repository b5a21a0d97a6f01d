#include "scanners/detail/trim_scan.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

namespace fit {

namespace {

/// A tube of radius 50 about z, its lower end closed to a point, whose upper rim waves by `ragged_mm`.
Mesh tube(double ragged_mm) {
  constexpr int around = 120, rows = 200;
  Mesh mesh;
  for (int row = 0; row <= rows; ++row)
    for (int i = 0; i < around; ++i) {
      const double angle = 2.0 * std::numbers::pi * i / around;
      const double top = 200.0 + ragged_mm * std::sin(7.0 * angle);
      mesh.vertices.emplace_back(50.0 * std::cos(angle), 50.0 * std::sin(angle), top * row / rows);
    }
  const int tip = static_cast<int>(mesh.vertices.size());
  mesh.vertices.emplace_back(0, 0, -10);
  for (int i = 0; i < around; ++i) {
    const int j = (i + 1) % around;
    mesh.triangles.emplace_back(tip, j, i);
    for (int row = 0; row < rows; ++row) {
      const int a = row * around;
      mesh.triangles.emplace_back(a + i, a + j, a + around + j);
      mesh.triangles.emplace_back(a + i, a + around + j, a + around + i);
    }
  }
  return mesh;
}

}  // namespace

TEST(TrimScan, CutsARaggedOpenEndSquare) {
  Mesh mesh = tube(8.0);
  Values heights;
  for (const auto& v : mesh.vertices) heights.push_back(v.z());
  cut_open_end(mesh, heights);
  const auto loops = boundary_loops(mesh);
  ASSERT_EQ(loops.size(), 1u);
  double low = 1e9, high = -1e9;
  for (const int i : loops.front()) {
    low = std::min(low, mesh.vertices[static_cast<std::size_t>(i)].z());
    high = std::max(high, mesh.vertices[static_cast<std::size_t>(i)].z());
  }
  EXPECT_LT(high - low, 2.0);
  EXPECT_GT(low, 185.0);
  EXPECT_LT(high, 195.0);
  ASSERT_EQ(heights.size(), mesh.vertices.size());
  for (const int i : loops.front())
    EXPECT_NEAR(heights[static_cast<std::size_t>(i)], mesh.vertices[static_cast<std::size_t>(i)].z(), 1e-9);
}

TEST(TrimScan, LeavesWhatIsClosedAsItIs) {
  Mesh mesh = tube(0.0);
  const int rim = 200 * 120;
  for (int i = 2; i < 120; ++i) mesh.triangles.emplace_back(rim, rim + i - 1, rim + i);
  Values values(mesh.vertices.size(), 1.0);
  const Mesh before = mesh;
  cut_open_end(mesh, values);
  EXPECT_TRUE(mesh == before);
}

}  // namespace fit
