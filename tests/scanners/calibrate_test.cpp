#include "scanners/calibrate.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "scanners/calibrations.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

using ::testing::HasSubstr;

namespace {

constexpr double true_focal = 500.0;

/// A camera that sees a checker board of 9 x 6 inner corners and 25 mm squares; its maker's focal length is 3 % too
/// large and its depth 1 % too long.
class BoardCamera : public Camera {
 public:
  explicit BoardCamera(bool tilted) : tilted_(tilted) {
    info_.device = "test camera";
    info_.depth = {640, 480, 1.03 * true_focal, 1.03 * true_focal, 322, 237};
    info_.color = info_.depth;
  }
  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    if (index_ == 8) return false;
    const double angle = 0.785 * index_++;
    const Eigen::Vector3d tilt_axis(std::cos(angle), std::sin(angle), 0);
    Eigen::Isometry3d camera_from_board = Eigen::Translation3d(0, 0, 380) *
                                          Eigen::AngleAxisd(tilted_ ? 0.6 : 0.0, tilt_axis) *
                                          Eigen::Translation3d(-100, -62.5, 0);
    const Eigen::Isometry3d board_from_camera = camera_from_board.inverse();
    frame.depth.intrinsics = frame.color.intrinsics = info_.depth;
    frame.depth.mm_per_count = 0.1;
    frame.depth.counts.assign(640 * 480, 0);
    frame.color.rgb.assign(3 * 640 * 480, 0);
    for (int v = 0; v < 480; ++v)
      for (int u = 0; u < 640; ++u) {
        int light = 0;
        for (int s = 0; s < 16; ++s) {
          const Eigen::Vector3d ray((u - 0.375 + 0.25 * (s % 4) - 322) / true_focal,
                                    (v - 0.375 + 0.25 * (s / 4) - 237) / true_focal, 1);
          light += light_along(board_from_camera, ray);
        }
        const auto i = static_cast<std::size_t>(v * 640 + u);
        for (std::size_t c = 0; c < 3; ++c) frame.color.rgb[3 * i + c] = static_cast<std::uint8_t>(light / 16);
        const Eigen::Vector3d ray((u - 322) / true_focal, (v - 237) / true_focal, 1);
        const double z = -board_from_camera.translation().z() / (board_from_camera.linear() * ray).z();
        frame.depth.counts[i] = static_cast<std::uint16_t>(10 * 1.01 * z + 0.5);
      }
    return true;
  }

 private:
  static int light_along(const Eigen::Isometry3d& board_from_camera, const Eigen::Vector3d& ray) {
    const Eigen::Vector3d along = board_from_camera.linear() * ray;
    const Eigen::Vector3d hit =
        board_from_camera.translation() - board_from_camera.translation().z() / along.z() * along;
    const double x = std::floor(hit.x() / 25);
    const double y = std::floor(hit.y() / 25);
    const bool on = x >= -1 && x < 9 && y >= -1 && y < 6;
    return on && (static_cast<int>(x + y) & 1) ? 30 : 220;
  }

  CameraInfo info_;
  bool tilted_;
  int index_ = 0;
};

}  // namespace

TEST(Calibrate, FindsFocalLengthAndDepthScaleOfACheckerBoard) {
  if (!can_calibrate()) GTEST_SKIP() << "this build has no OpenCV";
  BoardCamera camera(true);
  const DeviceCalibration found = calibrate(camera, board_from("checker:9x6:25"));
  EXPECT_NEAR(found.focal_px, true_focal, 0.001 * true_focal);
  EXPECT_NEAR(found.focal_scale, 1 / 1.03, 0.001);
  EXPECT_TRUE(found.depth_focal);
  EXPECT_NEAR(found.depth_scale, 1 / 1.01, 0.001);
  EXPECT_EQ(found.views, 8);
}

TEST(Calibrate, RefusesViewsThatDoNotTellTheFocalLength) {
  if (!can_calibrate()) GTEST_SKIP() << "this build has no OpenCV";
  BoardCamera camera(false);
  EXPECT_THROW(calibrate(camera, board_from("checker:9x6:25")), Error);
}

