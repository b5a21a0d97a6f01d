#include <gmock/gmock.h>

#include "scanners/formats.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

const fs::path shared = fs::path(FIT_SHARED_DATA) / "recordings";

void write_tum(const fs::path& folder) {
  write(folder / "depth.txt", "# depth maps\n1.00 depth/a.png\n1.03 depth/b.png\n");
  write(folder / "rgb.txt", "1.012 rgb/a.png\n1.5 rgb/b.png\n");
  write(folder / "groundtruth.txt", "# time tx ty tz qx qy qz qw\n1.001 0.1 0.2 0.3 0 0 0.70710678 0.70710678\n");
  write(folder / "depth" / "a.png", depth_png(8, 6, 5000));
  write(folder / "depth" / "b.png", depth_png(8, 6, 10000));
  write(folder / "rgb" / "a.png", color_png(8, 6));
}

}  // namespace

TEST(Tum, GivesMillimetresPosesAndTheNearestColor) {
  Folder folder;
  write_tum(folder.path());
  const auto camera = open_recording(folder.path());
  EXPECT_THAT(camera->info().format, HasSubstr("TUM"));
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_DOUBLE_EQ(frames[0].depth.depth_mm(1, 0), 1000.2);
  EXPECT_EQ(frames[0].depth.depth_mm(0, 0), 0.0);
  EXPECT_EQ(frames[0].color.rgb, colors(8, 6));
  ASSERT_TRUE(frames[0].world_from_camera);
  EXPECT_NEAR((*frames[0].world_from_camera * Eigen::Vector3d(1, 0, 0) - Eigen::Vector3d(100, 201, 300)).norm(), 0,
              1e-5);
  EXPECT_EQ(frames[1].color.rgb, colors(8, 6));
  EXPECT_FALSE(frames[1].world_from_camera);
}

TEST(Tum, TakesTheUsualFocalLengthAndSaysThatItDid) {
  Folder folder;
  write_tum(folder.path());
  const auto camera = open_recording(folder.path());
  EXPECT_FALSE(camera->info().focal_known);
  EXPECT_NEAR(camera->info().depth.fx_px, 525.0 * 8 / 640, 1e-9);
}

TEST(Tum, CountsAFrameWhoseImageIsMissing) {
  Folder folder;
  write_tum(folder.path());
  fs::remove(folder.path() / "depth" / "b.png");
  const auto camera = open_recording(folder.path());
  EXPECT_EQ(frames_of(*camera).size(), 1u);
  ASSERT_EQ(camera->findings().size(), 1u);
  EXPECT_EQ(camera->findings()[0].code, "recording_frames_damaged");
  EXPECT_THAT(sentence(camera->findings()[0]), HasSubstr("1 of the recording's 2"));
}

TEST(Tum, RefusesAListWithoutImages) {
  Folder folder;
  write(folder.path() / "depth.txt", "# nothing\n");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("no depth image"));
}

TEST(ImageFolder, ReadsOpen3dsLayout) {
  Folder folder;
  write(folder.path() / "intrinsic.json",
        R"({"width": 8, "height": 6, "intrinsic_matrix": [9, 0, 0, 0, 10, 0, 3.5, 2.5, 1]})");
  write(folder.path() / "trajectory.log", "0 0 1\n0 -1 0 1\n1 0 0 2\n0 0 1 3\n0 0 0 1\n");
  write(folder.path() / "depth" / "00000.png", depth_png(8, 6));
  write(folder.path() / "color" / "00000.png", color_png(8, 6));
  const auto camera = open_recording(folder.path());
  EXPECT_EQ(camera->info().depth, (Intrinsics{8, 6, 9, 10, 3.5, 2.5}));
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].depth.counts, ramp(8, 6));
  EXPECT_EQ(frames[0].color.rgb, colors(8, 6));
  EXPECT_NEAR((*frames[0].world_from_camera * Eigen::Vector3d(1, 0, 0) - Eigen::Vector3d(1000, 2001, 3000)).norm(), 0,
              1e-9);
}

TEST(ImageFolder, RefusesWhatIsNoRecording) {
  Folder folder;
  EXPECT_THAT(refusal(folder.path()), HasSubstr("no recording"));
  EXPECT_THAT(refusal(folder.path() / "missing"), HasSubstr("could not be read"));
  write(folder.path() / "empty", "");
  EXPECT_THAT(refusal(folder.path() / "empty"), HasSubstr("no recording"));
}

