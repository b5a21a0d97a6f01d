#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <random>

#include "libfit/mesh_io.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/detail/kinect_raw.h"
#include "scanners/recording.h"
#include "scanners/synthetic.h"
#include "tests/apps/fit_program.h"

namespace fit {

using ::testing::HasSubstr;

namespace {

namespace fs = std::filesystem;

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
  EXPECT_THAT(ran.out, HasSubstr("were not seen, most of it"));
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

TEST_F(FitScan, WritesAPreviewAndTakesAPixelOrABoxAsHint) {
  const std::string frames = recording(12);
  const Ran ran =
      fit({"scan", frames, "-o", at("scan"), "--voxel-mm", "2", "--at", "160,120", "--preview", at("now.png")});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_TRUE(read_file(at("now.png")).starts_with("\x89PNG"));
  EXPECT_EQ(fit({"scan", frames, "-o", at("box"), "--voxel-mm", "2", "--box", "0,0,400,400"}).exit_code, 0);
  const Ran nothing = fit({"scan", frames, "-o", at("none"), "--box", "0,0,3000,100"});
  EXPECT_EQ(nothing.exit_code, 3);
  for (const Words& wrong : {Words{"--at", "5"}, Words{"--at", "a,b"}, Words{"--box", "1,2,3"},
                             Words{"--box", "0,0,400,1,2,3,4"}, Words{"--preview", at("now.txt")}}) {
    Words words{"scan", frames, "-o", at("wrong")};
    words.insert(words.end(), wrong.begin(), wrong.end());
    const Ran refused = fit(words);
    EXPECT_EQ(refused.exit_code, 2) << wrong[1];
    EXPECT_THAT(refused.err, HasSubstr(wrong[0]));
  }
  EXPECT_FALSE(std::filesystem::exists(at("wrong")));
}

// libfreenect's own simulator plays what a Kinect would see of a limb; Ctrl-C ends the scan and keeps it.
TEST_F(FitScan, FinishesALiveScanWithWhatThereIsWhenStopped) {
  fs::path simulator;
  for (const char* place : {"/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"})
    if (const fs::path one = fs::path(place) / "fakenect/libfreenect.so.0.5"; fs::exists(one)) simulator = one;
  if (simulator.empty()) GTEST_SKIP() << "libfreenect's simulator is not installed";
  if (fit({"info", "--devices", "--json"}).out.find("without libfreenect") != std::string::npos)
    GTEST_SKIP() << "this build has no libfreenect";
  DepthImage tenths;  // of each raw value, descending towards none
  for (int raw = 0; raw < 1100; ++raw) tenths.counts.push_back(static_cast<std::uint16_t>(raw));
  convert_kinect_raw(tenths);
  const auto first = std::find_if(tenths.counts.begin(), tenths.counts.end(), [](auto c) { return c > 0; });
  const Mesh limb = generate_limb().limb.surface;
  const Box box = bounding_box(limb);
  const auto camera =
      look_at(limb, walk_around(0.5 * (box.lowest + box.highest), 500, 40, 0.4, 60), load_sensor("kinect_v1"));
  Frame frame;
  std::string index;
  fs::create_directories(at("dump"));
  for (int i = 0; camera->next(frame); ++i) {
    std::string bytes = "P5 640 480 65535\n";
    for (const std::uint16_t count : frame.depth.counts) {
      const double wanted = 10.0 * frame.depth.mm_per_count * count;
      const auto raw = count == 0 ? 2047 : std::lower_bound(first, tenths.counts.end(), wanted) - tenths.counts.begin();
      bytes += static_cast<char>(raw & 255);
      bytes += static_cast<char>(raw >> 8);
    }
    const std::string name = fmt::format("d-{:.6f}-{}.pgm", 100.0 + 0.25 * i, 1000000 + 15000000 * i);
    write_file(at("dump/" + name), bytes);
    index += name + "\n";
  }
  write_file(at("dump/INDEX.txt"), index);
  ::setenv("LD_PRELOAD", simulator.c_str(), 1);
  ::setenv("FAKENECT_PATH", at("dump").c_str(), 1);
  const pid_t pid = start({"scan", "kinect", "-o", at("scan"), "--voxel-mm", "2"});
  ::unsetenv("LD_PRELOAD");
  ::unsetenv("FAKENECT_PATH");
  std::this_thread::sleep_for(std::chrono::seconds(4));
  kill(pid, SIGINT);
  const Ran ran = finish(pid);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("stopped, and finished with what there was"));
  EXPECT_GT(read_mesh(at("scan/scan.ply")).mesh.triangles.size(), 1000u);
}

TEST_F(FitScan, LeavesNothingHalfWrittenWhereverItIsKilled) {
  const std::string frames = recording(12);
  Words words{"scan", frames, "-o", at("scan"), "--voxel-mm", "2", "--preview", at("now.png")};
  const auto begin = std::chrono::steady_clock::now();
  ASSERT_EQ(fit(words).exit_code, 0);
  const auto whole = std::chrono::steady_clock::now() - begin;
  const auto made = names_in(at("scan"));
  std::filesystem::remove_all(at("scan"));
  std::mt19937 random(7);
  int killed = 0;
  for (int i = 0; i < 12; ++i) {
    const pid_t pid = start(words);
    std::this_thread::sleep_for(whole * (random() % 1000) / 1000);
    kill(pid, SIGKILL);
    killed += finish(pid).exit_code >= 1000;
    auto names = names_in(at("scan"));
    // Where an earlier run ended, the hidden folder of this one lies beside its files until the next run.
    std::erase_if(names, [](const std::string& name) { return name.starts_with(".fit-unfinished-"); });
    EXPECT_TRUE(names.empty() || names == made) << names.size() << " files";
    if (std::filesystem::exists(at("now.png")))
      EXPECT_THAT(read_file(at("now.png")), testing::EndsWith(std::string("IEND\xae\x42\x60\x82")));
  }
  EXPECT_GE(killed, 6);
  EXPECT_EQ(fit(words).exit_code, 0);
  EXPECT_EQ(names_in(at("scan")), made);
  for (const std::string& name : names_in(at("")))  // what the killed ones left is cleared away
    EXPECT_FALSE(name.starts_with(".fit-unfinished-")) << name;
}

TEST_F(FitScan, BenchRefusesWhatItCannotMeasure) {
  const Ran motion = fit({"bench", "scan", "--motions", "dancing", "-o", at("a.csv")});
  EXPECT_EQ(motion.exit_code, 2);
  EXPECT_THAT(motion.err, HasSubstr("three_degrees"));
  EXPECT_EQ(fit({"bench", "sockets", "-o", at("a.csv")}).exit_code, 2);
  EXPECT_EQ(fit({"bench", "scan", "--limbs", "0", "-o", at("a.csv")}).exit_code, 2);
}

}  // namespace fit
