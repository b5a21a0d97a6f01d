#include "libfit/mesh_io.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <numbers>

#include "libfit/detail/mesh_formats.h"
#include "libfit/detail/zip_package.h"
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

std::string ascii_stl(const std::string& vertices) {
  return "solid a\nfacet normal 0 0 1\nouter loop\n" + vertices + "endloop\nendfacet\nendsolid a\n";
}

std::vector<std::string> codes(const MeshFile& file) {
  std::vector<std::string> result;
  for (const Finding& finding : file.findings) {
    EXPECT_EQ(sentence(finding).find('{'), std::string::npos) << sentence(finding);
    result.push_back(finding.code);
  }
  return result;
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

// ---- PLY

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

// ---- OBJ

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

// ---- OFF

TEST(MeshIoOff, ReadsCommentsColoursAndPolygons) {
  const MeshFile file = read(
      "# a\nCOFF # b\n\n4 1 0\n0 0 0 255 0 0 255\n1 0 0 0 0 0 255 # c\n1 1 0 0 0 0 255\n0 1 0 0 0 51 255\n4 0 1 2 3 "
      "0.5 0.5 0.5\n");
  EXPECT_EQ(file.format, "OFF");
  EXPECT_EQ(file.mesh.triangles.size(), 2u);
  EXPECT_EQ(file.mesh.colors[3], Eigen::Vector3d(0, 0, 0.2));
  EXPECT_EQ(read("OFF 3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2").mesh.triangles.size(), 1u);
}

TEST(MeshIoOff, RefusesFalseCounts) {
  EXPECT_THAT(refusal("OFF\n4000000000 1 0\n0 0 0\n"), HasSubstr("4000000000"));
  EXPECT_THAT(refusal("OFF\n3 2 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"), HasSubstr("promises 2 faces"));
  EXPECT_THAT(refusal("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n4000000000 0 1 2\n"), HasSubstr("line 6"));
  EXPECT_THAT(refusal("OFF\n-3 1 0\n"), HasSubstr("how many vertices"));
  EXPECT_THAT(refusal("4OFF\n3 1 0\n"), HasSubstr("three coordinates"));
  EXPECT_THAT(refusal("OFF BINARY\n3 1 0\n"), HasSubstr("binary OFF"));
}

// ---- 3MF

/// A 3MF file around a model's resources and build.
std::string threemf(const std::string& resources, const std::string& build = "<item objectid=\"1\"/>",
                    const std::string& model_attributes = "") {
  const std::string text =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><model unit=\"inch\" "
      "xmlns=\"http://schemas.microsoft.com/3dmanufacturing/core/2015/02\" " +
      model_attributes + "><resources>" + resources + "</resources><build>" + build + "</build></model>";
  return detail::zip_of(
      {{"[Content_Types].xml", "<Types/>"},
       {"_rels/.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship "
        "Target=\"/3D/3dmodel.model\" Id=\"a\" "
        "Type=\"http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel\"/></Relationships>"},
       {"3D/3dmodel.model", text}});
}

std::string object(int id, const std::string& attributes = "", const std::string& z = "1") {
  return "<object id=\"" + std::to_string(id) + "\" " + attributes +
         "><mesh><vertices><vertex x=\"0\" y=\"0\" z=\"0\"/><vertex x=\"1\" y=\"0\" z=\"0\"/><vertex x=\"0\" y=\"1\" "
         "z=\"0\"/>"
         "<vertex x=\"0\" y=\"0\" z=\"" +
         z +
         "\"/></vertices><triangles><triangle v1=\"0\" v2=\"2\" v3=\"1\"/><triangle v1=\"0\" "
         "v2=\"1\" v3=\"3\"/><triangle v1=\"1\" v2=\"2\" v3=\"3\"/><triangle v1=\"0\" v2=\"3\" "
         "v3=\"2\"/></triangles></mesh></object>";
}

TEST(MeshIo3mf, KeepsEveryThirtyTwoBits) {
  Mesh mesh = ball(9, 123.456);
  const MeshFile file = read(detail::threemf_of(mesh, {"a & b", {{"Title", "<\"é\">"}, {"side", "L"}}, {}, {}}));
  ASSERT_EQ(file.mesh.vertices.size(), mesh.vertices.size());
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    for (int axis = 0; axis < 3; ++axis)
      EXPECT_EQ(static_cast<float>(file.mesh.vertices[i][axis]), static_cast<float>(mesh.vertices[i][axis]));
  EXPECT_EQ(file.mesh.triangles, mesh.triangles);
  EXPECT_EQ(file.declared_unit, Unit::millimetre);
}

TEST(MeshIo3mf, PlacesObjectsOfObjects) {
  const std::string twice =
      "<object id=\"2\"><components><component objectid=\"1\" transform=\"2 0 0 0 2 0 0 0 2 10 0 0\"/>"
      "<component objectid=\"1\"/></components></object>";
  const MeshFile file = read(threemf(
      object(1) + twice, "<item objectid=\"2\" transform=\"-1 0 0 0 1 0 0 0 1 0 0 5\"/><item objectid=\"1\"/>"));
  EXPECT_EQ(file.declared_unit, Unit::inch);
  EXPECT_EQ(file.objects, 2u);
  EXPECT_EQ(file.mesh.triangles.size(), 12u);
  EXPECT_NEAR(volume_mm3(file.mesh), 10.0 / 6.0, 1e-12) << "a mirrored object is turned inside out again";
  EXPECT_EQ(bounding_box(file.mesh).lowest, Eigen::Vector3d(-12, 0, 0));
  EXPECT_EQ(bounding_box(file.mesh).highest, Eigen::Vector3d(1, 2, 7));
}

TEST(MeshIo3mf, LeavesSupportsOut) {
  const MeshFile file =
      read(threemf(object(1) + object(2, "type=\"support\""), "<item objectid=\"1\"/><item objectid=\"2\"/>"));
  EXPECT_EQ(file.mesh.triangles.size(), 4u);
  EXPECT_THAT(codes(file), ElementsAre("file_supports_left_out"));
}

TEST(MeshIo3mf, RefusesWhatTheSpecificationForbids) {
  EXPECT_NO_THROW(read(threemf(object(1))));
  EXPECT_THAT(refusal(threemf(object(1), "")), HasSubstr("names no object"));
  EXPECT_THAT(refusal(threemf(object(1), "<item objectid=\"7\"/>")), HasSubstr("object 7"));
  EXPECT_THAT(refusal(threemf(object(1, "type=\"other\""))), HasSubstr("'other'"));
  EXPECT_THAT(refusal(threemf(object(1, "type=\"thing\""))), HasSubstr("'thing'"));
  EXPECT_THAT(refusal(threemf(object(1, "pindex=\"0\""))), HasSubstr("pid"));
  EXPECT_THAT(refusal(threemf(object(1, "pid=\"5\" pindex=\"0\""))), HasSubstr("resource 5"));
  EXPECT_THAT(refusal(threemf(object(1) + object(1))), HasSubstr("second resource"));
  EXPECT_THAT(refusal(threemf(object(1, "", "nan"))), HasSubstr("not a number"));
  EXPECT_THAT(refusal(threemf(object(1, "", "1e999"))), HasSubstr("not a number"));
  EXPECT_THAT(refusal(threemf(object(1, "", "1,5"))), HasSubstr("'1,5'"));
  EXPECT_THAT(refusal(threemf(object(1) + "<thing/>")), HasSubstr("'thing'"));
  EXPECT_THAT(refusal(threemf(object(1), "<item objectid=\"1\" transform=\"1 0 0\"/>")), HasSubstr("twelve"));
  EXPECT_THAT(refusal(threemf(object(1), "<item objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 0 0 0 0\"/>")),
              HasSubstr("flat"));
  EXPECT_THAT(refusal(threemf(object(1), "<item objectid=\"1\"/>", "xml:space=\"preserve\"")), HasSubstr("'space'"));
  EXPECT_THAT(refusal(threemf(object(1), "<item objectid=\"1\"/>", "xmlns:q=\"urn:q\" requiredextensions=\"q\"")),
              HasSubstr("urn:q"));
  EXPECT_THAT(refusal(threemf("<object id=\"1\"/>")), HasSubstr("no shape"));
  EXPECT_THAT(refusal(threemf("<object id=\"1\"><components><component objectid=\"1\"/></components></object>")),
              HasSubstr("not there before it"));
}

TEST(MeshIo3mf, RefusesObjectsThatMultiply) {
  std::string resources = object(1);
  for (int id = 2; id < 40; ++id) {
    const std::string component = "<component objectid=\"" + std::to_string(id - 1) + "\"/>";
    resources +=
        "<object id=\"" + std::to_string(id) + "\"><components>" + component + component + "</components></object>";
  }
  EXPECT_THAT(refusal(threemf(resources, "<item objectid=\"39\"/>")), HasSubstr("too many times"));
}

TEST(MeshIo3mf, RefusesABombOfBlanks) {
  EXPECT_THAT(refusal(threemf(object(1) + std::string(5'000'000, ' '))), HasSubstr("100 times"));
}

// ---- all formats

TEST(MeshIo, SaysWhatAFileIsThatItCannotRead) {
  EXPECT_THAT(refusal(""), HasSubstr("empty"));
  EXPECT_THAT(refusal("\n\n  \n", "a.obj"), HasSubstr("no surface"));
  EXPECT_THAT(refusal("glTF\x02", "a.obj"), HasSubstr("glTF"));
  EXPECT_THAT(refusal("\x1f\x8b\x08", "a.stl"), HasSubstr("gzip"));
  EXPECT_THAT(refusal("<!DOCTYPE html><html>", "a.stl"), HasSubstr("page of the web"));
  EXPECT_THAT(refusal("hello world, this is a letter", "a.txt"), HasSubstr("not a mesh"));
  EXPECT_THAT(refusal("PK\x05\x06", "a.3mf"), HasSubstr("zip"));
  EXPECT_LT(refusal("solid", "scan.stl").size(), 200u);
}

TEST(MeshIo, StopsInTheMiddle) {
  const Mesh mesh = ball(30, 1.0);
  for (const std::string& bytes : {detail::binary_stl_of(mesh, {}), detail::ply_of(mesh, {}), detail::obj_of(mesh, {}),
                                   detail::threemf_of(mesh, {})}) {
    int reports = 0;
    EXPECT_THROW(detail::mesh_from_bytes(bytes, "a", Progress([&](double, std::string_view) { return ++reports < 2; })),
                 Cancelled);
  }
}

class MeshIoFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / ("fit_mesh_io_" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(MeshIoFiles, WriteTheSameBytesAgain) {
  const Mesh mesh = ball(12, 77.7);
  const MeshExtras extras{"limb", {{"Title", "left"}}, {}, {}};
  for (const char* name : {"a.stl", "a.PLY", "a.Obj", "a.3mf"}) {
    write_mesh(folder_ / name, mesh, extras);
    const std::string first = read_file(folder_ / name);
    write_mesh(folder_ / name, mesh, extras);
    EXPECT_EQ(sha256(read_file(folder_ / name)), sha256(first)) << name;
    EXPECT_EQ(read_mesh(folder_ / name).mesh.triangles.size(), mesh.triangles.size());
  }
  EXPECT_THROW(write_mesh(folder_ / "a.xyz", mesh), Error);
  EXPECT_THROW(read_mesh(folder_), Error);
}

TEST_F(MeshIoFiles, PrintASolidWhoseVerticesFallTogetherIn32Bits) {
  // Points far below the 32-bit step apart: STL readers weld them, and nothing must open.
  Mesh mesh = ball(20, 1e-6);
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex += Eigen::Vector3d(300, 300, 300);
  Mesh both = ball(20, 50.0);
  const int first = static_cast<int>(both.vertices.size());
  both.vertices.insert(both.vertices.end(), mesh.vertices.begin(), mesh.vertices.end());
  for (const Eigen::Vector3i& t : mesh.triangles) both.triangles.emplace_back(t + Eigen::Vector3i::Constant(first));
  const Solid solid(both);
  for (const char* name : {"a.stl", "a.3mf"}) {
    write_print(folder_ / name, solid);
    const Solid again(read_mesh(folder_ / name).mesh);
    EXPECT_EQ(again.mesh().vertices.size(), both.vertices.size()) << name;
    EXPECT_NEAR(volume_mm3(again.mesh()), volume_mm3(both), 1e-4 * volume_mm3(both));
  }
  const Solid rounded = print_solid(solid);
  for (const Eigen::Vector3d& vertex : rounded.mesh().vertices)
    for (int axis = 0; axis < 3; ++axis) ASSERT_EQ(vertex[axis], static_cast<double>(static_cast<float>(vertex[axis])));
  EXPECT_EQ(print_solid(rounded).mesh(), rounded.mesh()) << "what is rounded stays";
}

TEST_F(MeshIoFiles, WriteNoPrintFileOfALostVolume) {
  Mesh mesh = ball(6, 1e-3);
  for (Eigen::Vector3d& vertex : mesh.vertices) vertex += Eigen::Vector3d(1e5, 1e5, 1e5);
  EXPECT_THROW(write_print(folder_ / "a.stl", Solid(mesh)), Error);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.stl"));
}

}  // namespace
}  // namespace fit
