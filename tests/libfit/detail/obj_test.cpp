#include <gmock/gmock.h>

#include "libfit/mesh_io.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(MeshIoObj, KeepsEveryBit) {
  Mesh mesh = ball(120, 123.456);  // more than one piece of a thread
  const MeshFile file = read(detail::obj_of(mesh, {"limb", {{"made by", "Fit\nv 1 2 3"}}, {}, {}}));
  EXPECT_EQ(file.mesh, mesh);
  EXPECT_EQ(file.objects, 1u);
}

TEST(MeshIoObj, ReadsEveryWayToNameACorner) {
  const MeshFile file = read(
      "mtllib a.mtl\no one\nv 0 0 0\nv 1 0 0 # here\nv 1 1 \\\n 0\r\ng x y\nv 0 1 0 1.0\nvt 0 0\nvn 0 0 1\n"
      "s off\nusemtl m\nf 1/1/1 2//1 3/1\nf -4 -2 -1\\\n\no two\n\tf   1  3\t4  # a comment\nl 1 2\np 1");
  EXPECT_EQ(file.objects, 2u);
  EXPECT_EQ(file.mesh.vertices.size(), 4u);
  EXPECT_EQ(file.mesh.triangles, (std::vector<Eigen::Vector3i>{{0, 1, 2}, {0, 2, 3}, {0, 2, 3}}));
}

TEST(MeshIoObj, ReadsColoursBehindVertices) {
  const std::string face = "f 1 2 3\n";
  EXPECT_EQ(read("v 0 0 0 1 0.5 0\nv 1 0 0 0 0 0\nv 0 1 0 0 0 1\n" + face).mesh.colors[0], Eigen::Vector3d(1, 0.5, 0));
  EXPECT_EQ(read("v 0 0 0 255 51 0\nv 1 0 0 0 0 0\nv 0 1 0 0 0 1\n" + face).mesh.colors[0], Eigen::Vector3d(1, 0.2, 0));
  EXPECT_TRUE(read("v 0 0 0 1 0.5 0\nv 1 0 0\nv 0 1 0 0 0 1\n" + face).mesh.colors.empty());
}

TEST(MeshIoObj, CountsBackAcrossPieces) {
  std::string text;
  for (int i = 0; i < 120'000; ++i)
    text += "v " + std::to_string(i) + " 0.25 " + std::to_string(i % 7) + "\n" + (i % 3 == 2 ? "f -3 -2 -1\n" : "");
  ASSERT_GT(text.size(), 2u << 20);
  const Mesh mesh = read(text).mesh;
  ASSERT_EQ(mesh.triangles.size(), 40'000u);
  for (int i = 0; i < 40'000; ++i) ASSERT_EQ(mesh.triangles[i], Eigen::Vector3i(3 * i, 3 * i + 1, 3 * i + 2));
}

TEST(MeshIoObj, CutsHollowPolygonsInside) {
  // A comb of 200 teeth: fans and careless ears leave it.
  std::string text, face = "f";
  const int teeth = 200;
  double area = 0.0;
  for (int i = 0; i <= 2 * teeth; ++i) text += "v " + std::to_string(i) + " " + (i % 2 ? "1" : "9") + " 5\n";
  text += "v " + std::to_string(2 * teeth) + " 0 5\nv 0 0 5\n";
  for (int i = 2 * teeth + 3; i > 0; --i) face += " " + std::to_string(i);
  area = 2 * teeth * 5.0;
  const Mesh mesh = read(text + face + "\n").mesh;
  EXPECT_EQ(mesh.triangles.size(), 2u * teeth + 1u);
  EXPECT_NEAR(area_mm2(mesh), area, 1e-9);
}

TEST(MeshIoObj, RefusesWhatIsNoFace) {
  const std::string points = "v 0 0 0\nv 1 0 0\nv 0 1 0\n";
  EXPECT_THAT(refusal(points + "f 1 2 4\n"), HasSubstr("vertex 4 and there are 3"));
  EXPECT_THAT(refusal(points + "f 0 1 2\n"), HasSubstr("vertex 0"));
  EXPECT_THAT(refusal(points + "f 1 2 -4\n"), HasSubstr("face 1"));
  EXPECT_THAT(refusal(points + "f 1 2 99999999999\n"), HasSubstr("face 1"));
  EXPECT_THAT(refusal(points + "f 1 2 99999999999999999999\n"), HasSubstr("line 4"));
  EXPECT_THAT(refusal(points + "f 1 2 c\n"), HasSubstr("line 4 has 'c'"));
  EXPECT_THAT(refusal(points + "v 1 2\nf 1 2 3\n"), HasSubstr("line 4"));
  EXPECT_THAT(refusal(points + "v 1 inf 2\nf 1 2 3\n"), HasSubstr("line 4"));
  EXPECT_THAT(refusal(points + "l 1 2 3\n"), HasSubstr("3 points and no triangles"));
  EXPECT_THAT(codes(read(points + "f 1 2\nf 1 2 3\n")), ElementsAre("file_faces_left_out"));
}

TEST(MeshIoObj, ReadsTextOfSixteenBits) {
  const std::string text = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n";
  std::string little = "\xff\xfe", big = "\xfe\xff";
  for (char c : text) little += {c, '\0'}, big += {'\0', c};
  EXPECT_EQ(read(little).mesh, read(text).mesh);
  EXPECT_EQ(read(big).mesh, read(text).mesh);
}

}  // namespace
}  // namespace fit
