#include "libfit/mesh_io.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "libfit/file.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

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
