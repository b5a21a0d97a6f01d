#include "libfit/landmark_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "libfit/error.h"

namespace fit {
namespace {

TEST(LandmarkFile, ReadsBackWhatItWrote) {
  LandmarkFile file;
  file.in_limb_frame = true;
  file.landmarks[Landmark::fibular_head] = {{1.0 / 3.0, -2.5, 1e-17}, 0.75, false};
  file.landmarks[Landmark::mid_patellar_tendon] = {{0.0, 50.0, 150.0}, 1.0, true};
  EXPECT_EQ(parse_landmarks(landmarks_text(file), "t"), file);

  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "landmarks.json";
  write_landmarks(path, file);
  EXPECT_EQ(read_landmarks(path), file);
  std::filesystem::remove(path);
}

TEST(LandmarkFile, TakesALandmarkThatAPersonWroteAsConfirmed) {
  const LandmarkFile file = parse_landmarks(
      R"({"format": "fit-landmarks 1", "frame": "scan", "landmarks": {"fibular_head": {"point_mm": [1, 2, 3]}}})", "t");
  const LandmarkPlace& place = file.landmarks.at(Landmark::fibular_head);
  EXPECT_TRUE(place.confirmed);
  EXPECT_EQ(place.confidence, 1.0);
  EXPECT_EQ(place.point_mm, Eigen::Vector3d(1, 2, 3));
  EXPECT_FALSE(file.in_limb_frame);
}

TEST(LandmarkFile, RefusesWhatItIsNot) {
  const std::string head = R"({"format": "fit-landmarks 1", "frame": "scan", "landmarks": )";
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("{}"),
        std::string(R"({"format": "fit-landmarks 2"})"),
        std::string(R"({"format": "fit-landmarks 1", "landmarks": {}})"),
        std::string(R"({"format": "fit-landmarks 1", "frame": "room", "landmarks": {}})"), head + "[]}",
        head + R"({}, "by": "me"})", head + R"({"knee": {"point_mm": [1, 2, 3]}}})",
        head + R"({"fibular_head": [1, 2, 3]}})", head + R"({"fibular_head": {"point_mm": [1, 2]}}})",
        head + R"({"fibular_head": {"point_mm": [1, 2, "3"]}}})",
        head + R"({"fibular_head": {"point_mm": [1, 2, 3e9]}}})", head + R"({"fibular_head": {"confidence": 1}}})",
        head + R"({"fibular_head": {"point_mm": [1, 2, 3], "confidence": 2}}})"}) {
    EXPECT_THROW(parse_landmarks(text, "t"), Error) << text;
  }
}

TEST(LandmarkFile, NamesTheFileAndTheKey) {
  try {
    parse_landmarks(R"({"format": "fit-landmarks 1", "frame": "scan", "landmarks": {"knee": {"point_mm": [1, 2, 3]}}})",
                    "knees.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::AllOf(testing::HasSubstr("knees.json"), testing::HasSubstr("knee"),
                                             testing::HasSubstr("fibular_head")));
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  }
}

}  // namespace
}  // namespace fit
