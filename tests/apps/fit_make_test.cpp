// `fit make`, `build` and `verify` from scan to files.
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