TEST(Calibrate, RefusesFramesWithoutTheBoard) {
  if (!can_calibrate()) GTEST_SKIP() << "this build has no OpenCV";
  BoardCamera camera(true);
  EXPECT_THROW(calibrate(camera, board_from("checker:5x4:25")), Error);
}

TEST(Calibrate, StopsWhenAsked) {
  if (!can_calibrate()) GTEST_SKIP() << "this build has no OpenCV";
  BoardCamera camera(true);
  int reports = 0;
  EXPECT_THROW(calibrate(camera, board_from("checker:9x6:25"), Progress([&](double, auto) { return ++reports < 3; })),
               Cancelled);
}

TEST(Calibrate, RefusesABoardThatIsNotSaidWell) {
  for (const char* text :
       {"", "charuco", "charuco:", "charuco:-3", "checker:25", "checker:9x:25", "other:9x6:25", "charuco:1x"})
    EXPECT_THROW(board_from(text), Error) << text;
  EXPECT_EQ(board_from("charuco:20.875").square_mm, 20.875);
  EXPECT_EQ(board_from("checker:9x6:25").columns, 9);
}

TEST(Calibrate, FindsThePublishedFocalLengthOfARealTrueDepthCamera) {
  const fs::path real = fs::path(FIT_SHARED_DATA) / "recordings" / "truedepth_board";
  if (!can_calibrate() || !fs::exists(real)) GTEST_SKIP() << "no OpenCV, or the shared recordings are not there";
  const auto camera = open_recording(real);
  const DeviceCalibration found = calibrate(*camera, board_from("charuco:20.875"));
  EXPECT_NEAR(found.focal_px, 434.605, 0.003 * 434.605);
  EXPECT_GE(found.views, 14);
}

TEST(Calibrations, AreStoredByDeviceAndAppliedFromThenOn) {
  Folder folder;
  const fs::path store = folder.path() / "deep" / "cameras.json";
  EXPECT_TRUE(read_calibrations(store).empty());
  DeviceCalibration calibration{"Kinect v1", 0.98, 515, 640, 0.1, true, 1.01, 0.1, 8, 0.2};
  store_calibration(store, calibration);
  calibration.device = "another";
  store_calibration(store, calibration);
  ASSERT_EQ(read_calibrations(store).size(), 2u);
  EXPECT_EQ(read_calibrations(store).at("another"), calibration);

  write(folder.path() / "r" / "DepthMetadata.json",
        R"json([{"Timestamp": 10, "Width": 8, "Height": 6, "IntrinsicMatrix.0": "(10.0, 0.0, 3.5)",
             "IntrinsicMatrix.1": "(0.0, 10.0, 2.5)"}])json");
  write(folder.path() / "r" / "depth_10.png", depth_png(8, 6));
  calibration.device = "iPhone TrueDepth";
  const auto camera = calibrated(open_recording(folder.path() / "r"), {{calibration.device, calibration}});
  EXPECT_TRUE(camera->info().calibrated);
  EXPECT_NEAR(camera->info().depth.fx_px, 9.8, 1e-12);
  Frame frame;
  ASSERT_TRUE(camera->next(frame));
  EXPECT_NEAR(frame.depth.intrinsics.fy_px, 9.8, 1e-12);
  EXPECT_NEAR(frame.depth.depth_mm(1, 0), 50.1 * 1.01, 1e-9);
  EXPECT_TRUE(camera->findings().empty());

  const auto plain = calibrated(open_recording(folder.path() / "r"), {});
  ASSERT_EQ(plain->findings().size(), 1u);
  EXPECT_EQ(plain->findings()[0].code, "camera_not_calibrated");
}

TEST(Calibrations, RefuseANamelessDeviceAndABrokenFile) {
  Folder folder;
  const fs::path store = folder.path() / "cameras.json";
  EXPECT_THROW(store_calibration(store, DeviceCalibration{}), Error);
  write(store, "{}");
  EXPECT_THROW(read_calibrations(store), Error);
}

TEST(Calibrations, LiveInTheUsersConfiguration) {
  ::setenv("XDG_CONFIG_HOME", "/somewhere", 1);
  EXPECT_EQ(calibrations_path(), fs::path("/somewhere/fit/cameras.json"));
}

}  // namespace fit::test
