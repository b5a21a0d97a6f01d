#include "libfit/mesh_io.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "libfit/detail/mesh_formats.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Mesh tetrahedron() {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};
  return mesh;
}

/// A closed ball of `rings` x 2 `rings` cells whose numbers are not short.
Mesh ball(int rings, double radius_mm) {
  Mesh mesh;
  const int around = 2 * rings;
  mesh.vertices.emplace_back(0, 0, -radius_mm);
  for (int i = 1; i < rings; ++i)
    for (int k = 0; k < around; ++k) {
      const double polar = std::numbers::pi * i / rings;
      const double turn = 2.0 * std::numbers::pi * k / around;
      mesh.vertices.emplace_back(radius_mm * std::sin(polar) * std::cos(turn),
                                 radius_mm * std::sin(polar) * std::sin(turn), -radius_mm * std::cos(polar));
    }
  mesh.vertices.emplace_back(0, 0, radius_mm);
  const int last = static_cast<int>(mesh.vertices.size()) - 1;
  const auto at = [&](int ring, int k) { return 1 + (ring - 1) * around + k % around; };
  for (int k = 0; k < around; ++k) {
    mesh.triangles.emplace_back(0, at(1, k + 1), at(1, k));
    mesh.triangles.emplace_back(last, at(rings - 1, k), at(rings - 1, k + 1));
    for (int i = 1; i + 1 < rings; ++i) {
      mesh.triangles.emplace_back(at(i, k), at(i, k + 1), at(i + 1, k));
      mesh.triangles.emplace_back(at(i, k + 1), at(i + 1, k + 1), at(i + 1, k));
    }
  }
  return mesh;
}

MeshFile read(std::string_view bytes, const char* name = "a") { return detail::mesh_from_bytes(bytes, name); }

std::string refusal(std::string_view bytes, const char* name = "a") {
  try {
    read(bytes, name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  ADD_FAILURE() << "it was read";
  return {};
}

TEST(MeshIoStl, WeldsAClosedBallAgain) {
  const Mesh mesh = ball(40, 100.0);
  const MeshFile file = read(detail::binary_stl_of(mesh, {}));
  EXPECT_EQ(file.format, "binary STL");
  EXPECT_EQ(file.mesh.vertices.size(), mesh.vertices.size());
  EXPECT_NEAR(volume_mm3(Solid(file.mesh).mesh()), volume_mm3(mesh), 1e-6 * volume_mm3(mesh));
  EXPECT_TRUE(file.findings.empty());
}

TEST(MeshIoStl, WeldsMinusZeroToZero) {
  Mesh mesh = tetrahedron();
  mesh.vertices.emplace_back(-0.0, -0.0, 0.0);
  mesh.triangles[1][0] = 4;
  EXPECT_EQ(read(detail::binary_stl_of(mesh, {})).mesh.vertices.size(), 4u);
}

TEST(MeshIoStl, IsToldByItsSizeEvenWhenItsHeaderSaysSolid) {
  std::string bytes = detail::binary_stl_of(tetrahedron(), {});
  std::memcpy(bytes.data(), "solid facet", 11);
  EXPECT_EQ(read(bytes).format, "binary STL");
}

TEST(MeshIoPly, KeepsEveryBit) {
  Mesh mesh = ball(9, 123.456);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    mesh.colors.emplace_back((i % 256) / 255.0, (i % 7) / 255.0, 1.0);
  MeshExtras extras;
  extras.vertex_values = {{"change_mm", Values(mesh.vertices.size(), 0.1)}};
  extras.vertex_values[0].second[3] = -1e-300;
  extras.triangle_values = {{"invented", Values(mesh.triangles.size(), 1.0)}};
  extras.metadata = {{"made by", "Fit\nend_header"}};
  const MeshFile file = read(detail::ply_of(mesh, extras));
  EXPECT_EQ(file.mesh, mesh);
  EXPECT_EQ(file.vertex_values, extras.vertex_values);
  EXPECT_EQ(file.triangle_values, extras.triangle_values);
}

}  // namespace
}  // namespace fit
