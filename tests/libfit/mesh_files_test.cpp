// Hard, odd and broken files of others, each with what must become of it. They are not part of the repository.

#include <gmock/gmock.h>

#include <set>

#include "libfit/error.h"
#include "libfit/mesh_io.h"

namespace fit {
namespace {

/// Read, with so many vertices and triangles, or refused with a sentence that holds `words`.
struct Expected {
  const char* name;
  std::size_t vertices;
  std::size_t triangles;
  const char* words = "";
};

constexpr std::size_t none = 0;

const Expected expected[] = {
    {"3mf__MUSTFAIL_Chapter2.3.2a_NonUTF_Encoding.3mf", none, none, "not proper XML"},
    {"3mf__MUSTFAIL_Chapter3.4a_MoreThanOneModel.3mf", none, none, "line 88"},
    {"3mf__MUSTFAIL_Chapter3.4c_MissingResourceElement.3mf", none, none, "object 13"},
    {"3mf__MUSTPASS_Chapter3.2c_MultipleItemsTransform.3mf", 34, 60},
    {"3mf__MUSTPASS_Chapter4.2_Components.3mf", 34, 60},
    {"as__OutOfMemory.off", none, none, "353535235358"},
    {"as__box.3mf", 8, 12},
    {"as__box_UTF16BE.obj", 8, 12},
    {"as__box_longline.obj", 8, 478},
    {"as__box_without_lineending.obj", 8, 12},
    {"as__crash-30d6d0f7c529b3b66b4131700b7a4580cd7082df.ply", none, none, "line 7"},
    {"as__malformed.obj", none, none, "vertex 12"},
    {"as__malformed2.obj", 8, 10},
    {"as__multiple_spaces.obj", 4, 1},
    {"as__point_cloud.obj", none, none, "3 points and no triangles"},
    {"as__points.ply", none, none, "4 points and no triangles"},
    {"as__regr01.obj", 2108, 2710},
    {"as__sphereWithHole.stl", 146, 285},
    {"as__testmixed.obj", 8, 12},
    {"as__triangle_with_empty_solid.stl", 3, 1},
    {"as__triangle_with_two_solids.stl", 6, 2},
    {"gc__fan3.obj", 5, 3},
    {"gc__lego.ply", 1649, 3072},
    {"gc__moebius.obj", 280, 448},
    {"gc__triple_vierbein.obj", 75, 108},
    {"gen__3mf_bomb.3mf", none, none, "100 times its size"},
    {"gen__3mf_norel.3mf", none, none, "_rels/.rels"},
    {"gen__3mf_oob.3mf", none, none, "vertex 77"},
    {"gen__ascii_comma.stl", none, none, "'0,0'"},
    {"gen__ascii_nan.stl", none, none, "line 5"},
    {"gen__count_too_small.stl", 1080, 2000},
    {"gen__count_zero.stl", 1080, 2000},
    {"gen__degenerate.stl", 5648, 10500},
    {"gen__far_offset.stl", 10220, 20000},
    {"gen__flipped_10pct.stl", 15222, 30000},
    {"gen__holes.stl", 15222, 29400},
    {"gen__obj_oob.obj", none, none, "vertex 99"},
    {"gen__off_index_oob.off", none, none, "vertex 9"},
    {"gen__off_neg.off", none, none, "vertex -2"},
    {"gen__ply_list_bomb.ply", none, none, "4294967295"},
    {"gen__random_bytes.stl", none, none, "not a mesh"},
    {"gen__solid_header_binary.stl", 1080, 2000},
    {"gen__trunc.3mf", none, none, "cut off"},
    {"gen__trunc_header.stl", none, none, "cut off"},
    {"gen__trunc_mid_triangle.stl", none, none, "promises 3000 triangles and 2999"},
    {"gen__unwelded_jitter.stl", 60000, 20000},
    {"pmp__L.off", 6, 4},
    {"pmp__hole_capsule.off", 89, 152},
    {"tm__BoxTextured.ply", 24, 12},
    {"tm__busted.STL", 1941, 3878},
    {"tm__counterXP.3MF", 43276, 83750},
    {"tm__empty.obj", none, none, "no surface"},
    {"tm__empty.stl", none, none, "no triangles"},
    {"tm__fandisk.obj", 2877, 5750},
    {"tm__joined_tetrahedra.obj", 5, 8},
    {"tm__large_block.STL", 8, 12},
    {"tm__mirror.ply", 143, 286},
    {"tm__multibody.stl", 20, 32},
    {"tm__negative_indices.obj", 8, 12},
    {"tm__notenoughindices.obj", 3, 1},
    {"tm__obj_wireframe.obj", none, none, "8 points and no triangles"},
    {"tm__plane.ply", 4, 2},
    {"tm__ply_points_ascii.ply", none, none, "8 points and no triangles"},
    {"tm__points_ascii_with_lists.ply", none, none, "5 points and no triangles"},
    {"tm__points_emptyface.ply", none, none, "1024 points and no triangles"},
    {"tm__quadknot.obj", 1440, 2880},
    {"tm__soup.stl", 300, 100},
    {"tm__stl_empty_bin.stl", none, none, "no triangles"},
    {"tm__tet.ply", 4, 4},
    {"tm__tube.obj", 128, 120},
    {"tm__two_objects_mixed_case_names.stl", 16, 24},
};

const std::filesystem::path folder = std::filesystem::path(FIT_SHARED_DATA) / "malformed";

class MeshFiles : public ::testing::TestWithParam<Expected> {};

TEST_P(MeshFiles, AreReadOrRefusedInOneSentence) {
  const Expected& file = GetParam();
  const std::filesystem::path path = folder / file.name;
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  try {
    const MeshFile read = read_mesh(path);
    EXPECT_EQ(read.mesh.vertices.size(), file.vertices);
    EXPECT_EQ(read.mesh.triangles.size(), file.triangles);
    for (const Finding& finding : read.findings) EXPECT_FALSE(sentence(finding).empty());
  } catch (const Error& error) {
    const std::string sentence = error.what();
    EXPECT_EQ(file.triangles, none) << sentence;
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_THAT(sentence, ::testing::HasSubstr(file.words));
    EXPECT_TRUE(sentence.starts_with('\'') && sentence.ends_with('.') && sentence.find('\n') == sentence.npos)
        << sentence;
    EXPECT_LT(sentence.size(), 250u) << sentence;
  }
}

INSTANTIATE_TEST_SUITE_P(OfOthers, MeshFiles, ::testing::ValuesIn(expected),
                         [](const auto& info) { return "File" + std::to_string(info.index); });

TEST(MeshFilesOfOthers, AreAllExpected) {
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not there";
  std::set<std::string> names;
  for (const Expected& file : expected) names.insert(file.name);
  names.insert("INDEX.md");
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    EXPECT_TRUE(names.contains(entry.path().filename())) << entry.path();
}

}  // namespace
}  // namespace fit
