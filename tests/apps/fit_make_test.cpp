// `fit make`, `build` and `verify` from scan to files.
#include <fmt/format.h>

#include <regex>

#include "libfit/detail/closest_point.h"
#include "libfit/fit_ring.h"
#include "libfit/mesh_io.h"
#include "tests/apps/fit_program.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;
using Json = nlohmann::ordered_json;

class FitMake : public FitProgram {
 protected:
  /// A scan and a case made of it on one thread, for all tests: most of them look at what a run left.
  static void SetUpTestSuite() {
    FitMake shared;
    shared.SetUp();
    shared_folder_ = shared.folder_;
    std::filesystem::rename(shared.limb({"--triangles", "6000"}), scan());
    const Ran ran = shared.fit(shared.make(scan(), (shared_folder_ / "made").string(), {"--threads", "1"}));
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(shared_folder_); }
  static std::string scan() { return (shared_folder_ / "Jane Doe right.stl").string(); }
  void copy_made(const std::string& name) const {
    std::filesystem::copy(shared_folder_ / "made", folder_ / name, std::filesystem::copy_options::recursive);
  }
  /// Without the file that holds times.
  static std::map<std::string, std::string> hashes_of_case(const std::string& folder) {
    auto hashes = hashes_in(folder);
    hashes.erase("timings.json");
    return hashes;
  }

  void expect_printable(const std::string& folder) const {
    EXPECT_THAT(names_in(folder),
                IsSupersetOf({"limb.ply", "positive.ply", "socket.stl", "socket.3mf", "draping_model.stl",
                              "case.fit.json", "report.json", "timings.json", "scan.stl"}));
  }
  void expect_no_print_file(const std::string& folder) const {
    for (const char* name : {"socket.stl", "socket.3mf", "draping_model.stl", "socket.gcode"})
      EXPECT_THAT(names_in(folder), Not(Contains(name)));
  }
  static Json report_in(const std::string& folder) { return Json::parse(read_file(folder + "/report.json")); }
  static std::set<std::string> codes(const Json& findings) {
    std::set<std::string> all;
    for (const Json& finding : findings) all.insert(finding.at("code"));
    return all;
  }

 private:
  void TestBody() override {}
  static inline std::filesystem::path shared_folder_;
};

TEST_F(FitMake, WritesThePositiveForACarverWithItsAxisAndBlank) {
  copy_made("out");
  const Json report = report_in(at("out"));
  EXPECT_THAT(codes(report.at("findings")), Contains("carving_stock"));
  // The slices of the file lie on the positive, whose lowest place is a little below the first.
  const MeshFile read = read_mesh(at("out/positive.aop"));
  ASSERT_TRUE(read.aop);
  EXPECT_EQ(read.aop->side, Side::right);
  const Mesh positive = read_mesh(at("out/positive.ply")).mesh;
  const detail::ClosestPoint closest(positive);
  const double lowest_mm = bounding_box(positive).lowest.z();
  double least_mm = 1e300;
  for (double shift_mm = lowest_mm; shift_mm < lowest_mm + 3.0; shift_mm += 0.05) {
    double most_mm = 0.0;
    for (std::size_t i = 0; i + 1 < read.mesh.vertices.size(); ++i)  // but the tip of the cap
      most_mm =
          std::max(most_mm, std::abs(closest.at(read.mesh.vertices[i] + Eigen::Vector3d(0, 0, shift_mm)).signed_mm));
    least_mm = std::min(least_mm, most_mm);
  }
  EXPECT_LT(least_mm, 0.06);
  const Json& figures = report.at("figures");
  const Box box = bounding_box(positive);
  EXPECT_GT(figures.at("carving_stock_diameter_mm").get<double>(), box.size().head<2>().maxCoeff());
  EXPECT_NEAR(figures.at("carving_stock_length_mm").get<double>(), box.size().z() + 30.0, 0.1);
  // Made from again, it is a positive that is not shaped once more.
  const Ran again = fit({"make", at("out/positive.aop"), "-o", at("again"), "--level", "transtibial"});
  EXPECT_LE(again.exit_code, 1) << again.err;
  EXPECT_EQ(report_in(at("again")).at("figures").at("rectification_volume_percent").get<double>(), 0.0);
}

