#include "models/shapes/shape_model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "libfit/detail/zip_package.h"
#include "libfit/error.h"
#include "libfit/file.h"
#include "models/shapes/npy.h"

namespace fit {
namespace {

template <class T>
std::string npy(const char* type, const std::string& shape, const std::vector<T>& values) {
  std::string header = std::string("{'descr': '") + type + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  header.resize(117, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(header.size());
  bytes += '\0';
  bytes += header;
  bytes.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
  return bytes;
}

using Parts = std::vector<std::pair<std::string, std::string>>;

/// Two triangles that share an edge; one mode that moves them up.
Parts small_model() {
  return {{"mean.npy", npy<float>("<f4", "6, 3", {0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0})},
          {"modes.npy", npy<float>("<f4", "1, 18", {0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1})},
          {"lo.npy", npy<double>("<f8", "1,", {-2.0})},
          {"hi.npy", npy<double>("<f8", "1,", {3.0})},
          {"weld.npy", npy<std::int32_t>("<i4", "6,", {0, 1, 2, 1, 3, 2})},
          {"rep.npy", npy<std::int32_t>("<i4", "4,", {0, 1, 2, 4})},
          {"part.npy", npy<std::int16_t>("<i2", "4,", {0, 0, 0, 0})}};
}

std::filesystem::path written(const Parts& parts) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "shape_model_test.npz";
  write_file(path, detail::zip_of({parts.begin(), parts.end()}));
  return path;
}

TEST(ShapeModel, WeldsCornersAndScalesToMillimetres) {
  const ShapeModel model = read_shape_model(written(small_model()), 10.0);
  EXPECT_EQ(model.mean_mm.size(), 12u);
  EXPECT_EQ(model.mean_mm[3], 10.0);
  EXPECT_EQ(model.triangles, (std::vector<Eigen::Vector3i>{{0, 1, 2}, {1, 3, 2}}));
}

TEST(ShapeModel, DrawsMeanPlusScoreTimesMode) {
  const ShapeModel model = read_shape_model(written(small_model()), 10.0);
  const DrawnShape drawn = draw_shape(model, 5, 1.0);
  ASSERT_EQ(drawn.scores.size(), 1u);
  EXPECT_GE(drawn.scores[0], -2.0);
  EXPECT_LE(drawn.scores[0], 3.0);
  EXPECT_DOUBLE_EQ(drawn.skin.vertices[1].z(), 10.0 * drawn.scores[0]);
  EXPECT_EQ(drawn.skin.vertices[1].x(), -10.0);
  EXPECT_EQ(draw_shape(model, 5, 0.0).skin.vertices[1].z(), 0.0);
  EXPECT_EQ(draw_shape(model, 5).skin, draw_shape(model, 5).skin);
}

TEST(ShapeModel, SaysThatTheLimbInheritsTheLicence) {
  const DrawnShape drawn = draw_shape(read_shape_model(written(small_model())), 1);
  EXPECT_NE(drawn.licence_note.find("inherits the licence"), std::string::npos);
  EXPECT_NE(drawn.licence_note.find("shape_model_test"), std::string::npos);
}

TEST(ShapeModel, RefusesArraysThatDoNotFitTogether) {
  for (std::size_t which = 0; which < small_model().size(); ++which) {
    Parts parts = small_model();
    parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(which));
    EXPECT_THROW(read_shape_model(written(parts)), Error) << which;
  }
  Parts parts = small_model();
  parts[4].second = npy<std::int32_t>("<i4", "6,", {0, 1, 2, 1, 4, 2});
  EXPECT_THROW(read_shape_model(written(parts)), Error);
  parts[4].second = npy<std::int32_t>("<i4", "5,", {0, 1, 2, 1, 3});
  EXPECT_THROW(read_shape_model(written(parts)), Error);
}

TEST(ShapeModel, RefusesWhatIsNotAModel) {
  EXPECT_THROW(read_shape_model("/nowhere/model.npz"), Error);
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "not_a_model.npz";
  write_file(path, "solid of no substance");
  EXPECT_THROW(read_shape_model(path), Error);
  EXPECT_THROW(draw_shape({}, 1, 3.0), Error);
}

TEST(Npy, RefusesEveryTruncation) {
  const std::string whole = npy<double>("<f8", "2, 2", {1, 2, 3, 4});
  EXPECT_EQ(read_npy(whole).values, (std::vector<double>{1, 2, 3, 4}));
  for (std::size_t size = 0; size < whole.size(); ++size) EXPECT_THROW(read_npy(whole.substr(0, size)), Error) << size;
}

TEST(Npy, RefusesHugeShapesWithoutReservingThem) {
  EXPECT_THROW(read_npy(npy<double>("<f8", "2000000000, 2000000000", {1.0})), Error);
  EXPECT_THROW(read_npy(npy<double>("<f8", "99999999999999999999", {1.0})), Error);
  EXPECT_THROW(read_npy(npy<double>(">f8", "1,", {1.0})), Error);
}

TEST(ShapeModel, ReadsOpenLimb) {
  const std::filesystem::path path = FIT_SHARED_DATA "/shape_models/openlimb_tt_2022-10.npz";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "the shared data is absent";
  const ShapeModel model = read_shape_model(path);
  EXPECT_EQ(model.modes_mm.size(), 10u);
  const DrawnShape drawn = draw_shape(model, 3);
  EXPECT_EQ(drawn.bones.size(), 4u);
  EXPECT_EQ(boundary_loops(drawn.skin).size(), 1u);
  EXPECT_NEAR(bounding_box(drawn.skin).size().z(), 200.0, 80.0);
  // The patella, the last of the bones, lies in front of the femur.
  EXPECT_GT(bounding_box(drawn.bones[3]).highest.y(), bounding_box(drawn.bones[2]).highest.y());
}

}  // namespace
}  // namespace fit
