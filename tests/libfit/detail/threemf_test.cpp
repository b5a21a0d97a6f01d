#include <gmock/gmock.h>

#include "libfit/detail/zip_package.h"
#include "libfit/mesh_io.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

}  // namespace
}  // namespace fit
