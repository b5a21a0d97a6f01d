#include <gmock/gmock.h>

#include "libfit/mesh_io.h"
#include "tests/libfit/mesh_bytes.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

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

}  // namespace
}  // namespace fit