TEST(ImageFolder, SurvivesDamagedImages) {
  Folder folder;
  write(folder.path() / "depth" / "0.png", depth_png(20, 20));
  write(folder.path() / "color" / "0.png", color_png(20, 20));
  survive_damage(folder.path() / "depth" / "0.png", folder.path(), 300);
  survive_damage(folder.path() / "color" / "0.png", folder.path(), 300);
}

TEST(ImageFolder, RefusesAPictureOfAbsurdSize) {
  Folder folder;
  write(folder.path() / "depth" / "0.pgm", "P5 60000 60000 65535\n\1\2\3");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("60000 x 60000"));
}

TEST(Fakenect, TurnsRawDisparityIntoMillimetres) {
  Folder folder;
  // Raw 800 is the reference plane of 1200 mm but for the 0.375 of libfreenect; 2047 is no depth. Low byte first.
  std::string pgm = "P5 2 1 65535\n";
  pgm += std::string("\x20\x03\xff\x07", 4);
  write(folder.path() / "INDEX.txt", "r-1.0-1.ppm\nd-1.5-2.pgm\na-1.6-3.dump\n");
  write(folder.path() / "d-1.5-2.pgm", pgm);
  write(folder.path() / "r-1.0-1.ppm", std::string("P6 2 1 255\n") + "abcdef");
  const auto camera = open_recording(folder.path());
  EXPECT_EQ(camera->info().device, "Kinect v1");
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_NEAR(frames[0].depth.depth_mm(0, 0), 1193.8, 0.1);
  EXPECT_EQ(frames[0].depth.depth_mm(1, 0), 0.0);
  EXPECT_DOUBLE_EQ(frames[0].time_s, 1.5);
  EXPECT_EQ(std::string(frames[0].color.rgb.begin(), frames[0].color.rgb.end()), "abcdef");
}

TEST(TrueDepthFolder, TakesEachFramesOwnIntrinsics) {
  Folder folder;
  write(folder.path() / "DepthMetadata.json",
        R"json([{"Timestamp": 10, "Width": 8, "Height": 6, "IntrinsicMatrix.0": "(9.5, 0.0, 3.5)",
             "IntrinsicMatrix.1": "(0.0, 9.6, 2.5)"},
            {"Timestamp": 43, "Width": 8, "Height": 6, "IntrinsicMatrix.0": "(9.7, 0.0, 3.5)",
             "IntrinsicMatrix.1": "(0.0, 9.8, 2.5)"}])json");
  write(folder.path() / "depth_10.png", depth_png(8, 6));
  write(folder.path() / "depth_43.png", depth_png(8, 6));
  write(folder.path() / "rgb_10.png", color_png(8, 6));
  const auto camera = open_recording(folder.path());
  const auto frames = frames_of(*camera);
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0].depth.intrinsics, (Intrinsics{8, 6, 9.5, 9.6, 3.5, 2.5}));
  EXPECT_EQ(frames[1].depth.intrinsics.fx_px, 9.7);
  EXPECT_DOUBLE_EQ(frames[0].depth.depth_mm(1, 0), 50.1);
  EXPECT_NEAR(frames[1].time_s - frames[0].time_s, 0.033, 1e-9);
  EXPECT_TRUE(frames[1].color.rgb.empty());
}

TEST(TrueDepthFolder, SurvivesDamagedMetadata) {
  Folder folder;
  write(folder.path() / "DepthMetadata.json",
        R"json([{"Timestamp": 10, "Width": 8, "Height": 6, "IntrinsicMatrix.0": "(9.5, 0.0, 3.5)",
             "IntrinsicMatrix.1": "(0.0, 9.6, 2.5)"}])json");
  write(folder.path() / "depth_10.png", depth_png(8, 6));
  survive_damage(folder.path() / "DepthMetadata.json", folder.path(), 300);
}

TEST(RealRecordings, OfPngFoldersOpenWithAllTheirFrames) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the shared recordings are not there";
  for (const auto& [name, count] : {std::pair{"open3d_primesense", 5u}, {"slambook_5", 5u}, {"truedepth_board", 17u}}) {
    const auto camera = open_recording(shared / name);
    const auto frames = frames_of(*camera);
    EXPECT_EQ(frames.size(), count) << name;
    EXPECT_EQ(frames[0].depth.intrinsics.width, 640) << name;
    EXPECT_EQ(frames[0].color.rgb.size(), 640u * 480 * 3) << name;
    EXPECT_TRUE(camera->findings().empty()) << name;
  }
}

}  // namespace fit::test
