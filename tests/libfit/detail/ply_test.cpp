#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "libfit/mesh_io.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

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

template <class Value>
void put(std::string& bytes, Value value, bool big_endian) {
  std::array<char, sizeof value> raw;
  std::memcpy(raw.data(), &value, sizeof value);
  if (big_endian) std::reverse(raw.begin(), raw.end());
  bytes.append(raw.data(), raw.size());
}

/// A triangle and a square beside numbers that do not matter, in an odd order and odd types.
std::string odd_ply(const std::string& encoding, const std::string& line_end) {
  std::string header =
      "ply\nformat " + encoding +
      " 1.0\ncomment a\nobj_info b\nelement camera 1\nproperty list ushort short path\n"
      "element vertex 5\nproperty uchar red\nproperty double z\nproperty short y\nproperty list uchar int more\n"
      "property float x\nproperty uchar green\nproperty float quality\nproperty uchar blue\n"
      "element nothing 4000000000\nelement face 2\nproperty int flags\nproperty list int uint "
      "vertex_index\nend_header\n";
  for (std::size_t at = 0; (at = header.find('\n', at)) != header.npos; at += line_end.size())
    header.replace(at, 1, line_end);
  const bool big = encoding == "binary_big_endian";
  const bool ascii = encoding == "ascii";
  std::string body = ascii ? "2 -1 -2\n" : "";
  if (!ascii) put(body, std::uint16_t{2}, big), put(body, std::int16_t{-1}, big), put(body, std::int16_t{-2}, big);
  for (int i = 0; i < 5; ++i) {
    const int x = i == 1 || i == 2, y = i == 2 || i == 3, z = i == 4;
    if (ascii) {
      body += "255 " + std::to_string(z) + ".0 " + std::to_string(y) + " 1 7 " + std::to_string(x) + " 0 " +
              std::to_string(i) + ".5 51\n";
    } else {
      put(body, std::uint8_t{255}, big), put(body, double(z), big), put(body, std::int16_t(y), big),
          put(body, std::uint8_t{1}, big);
      put(body, std::int32_t{7}, big), put(body, float(x), big), put(body, std::uint8_t{0}, big),
          put(body, float(i) + 0.5f, big);
      put(body, std::uint8_t{51}, big);
    }
  }
  const std::vector<std::vector<std::uint32_t>> faces{{0, 1, 4}, {0, 1, 2, 3}};
  for (std::size_t i = 0; i < 2; ++i) {
    if (ascii) body += std::to_string(10 + i) + " " + std::to_string(faces[i].size());
    if (!ascii) put(body, std::int32_t(10 + i), big), put(body, std::int32_t(faces[i].size()), big);
    for (std::uint32_t corner : faces[i])
      if (ascii)
        body += " " + std::to_string(corner);
      else
        put(body, corner, big);
    if (ascii) body += "\n";
  }
  return header + body;
}

TEST(MeshIoPly, ReadsAnyOrderAndTypeInEveryEncoding) {
  for (const char* encoding : {"ascii", "binary_little_endian", "binary_big_endian"})
    for (const char* line_end : {"\n", "\r\n", "\r"}) {
      SCOPED_TRACE(encoding);
      const MeshFile file = read(odd_ply(encoding, line_end));
      EXPECT_EQ(file.mesh.vertices,
                (std::vector<Eigen::Vector3d>{{0, 0, 0}, {1, 0, 0}, {1, 1, 0}, {0, 1, 0}, {0, 0, 1}}));
      ASSERT_EQ(file.mesh.triangles.size(), 3u);
      EXPECT_EQ(file.mesh.triangles[0], Eigen::Vector3i(0, 1, 4));
      EXPECT_NEAR(area_mm2(file.mesh), 1.5, 1e-12);
      EXPECT_EQ(file.mesh.colors, std::vector<Eigen::Vector3d>(5, Eigen::Vector3d(1, 0, 0.2)));
      ASSERT_EQ(file.vertex_values.size(), 1u);
      EXPECT_EQ(file.vertex_values[0], std::pair(std::string("quality"), Values{0.5, 1.5, 2.5, 3.5, 4.5}));
      ASSERT_EQ(file.triangle_values.size(), 1u);
      EXPECT_EQ(file.triangle_values[0], std::pair(std::string("flags"), Values{10, 11, 11}));
    }
}

TEST(MeshIoPly, ReadsStripsOfTriangles) {
  const MeshFile file = read(
      "ply\nformat ascii 1.0\nelement vertex 5\nproperty float x\nproperty float y\nproperty float z\n"
      "element tristrips 1\nproperty list int int vertex_indices\nend_header\n"
      "0 0 0\n1 0 0\n0 1 0\n1 1 0\n2 2 0\n8 0 1 2 3 -1 1 4 3\n");
  EXPECT_EQ(file.mesh.triangles, (std::vector<Eigen::Vector3i>{{0, 1, 2}, {2, 1, 3}, {1, 4, 3}}));
}

TEST(MeshIoPly, RefusesWhatItsHeaderCannotMean) {
  const std::string start = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n";
  const std::string faces = "property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n";
  const std::string points = "0 0 0\n1 0 0\n0 1 0\n";
  EXPECT_EQ(read(start + faces + points + "3 0 1 2\n").mesh.triangles.size(), 1u);
  EXPECT_THAT(refusal(start + faces + points + "3 0 1 3\n"), HasSubstr("vertex 3"));
  EXPECT_THAT(refusal(start + faces + points + "3 0 1 -1\n"), HasSubstr("vertex -1"));
  EXPECT_THAT(refusal(start + faces + points + "3 0 1 0.5\n"), HasSubstr("whole number"));
  EXPECT_THAT(refusal(start + faces + points + "3 0 1\n"), HasSubstr("line 13 has too few"));
  EXPECT_THAT(refusal(start + faces + points + "9999 0 1 2\n"), HasSubstr("lists 9999"));
  EXPECT_THAT(refusal(start + faces + "0 0 0\n1 0 nan\n0 1 0\n3 0 1 2\n"), HasSubstr("vertex 2"));
  EXPECT_THAT(refusal(start + faces + "0 0 0\n1 0 x\n0 1 0\n3 0 1 2\n"), HasSubstr("'x'"));
  EXPECT_THAT(refusal(start + "end_header\n" + points), HasSubstr("x, y and z"));
  EXPECT_THAT(refusal(start + "property floot z\nend_header\n"), HasSubstr("'floot'"));
  EXPECT_THAT(refusal(start + "property float z\n"), HasSubstr("no end"));
  EXPECT_THAT(
      refusal(start + "element face 99999999999999\nproperty list uchar int vertex_indices\nend_header\n" + points),
      HasSubstr(""));
  EXPECT_THAT(refusal("ply\nelement vertex 3\nend_header\n"), HasSubstr("format"));
  EXPECT_THAT(refusal("ply\nformat ascii 1.0\nproperty float x\nend_header\n"), HasSubstr("property of nothing"));
  EXPECT_THAT(refusal(detail::ply_of(ball(5, 1.0), {}).substr(0, 1000)), HasSubstr("more than the file holds"));
}

TEST(MeshIoPly, WritesNoValuesThatDoNotFit) {
  MeshExtras extras;
  extras.vertex_values = {{"change_mm", Values(3)}};
  EXPECT_THROW(detail::ply_of(tetrahedron(), extras), Error);
  extras.vertex_values = {{"a b", Values(4)}};
  EXPECT_THROW(detail::ply_of(tetrahedron(), extras), Error);
}

}  // namespace
}  // namespace fit
