// `fit make`, `build` and `verify` from scan to files.
#include "tests/apps/fit_program.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Key;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class FitMake : public FitProgram {
 protected:
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
};

TEST_F(FitMake, TakesAScanToFilesThatCanBePrinted) {
  const Ran ran = fit(make(limb(), at("out")));
  ASSERT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  expect_printable(at("out"));
  const Json report = report_in(at("out"));
  EXPECT_EQ(report.at("print_files"), true);
  for (const auto& [name, hash] : report.at("files").items())
    EXPECT_EQ(sha256(read_file(at("out/" + name))), hash) << name;
  const Json socket = Json::parse(fit({"info", at("out/socket.stl"), "--json"}).out);
  EXPECT_EQ(socket.at("closed"), true);
  EXPECT_NEAR(socket.at("lowest_mm")[2].get<double>(), 0.0, 1e-4);
  EXPECT_NEAR(socket.at("lowest_mm")[0].get<double>(), -socket.at("highest_mm")[0].get<double>(), 1e-3);
  EXPECT_EQ(fit({"check", at("out/socket.stl")}).exit_code, 0);
  EXPECT_EQ(fit({"check", at("out/draping_model.stl")}).exit_code, 0);
}

TEST_F(FitMake, GivesTheSameBytesOnOneThreadAndOnFour) {
  const std::string scan = limb();
  ASSERT_EQ(fit(make(scan, at("one"), {"--threads", "1"})).exit_code, 0);
  ASSERT_EQ(fit(make(scan, at("four"), {"--threads", "4"})).exit_code, 0);
  auto one = hashes_in(at("one"));
  auto four = hashes_in(at("four"));
  one.erase("timings.json");
  four.erase("timings.json");
  EXPECT_EQ(one, four);
}

TEST_F(FitMake, BuildsAgainFromAFolderThatWasMoved) {
  const std::string scan = limb();
  ASSERT_EQ(fit(make(scan, at("out"))).exit_code, 0);
  std::filesystem::remove(scan);
  std::filesystem::create_directory(at("elsewhere"));
  std::filesystem::rename(at("out"), at("elsewhere/case"));
  ASSERT_EQ(fit({"build", at("elsewhere/case/case.fit.json"), "-o", at("again")}).exit_code, 0);
  auto first = hashes_in(at("elsewhere/case"));
  auto again = hashes_in(at("again"));
  first.erase("timings.json");
  again.erase("timings.json");
  EXPECT_EQ(first, again);
  const Ran verified = fit({"verify", at("elsewhere/case/case.fit.json")});
  EXPECT_EQ(verified.exit_code, 0) << verified.err;
}

TEST_F(FitMake, RefusesAScanThatIsNotTheCasesOwn) {
  ASSERT_EQ(fit(make(limb(), at("out"))).exit_code, 0);
  std::string scan = read_file(at("out/scan.stl"));
  scan[100] = static_cast<char>(scan[100] ^ 1);
  write_file(at("out/scan.stl"), scan);
  const Ran ran = fit({"build", at("out/case.fit.json"), "-o", at("again")});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("SHA-256"));
  EXPECT_FALSE(std::filesystem::exists(at("again")));
}

TEST_F(FitMake, VerifySaysWhichFileWasChanged) {
  ASSERT_EQ(fit(make(limb(), at("out"))).exit_code, 0);
  write_file(at("out/socket.stl"), read_file(at("out/socket.stl")) + "x");
  const Ran ran = fit({"verify", at("out/case.fit.json")});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, HasSubstr("socket.stl"));
}

