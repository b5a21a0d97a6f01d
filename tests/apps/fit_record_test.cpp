#include <gmock/gmock.h>

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
