// `fit batch` from manifest to results.
#include "apps/fit/batch/table_file.h"
#include "tests/apps/fit_program.h"

namespace fit {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class FitBatch : public FitProgram {
 protected:
  /// Coarse, so that a case takes a second or two.
  Words batch(const Words& more = {}) const {
    Words words{"batch", at("cases.csv"), "-o", at("out"), "--resolution-mm", "3", "--drape-resolution-mm", "3"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void write_manifest(const std::string& rows) const {
    write_file(at("cases.csv"), "id,scan,side,level,liner_mm,scanned_over,wall_mm\n" + rows);
  }
  std::vector<Json> results() const {
    std::vector<Json> rows;
    std::istringstream lines(read_file(at("out/results.jsonl")));
    for (std::string line; std::getline(lines, line);) rows.push_back(Json::parse(line));
    return rows;
  }
  /// What stands for "was not made again".
  auto time_of(const std::string& id) const { return fs::last_write_time(at("out/cases/" + id + "/outcome.json")); }

  static constexpr const char* decided = "right,transtibial,6,liner";
};

TEST_F(FitBatch, FailsARowByItselfAndMakesTheOthers) {
  limb({"--triangles", "4000"});
  write_file(at("noise.stl"), "this is no scan");
  write_manifest(std::string("good,limb.stl,") + decided + ",6\nnoise,noise.stl," + decided + ",6\nnone,none.stl," +
                 decided + ",6\nwrong,limb.stl," + decided + ",600\n");
  const Ran ran = fit(batch());
  EXPECT_EQ(ran.exit_code, 1) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("4 cases: 1 printable, 0 not printable, 3 failed; 0 finished before"));
  const auto rows = results();
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_EQ(rows[0].at("status"), "printable");
  EXPECT_GT(rows[0].at("limb_volume_mm3").get<double>(), 1e5);
  EXPECT_THAT(rows[1].at("problem").get<std::string>(), HasSubstr("not a mesh"));
  EXPECT_THAT(rows[2].at("problem").get<std::string>(), HasSubstr("There is no file"));
  EXPECT_THAT(rows[3].at("problem").get<std::string>(), HasSubstr("--wall-mm is 600"));
  EXPECT_THAT(names_in(at("out/cases/good")),
              IsSupersetOf({"socket.stl", "socket.3mf", "report.html", "view.html", "thumbnail.png", "outcome.json"}));
  EXPECT_THAT(names_in(at("out/cases/noise")), Contains("repro.zip"));
  EXPECT_EQ(cli::parse_table(read_file(at("out/results.csv")), "results.csv").rows.size(), 4u);
  EXPECT_THAT(names_in(at("out")),
              ElementsAre("assets", "cases", "index.html", "results.csv", "results.jsonl"));  // and nothing hidden
  const Ran again = fit({"build", at("out/cases/noise/repro.zip"), "-o", at("again")});
  EXPECT_EQ(again.exit_code, 3);
  EXPECT_THAT(again.err, HasSubstr("not a mesh"));
}

TEST_F(FitBatch, CountsWhatFailedBeforeAsFailed) {
  limb({"--triangles", "4000"});
  write_file(at("noise.stl"), "this is no scan");
  // Over skin, with a carve on landmarks that nobody confirmed: forbidden.
  write_file(at("cases.csv"), std::string("id,scan,side,level,liner_mm,scanned_over,patellar_tendon_bearing\n") +
                                  "good,limb.stl,right,transtibial,6,skin,0\n" +
                                  "carved,limb.stl,right,transtibial,6,liner,1\n" +
                                  "noise,noise.stl,right,transtibial,6,liner,0\n");
  EXPECT_EQ(fit(batch({"--quiet"})).exit_code, 1);
  const Ran again = fit(batch());
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.out, HasSubstr("3 cases: 1 printable, 1 not printable, 1 failed; 3 finished before"));
}

TEST_F(FitBatch, TellsWhatTheLinerAddsFromWhatRectificationTakes) {
  limb({"--triangles", "4000"});
  write_file(at("cases.csv"), std::string("id,scan,side,level,liner_mm,scanned_over,uniform_reduction_percent\n") +
                                  "skin,limb.stl,right,transtibial,6,skin,4\n" +
                                  "liner,limb.stl,right,transtibial,6,liner,4\n");
  ASSERT_LE(fit(batch()).exit_code, 1);
  const auto rows = results();
  const auto percent = [&](std::size_t row, const char* name) { return rows[row].at(name).get<double>(); };
  EXPECT_GT(percent(0, "liner_and_socks_volume_percent"), 15.0);
  EXPECT_EQ(percent(1, "liner_and_socks_volume_percent"), 0.0);
  // Girths 4 % smaller enclose 7.84 % less; the distal end has room of its own.
  EXPECT_NEAR(percent(0, "rectification_volume_percent"), -7.84, 1.0);
  EXPECT_NEAR(percent(1, "rectification_volume_percent"), -7.84, 1.0);
}

TEST_F(FitBatch, SlicesEveryCaseAndQueuesThePrintsByPrinter) {
  if (!fs::exists("/usr/share/PrusaSlicer/profiles")) GTEST_SKIP() << "prusa-slicer is not installed";
  limb({"--triangles", "4000"});
  write_file(at("cases.csv"),
             "id,scan,side,level,liner_mm,scanned_over,wall_mm,printer\n"
             "thin,limb.stl,right,transtibial,6,liner,6,cr10\n"
             "thick,limb.stl,right,transtibial,6,liner,7,cr10\n");
  const Ran ran = fit(batch({"--slice", "--material", "petg"}));
  ASSERT_LE(ran.exit_code, 1) << ran.err;
  double cr10_s = 0.0, cr10_g = 0.0;
  std::size_t printed = 0;
  for (const Json& row : results()) {
    if (row.at("status") != "printable") continue;
    ++printed;
    EXPECT_LT(std::abs(row.at("as_printed_mean_mm").get<double>()), 0.1);
    EXPECT_LT(row.at("as_printed_iqr_mm").get<double>(), 0.2);
    EXPECT_GT(row.at("as_printed_seen_percent").get<double>(), 70.0);
    if (row.at("printer") != "Creality CR-10") continue;
    cr10_s += row.at("print_time_s").get<double>();
    cr10_g += row.at("filament_g").get<double>();
  }
  ASSERT_GE(printed, 1u);
  const auto queue = cli::parse_table(read_file(at("out/print_queue.csv")), "print_queue.csv");
  std::size_t files = 0;
  for (const cli::TableRow& row : queue.rows) {
    if (row.cells[2].starts_with("all ")) {
      if (row.cells[0] != "Creality CR-10") continue;
      EXPECT_EQ(std::stod(row.cells[4]), cr10_s);
      EXPECT_EQ(std::stod(row.cells[5]), cr10_g);
    } else {
      ++files;
      EXPECT_EQ(read_file(at("out/" + row.cells[3])), read_file(at("out/cases/" + row.cells[2] + "/socket.gcode")));
    }
  }
  EXPECT_EQ(files, printed);
}

TEST_F(FitBatch, MakesAgainOnlyWhatChanged) {
  limb({"--triangles", "4000"});
  fs::copy_file(at("limb.stl"), at("other.stl"));
  write_manifest(std::string("a,limb.stl,") + decided + ",6\nb,other.stl," + decided + ",6\nc,limb.stl," + decided +
                 ",6\n");
  ASSERT_EQ(fit(batch()).exit_code, 0);
  const auto a = time_of("a"), b = time_of("b"), c = time_of("c");
  fit({"generate", "-o", at("other.stl"), "--seed", "6", "--triangles", "4000"});
  write_manifest(std::string("a,limb.stl,") + decided + ",6\nb,other.stl," + decided + ",6\nc,limb.stl," + decided +
                 ",7\n");
  fs::remove(at("out/cases/a/socket.stl"));
  write_file(at("out/cases/a/socket.stl"), "cut short");
  const Ran ran = fit(batch());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(time_of("a"), a);  // its file was not as it was made
  EXPECT_NE(time_of("b"), b);  // another scan
  EXPECT_NE(time_of("c"), c);  // another wall
  const auto again = time_of("a");
  EXPECT_THAT(fit(batch()).out, HasSubstr("3 finished before"));
  EXPECT_EQ(time_of("a"), again);
}

TEST_F(FitBatch, EndsACaseThatTakesTooLongOrTooMuch) {
  limb({"--triangles", "60000"});
  write_manifest(std::string("a,limb.stl,") + decided + ",6\n");
  ASSERT_EQ(fit(batch({"--case-time-s", "1", "--resolution-mm", "0.5"})).exit_code, 1);
  EXPECT_THAT(results()[0].at("problem").get<std::string>(), HasSubstr("not done after 1 s"));
  EXPECT_THAT(names_in(at("out/cases/a")), Contains("repro.zip"));
  ASSERT_EQ(fit(batch({"--case-memory-mb", "100", "--resolution-mm", "0.5"})).exit_code, 1);
  EXPECT_THAT(results()[0].at("problem").get<std::string>(), HasSubstr("more than 100 MB"));
}

TEST_F(FitBatch, GivesUpWhenTheDiskIsFullAndGoesOnAfterwards) {
  limb({"--triangles", "4000"});
  write_manifest(std::string("a,limb.stl,") + decided + ",6\n");
  std::string command = "ulimit -f 200; exec " FIT_BINARY_DIR "/bin/fit";
  for (const std::string& word : batch()) command += " '" + word + "'";
  EXPECT_EQ(WEXITSTATUS(std::system(("(" + command + ") >/dev/null 2>" + at("full")).c_str())), 4);
  EXPECT_THAT(read_file(at("full")), HasSubstr("The batch was given up"));
  EXPECT_THAT(names_in(at("out/cases")), ElementsAre());
  EXPECT_EQ(fit(batch()).exit_code, 0);
  EXPECT_EQ(results()[0].at("status"), "printable");
}

TEST_F(FitBatch, GivesTheSameInPartsAsInOne) {
  limb({"--triangles", "4000"});
  write_manifest(std::string("a,limb.stl,") + decided + ",6\nb,limb.stl," + decided + ",7\n");
  for (const char* part : {"1/2", "2/2"}) EXPECT_EQ(fit(batch({"--shard", part})).exit_code, 0);
  EXPECT_THAT(names_in(at("out")), Not(Contains("results.csv")));
  EXPECT_THAT(fit(batch()).out, HasSubstr("2 finished before"));
  const std::string in_parts = read_file(at("out/results.jsonl"));
  fs::rename(at("out"), at("parts"));
  ASSERT_EQ(fit(batch({"--workers", "1"})).exit_code, 0);
  EXPECT_EQ(read_file(at("out/results.jsonl")), in_parts);
  for (const char* id : {"a", "b"}) {
    auto one = hashes_in(at("out/cases/") + id), other = hashes_in(at("parts/cases/") + id);
    one.erase("timings.json"), other.erase("timings.json");
    EXPECT_EQ(one, other);
  }
  EXPECT_EQ(fit(batch({"--shard", "3/2"})).exit_code, 2);
}

TEST_F(FitBatch, SaysWhatIsWrongOnEveryRowBeforeAnythingIsMade) {
  write_manifest("a,none.stl,up,transtibial,6,liner,6\nb,none.stl,left,,6,liner,6\n");
  const Ran ran = fit(batch({"--dry-run"}));
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.out, HasSubstr("line 2, a: --side is 'up'"));
  EXPECT_THAT(ran.out, HasSubstr("line 3, b: No socket is made without level"));
  EXPECT_FALSE(fs::exists(at("out")));
}

