#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "libfit/mesh_io.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

std::string ascii_stl(const std::string& vertices) {
  return "solid a\nfacet normal 0 0 1\nouter loop\n" + vertices + "endloop\nendfacet\nendsolid a\n";
}

TEST(MeshIoStl, ReadsAllTrianglesThatTheSizeTellsOf) {
  std::string bytes = detail::binary_stl_of(ball(5, 10.0), {});
  const auto whole = read(bytes).mesh;
  for (std::uint32_t said : {0u, 7u, 0xffffffffu}) {
    std::memcpy(bytes.data() + 80, &said, 4);
    const MeshFile file = read(bytes, "a.stl");
    EXPECT_EQ(file.mesh, whole);
    EXPECT_THAT(codes(file), ElementsAre("file_triangle_count"));
  }
}

TEST(MeshIoStl, RefusesOneThatWasCutOff) {
  const std::string bytes = detail::binary_stl_of(ball(5, 10.0), {});
  for (std::size_t size : {std::size_t{60}, std::size_t{83}, std::size_t{84}, bytes.size() - 1, bytes.size() - 50})
    EXPECT_THAT(refusal(bytes.substr(0, size), "a.stl"), HasSubstr("cut off")) << size;
}

TEST(MeshIoStl, ReadsTextInAnyLettersAndLineEnds) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    std::string text =
        "SOLID \xc3\xa9t\xc3\xa9\n Facet Normal 0 0 1\n\tOUTER LOOP\nVERTEX 0 0 -0\nvertex +1.5e0 0. 0\n\n vertex 0 1 "
        ".0\n"
        "ENDLOOP\nEndFacet\nEND SOLID\nsolid b\nendsolid";
    for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += std::strlen(end)) text.replace(at, 1, end);
    const MeshFile file = read(text);
    EXPECT_EQ(file.format, "ascii STL");
    EXPECT_EQ(file.objects, 2u);
    EXPECT_EQ(file.mesh.vertices, (std::vector<Eigen::Vector3d>{{0, 0, 0}, {1.5, 0, 0}, {0, 1, 0}}));
  }
}

TEST(MeshIoStl, RefusesTextThatIsNotATriangle) {
  EXPECT_THAT(refusal(ascii_stl("vertex 0,0 0 0\n")), HasSubstr("line 4 has '0,0'"));
  EXPECT_THAT(refusal(ascii_stl("vertex 0 0 nan\n")), HasSubstr("line 4"));
  EXPECT_THAT(refusal(ascii_stl("vertex 0 0 1e999\n")), HasSubstr("line 4"));
  EXPECT_THAT(refusal(ascii_stl("vertex 0 0 1\nvertex 0 1 0\n")), HasSubstr("2 corners"));
  EXPECT_THAT(refusal(ascii_stl("vertex 0 0 1\nvertex 0 1 0\nvertex 1 0 0\nvertex 1 1 1\n")),
              HasSubstr("fourth corner"));
  EXPECT_THAT(refusal(ascii_stl("vertex 0 0 1\nvertex 0 1 0\nvertex 1 0 0\n").substr(0, 90)), HasSubstr("cut off"));
  EXPECT_THAT(refusal("solid a\nendsolid a\n"), HasSubstr("no triangles"));
}

TEST(MeshIoStl, RefusesInfinityNamingTheTriangle) {
  Mesh mesh = ball(4, 1.0);
  std::string bytes = detail::binary_stl_of(mesh, {});
  const float infinity = INFINITY;
  std::memcpy(bytes.data() + 84 + 50 * 6 + 12 + 4, &infinity, 4);
  EXPECT_THAT(refusal(bytes), HasSubstr("triangle 7"));
}

TEST(MeshIoStl, WarnsOfCoarseNumbersAndRefusesALostShape) {
  Mesh mesh = ball(8, 100.0);
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex.x() += 1e6;
  EXPECT_THAT(codes(read(detail::binary_stl_of(mesh, {}))), ::testing::Contains("file_coarse_numbers"));
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex.x() += 1e9;
  EXPECT_THAT(refusal(detail::binary_stl_of(mesh, {})), HasSubstr("far from its origin"));
}

TEST(MeshIoStl, LeavesOutTrianglesWithoutAnArea) {
  Mesh mesh = tetrahedron();
  mesh.triangles.emplace_back(0, 1, 1);
  const MeshFile file = read(detail::binary_stl_of(mesh, {}));
  EXPECT_EQ(file.mesh.triangles.size(), 4u);
  EXPECT_THAT(codes(file), ElementsAre("file_collapsed_triangles"));
}

}  // namespace
}  // namespace fit