TEST_F(FitMake, CarvesNothingOnLandmarksThatNobodyConfirmedAndTakesAwayEarlierPrintFiles) {
  const std::string scan = limb();
  ASSERT_EQ(fit(make(scan, at("out"))).exit_code, 0);
  const Ran forbidden = fit(make(scan, at("out"), {"--patellar-tendon-bearing", "1"}));
  EXPECT_EQ(forbidden.exit_code, 1) << forbidden.err;
  expect_no_print_file(at("out"));
  EXPECT_THAT(names_in(at("out")), IsSupersetOf({"limb.ply", "case.fit.json", "report.json"}));
  EXPECT_EQ(report_in(at("out")).at("print_files"), false);
  EXPECT_THAT(report_in(at("out")).at("forbidding"), Not(IsEmpty()));

  const Ran confirmed = fit(make(scan, at("out"), {"--patellar-tendon-bearing", "1", "--landmarks-confirmed"}));
  EXPECT_EQ(confirmed.exit_code, 0) << confirmed.out;
  expect_printable(at("out"));
}

TEST_F(FitMake, PrintsInSpiteOfAFindingForAReasonThatStaysWithTheCase) {
  const std::string scan = limb();
  ASSERT_EQ(fit(make(scan, at("out"), {"--patellar-tendon-bearing", "1"})).exit_code, 1);
  std::vector<std::string> overrides{"--patellar-tendon-bearing", "1"};
  for (const std::string& code : codes(report_in(at("out")).at("forbidding"))) {
    overrides.push_back("--override");
    overrides.push_back(code + "=seen on the limb itself");
  }
  ASSERT_EQ(fit(make(scan, at("out"), overrides)).exit_code, 0);
  expect_printable(at("out"));
  EXPECT_EQ(report_in(at("out")).at("overridden")[0].at("reason"), "seen on the limb itself");
  ASSERT_EQ(fit({"build", at("out/case.fit.json"), "-o", at("again")}).exit_code, 0);
}

TEST_F(FitMake, KeepsNoNameOfTheScanFile) {
  std::filesystem::rename(limb(), at("Jane Doe left.stl"));
  ASSERT_EQ(fit(make(at("Jane Doe left.stl"), at("out"))).exit_code, 0);
  for (const char* name : {"case.fit.json", "report.json"})
    EXPECT_THAT(read_file(at(std::string("out/") + name)), Not(HasSubstr("Jane")));
}

TEST_F(FitMake, OverwritesNoScanThatIsNotItsOwn) {
  std::filesystem::create_directory(at("out"));
  write_file(at("out/scan.stl"), "another scan");
  EXPECT_EQ(fit(make(limb(), at("out"))).exit_code, 4);
  EXPECT_EQ(read_file(at("out/scan.stl")), "another scan");
}

TEST_F(FitMake, LeavesNothingWhenItIsInterrupted) {
  const std::string scan = limb({"--triangles", "60000"});
  const std::set<std::string> before = names_in(folder_);
  for (const int wait_ms : {150, 400, 900}) {
    const pid_t pid = start(make(scan, at("out"), {"--resolution-mm", "0.6"}));
    std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    kill(pid, SIGINT);
    const Ran ran = finish(pid);
    EXPECT_EQ(ran.exit_code, 130) << ran.err;
    EXPECT_EQ(names_in(folder_), before);
  }
}

TEST_F(FitMake, TakesStepAfterStepAlone) {
  const std::string scan = limb();
  const Words decisions{"--side", "right", "--level", "transtibial", "--liner-mm", "6", "--scanned-over", "liner"};
  const auto step = [&](const std::string& name, const std::string& file, std::size_t needed) {
    Words words{name, scan, "-o", at(file)};
    words.insert(words.end(), decisions.begin(), decisions.begin() + static_cast<std::ptrdiff_t>(needed));
    const Ran ran = fit(words);
    EXPECT_EQ(ran.exit_code, 0) << name << ": " << ran.err;
    EXPECT_TRUE(std::filesystem::exists(at(file))) << name;
  };
  step("repair", "repaired.ply", 0);
  step("landmarks", "landmarks.json", 4);
  step("rectify", "positive.ply", 8);
  step("trim", "trimline.json", 8);
  step("attach", "hardware.json", 8);
  step("solidify", "socket.stl", 8);
  const Ran with_file = fit(make(scan, at("out"), {"--landmarks", at("landmarks.json")}));
  EXPECT_EQ(with_file.exit_code, 0) << with_file.err;
}

}  // namespace
}  // namespace fit