TEST_F(FitBatch, MakesPagesThatAPersonCanUseInABrowser) {
  limb({"--triangles", "4000"});
  write_file(at("noise.stl"), "this is no scan");
  write_manifest(std::string("good,limb.stl,") + decided + ",6\nnoise,noise.stl," + decided + ",6\n");
  ASSERT_EQ(fit(batch()).exit_code, 1);
  if (!fs::exists(at("out/assets/viewer.js")))
    GTEST_SKIP() << "esbuild and three.js were not there when this was built";
  const std::string command = "timeout 300 python3 " FIT_SOURCE_DIR "/tests/apps/batch/click_pages.py '" + at("out") +
                              "' good >" + at("clicks") + " 2>&1";
  const int code = WEXITSTATUS(std::system(command.c_str()));
  if (code == 77 || code == 127) GTEST_SKIP() << read_file(at("clicks"));
  EXPECT_EQ(code, 0) << read_file(at("clicks"));
}

TEST_F(FitBatch, EndsTheSameHoweverOftenItIsKilled) {
  if (std::system("python3 -c 'import random' 2>/dev/null") != 0) GTEST_SKIP() << "python3 is not here";
  const std::string command = "python3 " FIT_SOURCE_DIR "/tests/apps/batch/pull_the_plug.py " FIT_BINARY_DIR
                              "/bin/fit 5 4 >" +
                              at("plug") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << read_file(at("plug"));
}

}  // namespace
}  // namespace fit