TEST_F(FitMake, DrawsAStripOfGirthsAtItsTrueSize) {
  copy_made("out");
  const std::string page = read_file(at("out/girth_strip.html"));
  // One unit of the drawing is one mm.
  std::smatch drawn;
  ASSERT_TRUE(std::regex_search(
      page, drawn,
      std::regex("class=\"strip\" width=\"([0-9.]+)mm\" height=\"([0-9.]+)mm\" viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"")));
  EXPECT_EQ(drawn[1], drawn[3]);
  EXPECT_EQ(drawn[2], drawn[4]);
  EXPECT_THAT(page, HasSubstr("<line x1=\"0.00\" y1=\"4.00\" x2=\"100.00\" y2=\"4.00\""));
  // A girth that it says is what is measured on the socket as it stands.
  const auto sections = socket_sections(read_mesh(at("out/socket.stl")).mesh, 20.0);
  ASSERT_GT(sections.size(), 5u);
  EXPECT_THAT(page, HasSubstr(fmt::format(">{:.0f}</text>", sections[4].outside_girth_mm)));
  EXPECT_THAT(page, HasSubstr(fmt::format(">{:.0f}</text>", sections[4].inside_girth_mm)));
}

TEST_F(FitMake, SlicesRingsToTryOn) {
  if (!std::filesystem::exists("/usr/share/PrusaSlicer/profiles")) GTEST_SKIP() << "prusa-slicer is not installed";
  copy_made("out");
  const Ran ran = fit({"slice", at("out/socket.stl"), "-o", at("ring.gcode"), "--printer", "ender3", "--material",
                       "petg", "--fit-ring", "--json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const Json said = Json::parse(ran.out);
  EXPECT_THAT(names_in(folder_), IsSupersetOf({"ring_top.gcode", "ring_middle.gcode"}));
  for (const char* ring : {"top", "middle"}) {
    EXPECT_NEAR(said.at(ring).at("to_mm").get<double>() - said.at(ring).at("from_mm").get<double>(), 20.0, 1e-9);
    EXPECT_NEAR(said.at(ring).at("layers").get<double>(), 20.0 / 0.28, 3.0);
  }
  EXPECT_NEAR(said.at("print_time_s").get<double>(),
              said.at("top").at("print_time_s").get<double>() + said.at("middle").at("print_time_s").get<double>(),
              1.0);
}

TEST_F(FitMake, TakesAScanToFilesThatCanBePrinted) {
  copy_made("out");
  expect_printable(at("out"));
  const Json report = report_in(at("out"));
  EXPECT_EQ(report.at("print_files"), true);
  for (const auto& [name, hash] : report.at("files").items())
    EXPECT_EQ(sha256(read_file(at("out/" + name))), hash) << name;
  const Json socket = Json::parse(fit({"info", at("out/socket.stl"), "--json"}).out);
  EXPECT_EQ(socket.at("closed"), true);
  EXPECT_NEAR(socket.at("lowest_mm")[2].get<double>(), 0.0, 1e-4);
  EXPECT_NEAR(socket.at("lowest_mm")[0].get<double>(), -socket.at("highest_mm")[0].get<double>(), 1e-3);
  const Ran checked = fit({"check", at("out/socket.stl"), "--json"});
  EXPECT_EQ(checked.exit_code, 0) << checked.out;
  EXPECT_NEAR(Json::parse(checked.out).at("thinnest_mm").get<double>(), 6.0, 0.3);
  EXPECT_EQ(fit({"check", at("out/draping_model.stl")}).exit_code, 0);
  EXPECT_EQ(fit({"check", at("out/limb.ply")}).exit_code, 1);
}

TEST_F(FitMake, GivesTheSameBytesOnOneThreadAndOnFourAndFromAFolderThatWasMoved) {
  copy_made("elsewhere");  // made on one thread
  ASSERT_EQ(fit({"build", at("elsewhere"), "-o", at("again"), "--threads", "4"}).exit_code, 0);
  EXPECT_EQ(hashes_of_case(at("elsewhere")), hashes_of_case(at("again")));
}

TEST_F(FitMake, VerifiesACaseAndSaysWhatDiffers) {
  copy_made("out");
  const Ran verified = fit({"verify", at("out")});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
  for (const char* name : {"socket.stl", "report.html"}) {
    const std::string before = read_file(at("out/") + name);
    write_file(at("out/") + name, before + "x");
    const Ran ran = fit({"verify", at("out/case.fit.json")});
    EXPECT_EQ(ran.exit_code, 3);
    EXPECT_THAT(ran.err, HasSubstr(name));
    write_file(at("out/") + name, before);
  }
  Json report = report_in(at("out"));
  report["claim"] = "Safe to walk on.";
  write_file(at("out/report.json"), report.dump(2) + "\n");
  const Ran ran = fit({"verify", at("out")});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("report.json (claim)"));
}

TEST_F(FitMake, RefusesAScanThatIsNotTheCasesOwn) {
  copy_made("out");
  std::string scan = read_file(at("out/scan.stl"));
  scan[100] = static_cast<char>(scan[100] ^ 1);
  write_file(at("out/scan.stl"), scan);
  const Ran ran = fit({"build", at("out/case.fit.json"), "-o", at("again")});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("SHA-256"));
  EXPECT_FALSE(std::filesystem::exists(at("again")));
}

TEST_F(FitMake, CarvesNothingOnLandmarksThatNobodyConfirmedUntilAPersonDecides) {
  copy_made("out");
  const Ran forbidden = fit(make(scan(), at("out"), {"--patellar-tendon-bearing", "1"}));
  EXPECT_EQ(forbidden.exit_code, 1) << forbidden.err;
  expect_no_print_file(at("out"));  // those of the earlier run neither
  EXPECT_THAT(names_in(at("out")), IsSupersetOf({"limb.ply", "case.fit.json", "report.json"}));
  EXPECT_EQ(report_in(at("out")).at("print_files"), false);
  const std::set<std::string> forbid = codes(report_in(at("out")).at("forbidding"));
  EXPECT_THAT(forbid, Not(IsEmpty()));

  const Ran confirmed = fit(make(scan(), at("confirmed"), {"--patellar-tendon-bearing", "1", "--landmarks-confirmed"}));
  EXPECT_EQ(confirmed.exit_code, 0) << confirmed.out;
  expect_printable(at("confirmed"));

  Words overrides{"build", at("out"), "-o", at("in_spite")};
  for (const std::string& code : forbid) {
    overrides.push_back("--override");
    overrides.push_back(code + "=seen on the limb itself");
  }
  ASSERT_EQ(fit(overrides).exit_code, 0);
  expect_printable(at("in_spite"));
  EXPECT_EQ(report_in(at("in_spite")).at("overridden")[0].at("reason"), "seen on the limb itself");
  EXPECT_THAT(read_file(at("in_spite/report.html")), HasSubstr("seen on the limb itself"));
}

TEST_F(FitMake, KeepsNoNameOfTheScanFile) {
  copy_made("out");
  for (const char* name : {"case.fit.json", "report.json", "report.html"})
    EXPECT_THAT(read_file(at(std::string("out/") + name)), Not(HasSubstr("Jane")));
}

TEST_F(FitMake, LeavesWhatReplaysAFailureWithoutNames) {
  write_file(at("tape.csv"), "below_mpt_mm,girth_mm\n40,600\n80,600\n");
  const Ran failed = fit(
      make(scan(), at("out"),
           {"--tape", at("tape.csv"), "--identifier-code", "JANE-1984", "--override", "hole_large=Jane asked for it"}));
  EXPECT_EQ(failed.exit_code, 3);
  EXPECT_THAT(names_in(at("out")), UnorderedElementsAre("repro.zip"));
  const Ran again = fit({"build", at("out/repro.zip"), "-o", at("again")});
  EXPECT_EQ(again.exit_code, 3);
  const auto sentence = [](const std::string& err) { return err.substr(err.find("fit: ")); };
  EXPECT_EQ(sentence(again.err), sentence(failed.err));
  EXPECT_EQ(read_file(at("again/repro.zip")), read_file(at("out/repro.zip")));
  EXPECT_THAT(fit({"landmarks", at("out/repro.zip"), "-o", at("l.json")}).exit_code, 0);
  std::filesystem::create_directory(at("unzipped"));
  ASSERT_EQ(std::system(("cd " + at("unzipped") + " && python3 -m zipfile -e ../out/repro.zip . ").c_str()), 0);
  for (const std::string& name : names_in(at("unzipped"))) {
    EXPECT_THAT(read_file(at("unzipped/" + name)), Not(HasSubstr("Jane"))) << name;
    EXPECT_THAT(read_file(at("unzipped/" + name)), Not(HasSubstr("JANE"))) << name;
  }
}

TEST_F(FitMake, LeavesNothingToReplayForAWrongCommandLine) {
  write_file(at("landmarks.json"), "not JSON");
  EXPECT_EQ(fit(make(scan(), at("out"), {"--landmarks", at("landmarks.json")})).exit_code, 3);
  EXPECT_EQ(fit(make(scan(), "")).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(at("out")));
}

TEST_F(FitMake, OverwritesNoScanThatIsNotItsOwn) {
  std::filesystem::create_directory(at("out"));
  write_file(at("out/scan.stl"), "another scan");
  EXPECT_EQ(fit(make(scan(), at("out"))).exit_code, 4);
  EXPECT_EQ(read_file(at("out/scan.stl")), "another scan");
}

TEST_F(FitMake, LeavesNothingWhenItIsInterrupted) {
  const std::string large = limb({"--triangles", "60000"});
  const std::set<std::string> before = names_in(folder_);
  for (const int wait_ms : {150, 400, 900}) {
    const pid_t pid = start(make(large, at("out"), {"--resolution-mm", "0.6"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    kill(pid, SIGINT);
    const Ran ran = finish(pid);
    EXPECT_EQ(ran.exit_code, 130) << ran.err;
    EXPECT_EQ(names_in(folder_), before);
  }
}

TEST_F(FitMake, KeepsACaseWholeWhenItIsKilledAndTidiesUpTheNextTime) {
  copy_made("out");
  const auto before = hashes_in(at("out"));
  const pid_t pid = start(make(scan(), at("out")));
  while (names_in(at("out")).size() == before.size()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(pid, SIGKILL);
  finish(pid);
  for (const auto& [name, hash] : before) EXPECT_EQ(sha256(read_file(at("out/" + name))), hash) << name;
  EXPECT_EQ(fit({"build", at("out"), "-o", at("out")}).exit_code, 0);
  EXPECT_EQ(hashes_in(at("out")).size(), before.size());
}

TEST_F(FitMake, TakesStepAfterStepAlone) {
  const Words decisions{"--side", "right", "--level", "transtibial", "--liner-mm", "6", "--scanned-over", "liner"};
  const auto step = [&](const std::string& name, const std::string& file, std::size_t needed, const Words& more = {}) {
    Words words{name, scan(), "-o", at(file)};
    words.insert(words.end(), decisions.begin(), decisions.begin() + static_cast<std::ptrdiff_t>(needed));
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = fit(words);
    EXPECT_EQ(ran.exit_code, 0) << name << ": " << ran.err;
    EXPECT_TRUE(std::filesystem::exists(at(file))) << name;
  };
  step("repair", "repaired.ply", 0);
  step("landmarks", "landmarks.json", 4);
  step("rectify", "positive.ply", 8, {"--landmarks", at("landmarks.json")});
  step("trim", "trimline.json", 8);
  step("attach", "hardware.json", 8);
  step("solidify", "socket.stl", 8, {"--resolution-mm", "2"});
}

TEST_F(FitMake, SaysStagesInWordsOfTheTrade) {
  const Ran ran = fit({"solidify", scan(), "-o", at("socket.stl"), "--side", "right", "--level", "transtibial",
                       "--liner-mm", "6", "--scanned-over", "liner", "--resolution-mm", "2"});
  EXPECT_EQ(ran.err,
            "reading the scan\ncleaning the scan\nfinding the limb\nscaling to the tape\nshaping the positive\n"
            "placing the trimline\nplacing the block\nmaking the socket\n");
}

}  // namespace
}  // namespace fit
