#include <fmt/format.h>
#include <gmock/gmock.h>

#include <random>

#include "scanners/recording.h"
#include "tests/apps/fit_program.h"
#include "tests/scanners/recording_files.h"

namespace fit {

using ::testing::HasSubstr;

namespace {

namespace fs = std::filesystem;

/// The commands `info`, `record` and `calibrate`, with a configuration of their own.
class FitRecord : public FitProgram {
 protected:
  void SetUp() override {
    FitProgram::SetUp();
    ::setenv("XDG_CONFIG_HOME", at("config").c_str(), 1);
    test::write(at("scan/intrinsic.json"),
                R"({"width": 8, "height": 6, "intrinsic_matrix": [9, 0, 0, 0, 10, 0, 3.5, 2.5, 1]})");
    for (const char* name : {"0", "1", "2"}) {
      test::write(at(std::string("scan/depth/") + name + ".png"), test::depth_png(8, 6));
      test::write(at(std::string("scan/color/") + name + ".png"), test::color_png(8, 6));
    }
  }
};

}  // namespace

TEST_F(FitRecord, InfoSaysWhatARecordingIs) {
  const Ran ran = fit({"info", at("scan")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("3 frames"));
  EXPECT_THAT(ran.out, HasSubstr("8 x 6, focal length 9.00 x 10.00 px"));
  EXPECT_THAT(ran.out, HasSubstr("calibrated: no"));
  EXPECT_THAT(ran.out, HasSubstr("never calibrated"));
}

TEST_F(FitRecord, RecordsWhatInfoReadsAgain) {
  const Ran recorded = fit({"record", at("scan"), "-o", at("a.fitrec"), "--device", "camera of the test"});
  EXPECT_EQ(recorded.exit_code, 0) << recorded.err;
  EXPECT_THAT(recorded.out, HasSubstr("3 frames"));
  const Ran ran = fit({"info", at("a.fitrec"), "--json"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const auto json = nlohmann::json::parse(ran.out);
  EXPECT_EQ(json["frames"], 3);
  EXPECT_EQ(json["device"], "camera of the test");
  EXPECT_EQ(json["depth"]["fy_px"], 10.0);
  EXPECT_EQ(fit({"record", at("scan"), "-o", at("a.fitrec")}).exit_code, 4);
}

TEST_F(FitRecord, NamesWhatThisBuildReadsAndWhichCamerasAreAttached) {
  const Ran ran = fit({"info", "--devices"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* name : {"rosbag", "oni", "v4l2", "kinect", "openni2", "attached"})
    EXPECT_THAT(ran.out, HasSubstr(name));
  EXPECT_EQ(fit({"info"}).exit_code, 2);
  const Ran none = fit({"record", "v4l2:/dev/video63", "-o", at("a.fitrec")});
  EXPECT_EQ(none.exit_code, 4);
  EXPECT_THAT(none.err, HasSubstr("plug it in"));
  EXPECT_FALSE(fs::exists(at("a.fitrec")));
}

// libfreenect's own simulator stands in for a Kinect: the program, the library and all between are the real ones.
TEST_F(FitRecord, RecordsAKinectThatIsAttached) {
  fs::path simulator;
  for (const char* place : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"})
    if (const fs::path one = fs::path(place) / "fakenect/libfreenect.so.0.5"; fs::exists(one)) simulator = one;
  if (simulator.empty()) GTEST_SKIP() << "libfreenect's simulator is not installed";
  if (fit({"info", "--devices", "--json"}).out.find("without libfreenect") != std::string::npos)
    GTEST_SKIP() << "this build has no libfreenect";
  std::string index;
  for (int i = 0; i < 4; ++i) {
    std::string depth = "P5 640 480 65535\n";
    for (int pixel = 0; pixel < 640 * 480; ++pixel) {
      const int raw = pixel % 640 < 600 ? 600 + i + pixel % 50 : 2047;
      depth += static_cast<char>(raw & 255);
      depth += static_cast<char>(raw >> 8);
    }
    const std::string stamp = fmt::format("{:.6f}-{}", 100.0 + i / 30.0, 1000000 + 2000000 * i);
    test::write(at("dump/d-" + stamp + ".pgm"), depth);
    test::write(at("dump/r-" + stamp + ".ppm"),
                "P6 640 480 255\n" + std::string(3 * 640 * 480, static_cast<char>(40 * i)));
    index += "r-" + stamp + ".ppm\nd-" + stamp + ".pgm\n";
  }
  test::write(at("dump/INDEX.txt"), index);
  ::setenv("LD_PRELOAD", simulator.c_str(), 1);
  ::setenv("FAKENECT_PATH", at("dump").c_str(), 1);
  const Ran ran = fit({"record", "kinect", "-o", at("live.fitrec")});
  ::unsetenv("LD_PRELOAD");
  ::unsetenv("FAKENECT_PATH");
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("camera_gone"));
  const auto live = test::frames_of(*open_recording(at("live.fitrec")));
  const auto dumped = test::frames_of(*open_recording(at("dump")));
  ASSERT_GE(live.size(), 2u);  // the simulator plays at the Kinect's pace, and a busy machine may miss frames
  for (const Frame& frame : live)
    EXPECT_TRUE(std::any_of(dumped.begin(), dumped.end(),
                            [&](const Frame& f) { return f.depth.counts == frame.depth.counts; }));
  EXPECT_EQ(live.back().color.rgb.size(), 3u * 640u * 480u);
}

TEST_F(FitRecord, KeepsEveryFrameThatItHadWhereverItIsKilled) {
  std::vector<std::vector<std::uint16_t>> truth;
  {
    RecordingWriter writer(at("long.fitrec"), {"test camera", "camera of the test", {160, 120, 150, 150, 80, 60}});
    std::mt19937 random(3);
    for (int i = 0; i < 400; ++i) {
      Frame frame;
      frame.time_s = i / 30.0;
      frame.depth.intrinsics = {160, 120, 150, 150, 80, 60};
      for (int pixel = 0; pixel < 160 * 120; ++pixel)
        frame.depth.counts.push_back(static_cast<std::uint16_t>(400 + random() % 64));
      writer.write(frame);
      truth.push_back(std::move(frame.depth.counts));
    }
    writer.finish();
  }
  std::mt19937 random(11);
  int cut = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string copy = at(fmt::format("copy{}.fitrec", i));
    const pid_t pid = start({"record", at("long.fitrec"), "-o", copy});
    while (!fs::exists(copy) || fs::file_size(copy) < 1000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 200000));
    const auto before = open_recording(copy)->info().frames.value_or(0);
    kill(pid, SIGKILL);
    const bool killed = finish(pid).exit_code >= 1000;
    const auto camera = open_recording(copy);
    const auto frames = test::frames_of(*camera);
    EXPECT_GE(frames.size(), before);
    ASSERT_LE(frames.size(), truth.size());
    for (std::size_t f = 0; f < frames.size(); ++f) ASSERT_EQ(frames[f].depth.counts, truth[f]) << f;
    for (const Finding& finding : camera->findings()) EXPECT_NE(finding.code, "recording_frames_damaged");
    cut += killed && frames.size() < truth.size();
    fs::remove(copy);
  }
  EXPECT_GE(cut, 5);
}

TEST_F(FitRecord, RefusesWhatIsNoRecordingAndABoardThatIsNotSeen) {
  test::write(at("b.bag"), "#ROSBAG V2.0\n");
  const Ran broken = fit({"record", at("b.bag"), "-o", at("b.fitrec")});
  EXPECT_EQ(broken.exit_code, 3);
  EXPECT_THAT(broken.err, HasSubstr("no depth image"));
  EXPECT_FALSE(fs::exists(at("b.fitrec")));
  EXPECT_NE(fit({"calibrate", at("scan"), "--board", "charuco:20"}).exit_code, 0);
  EXPECT_EQ(fit({"calibrate", at("scan"), "--board", "nothing"}).exit_code, 2);
}

TEST_F(FitRecord, CalibratesARealCameraAndAppliesItFromThenOn) {
  const fs::path real = fs::path(FIT_SHARED_DATA) / "recordings" / "truedepth_board";
  if (!fs::exists(real)) GTEST_SKIP() << "the shared recordings are not there";
  const Ran ran = fit({"calibrate", real.string(), "--board", "charuco:20.875"});
  if (ran.exit_code == 5) GTEST_SKIP() << ran.err;
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(fs::exists(at("config/fit/cameras.json")));
  const auto json = nlohmann::json::parse(fit({"info", real.string(), "--json"}).out);
  EXPECT_TRUE(json["calibrated"].get<bool>());
  EXPECT_NEAR(json["depth"]["fx_px"].get<double>(), 434.605, 0.003 * 434.605);
  EXPECT_TRUE(json["findings"].empty());
}

}  // namespace fit
