#include <gmock/gmock.h>

#include "libfit/mesh_io.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/recording.h"
#include "scanners/synthetic.h"
#include "tests/apps/fit_program.h"

namespace fit {

using ::testing::HasSubstr;

namespace {

/// `fit scan`, and `fit make` from a recording.
class FitScan : public FitProgram {
 protected:
  void SetUp() override {
    FitProgram::SetUp();
    ::setenv("XDG_CONFIG_HOME", at("config").c_str(), 1);
  }

  /// A coarse camera once around a limb.
  std::string recording(int frames) const {
    GenerateParams params;
    params.triangles = 20000;
    const Mesh limb = generate_limb(params).limb.surface;
    const Box box = bounding_box(limb);
    SensorModel sensor = load_sensor("kinect_v1");
    sensor.width = 320;
    sensor.height = 240;
    sensor.fx_px *= 0.5;
    const auto camera =
        look_at(limb, walk_around(0.5 * (box.lowest + box.highest), 400, frames, frames / 60.0, 150), sensor);
    RecordingWriter writer(at("walk.fitrec"), camera->info());
    Frame frame;
    while (camera->next(frame)) writer.write(frame);
    writer.finish();
    return at("walk.fitrec");
  }
};

}  // namespace

TEST_F(FitScan, WritesTheSurfaceWithCoverageAndErrorAndSaysHowGoodItIs) {
  const Ran ran = fit({"scan", recording(12), "-o", at("scan"), "--voxel-mm", "2"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("12 of 12 frames used"));
  EXPECT_THAT(ran.out, HasSubstr("never calibrated"));
  EXPECT_THAT(ran.out, HasSubstr("Walk all round the limb"));
  EXPECT_EQ(names_in(at("scan")),
            (std::set<std::string>{"scan.ply", "scan.json", "scan.png", "coverage.png", "expected_error.png"}));
  const MeshFile file = read_mesh(at("scan/scan.ply"));
  EXPECT_GT(file.mesh.triangles.size(), 1000u);
  ASSERT_EQ(file.vertex_values.size(), 2u);
  EXPECT_EQ(file.vertex_values[0].first, "coverage");
  EXPECT_EQ(file.vertex_values[1].first, "expected_error_mm");
  const auto json = nlohmann::json::parse(read_file(at("scan/scan.json")));
  EXPECT_EQ(json["frames_used"], 12);
  EXPECT_FALSE(json["camera"]["calibrated"].get<bool>());
}

TEST_F(FitScan, RefusesWhatIsNoRecordingAndAGridThatIsNone) {
  EXPECT_EQ(fit({"scan", at("nothing.bag"), "-o", at("scan")}).exit_code, 4);
  EXPECT_EQ(fit({"scan", at("nothing.bag"), "-o", at("scan"), "--voxel-mm", "0"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(at("scan/scan.ply")));
}

TEST_F(FitScan, MakesASocketFromARecordingAsFromAMesh) {
  const std::string frames = recording(60);
  const Ran missing = fit({"make", frames, "-o", at("case")});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_THAT(missing.err, HasSubstr("--side"));
  const Ran ran = fit(make(frames, at("case")));
  EXPECT_TRUE(ran.exit_code == 0 || ran.exit_code == 1) << ran.err;
  EXPECT_TRUE(std::filesystem::exists(at("case/scan.ply")));
  EXPECT_TRUE(std::filesystem::exists(at("case/report.html")));
  EXPECT_THAT(ran.out, HasSubstr("never calibrated"));
}

TEST_F(FitScan, BenchRefusesWhatItCannotMeasure) {
  const Ran motion = fit({"bench", "scan", "--motions", "dancing", "-o", at("a.csv")});
  EXPECT_EQ(motion.exit_code, 2);
  EXPECT_THAT(motion.err, HasSubstr("three_degrees"));
  EXPECT_EQ(fit({"bench", "sockets", "-o", at("a.csv")}).exit_code, 2);
  EXPECT_EQ(fit({"bench", "scan", "--limbs", "0", "-o", at("a.csv")}).exit_code, 2);
}

}  // namespace fit
