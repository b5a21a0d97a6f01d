#include "apps/fit/batch/slurm.h"

#include <algorithm>

#include "tests/apps/fit_program.h"

namespace fit {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(SlurmTasks, TakeAtLeastTheTimeAskedAndAreNoMoreThanTheClusterAllows) {
  EXPECT_EQ(cli::cases_of_a_task(1000, 5.0, 1, 60.0, 10000), 12u);
  EXPECT_EQ(cli::cases_of_a_task(1000, 5.0, 4, 60.0, 10000), 48u);
  EXPECT_EQ(cli::cases_of_a_task(1000000, 5.0, 1, 60.0, 1000), 1000u);
  EXPECT_EQ(cli::cases_of_a_task(3, 600.0, 1, 60.0, 1000), 1u);
}

TEST(SlurmScript, QuotesWhatStandsInThePathsAndAsksForWhatACaseMayTake) {
  cli::SlurmRun run;
  run.words = {"/opt/fit", "batch", "/data/a b's/cases.csv"};
  run.workers = 2;
  run.case_memory_mb = 1500;
  const std::string script = cli::slurm_script(run, "/data/out/slurm", 7);
  EXPECT_THAT(script, HasSubstr("exec '/opt/fit' 'batch' '/data/a b'\\''s/cases.csv' --workers=2"));
  EXPECT_THAT(script, HasSubstr("--array=1-7"));
  EXPECT_THAT(script, HasSubstr("--mem=3000M"));
  EXPECT_THAT(script, HasSubstr("--shard=\"$SLURM_ARRAY_TASK_ID/7\""));
}

class Slurm : public FitProgram {
 protected:
  /// Hashes of all files of a batch's results but timings and logs.
  std::map<std::string, std::string> results_in(const std::string& folder) const {
    std::map<std::string, std::string> hashes;
    for (const auto& entry : fs::recursive_directory_iterator(at(folder)))
      if (entry.is_regular_file() && entry.path().filename() != "timings.json" && entry.path().filename() != "log.txt")
        hashes[entry.path().lexically_relative(at(folder)).string()] = sha256(read_file(entry.path()));
    return hashes;
  }
};

TEST_F(Slurm, GivesTheSameAsOneMachineThoughANodeGoesDown) {
  limb({"--triangles", "4000"});
  std::string rows = "id,scan,side,level,liner_mm,scanned_over,wall_mm\n";
  for (int k = 0; k < 8; ++k)
    rows += "case-" + std::to_string(k) + ",limb.stl,right,transtibial,6,liner," + std::to_string(5 + k % 4) + "\n";
  write_file(at("cases.csv"), rows + "none,none.stl,right,transtibial,6,liner,6\n");
  const Words batch{"batch", at("cases.csv"), "--resolution-mm", "3", "--drape-resolution-mm", "3", "-o"};
  const auto with = [](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  ASSERT_EQ(fit(with(batch, {at("here")})).exit_code, 1);  // the last row

  std::string command = "NODE_DOWN_AFTER_S=3 " FIT_SOURCE_DIR "/tests/apps/batch/slurm_cluster.sh '" + at("cluster") +
                        "' " FIT_BINARY_DIR "/bin/fit";
  for (const std::string& word : with(batch, {at("there"), "--engine", "slurm", "--task-s", "10"}))
    command += " '" + word + "'";
  const int code = WEXITSTATUS(std::system((command + " >" + at("slurm") + " 2>&1").c_str()));
  const std::string said = read_file(at("slurm"));
  if (code == 77) GTEST_SKIP() << said;
  ASSERT_EQ(code, 1) << said;
  EXPECT_TRUE(fs::exists(at("cluster/node_down"))) << said;
  EXPECT_TRUE(fs::exists(at("there/slurm/job.sh")));
  fs::remove_all(at("there/slurm"));
  EXPECT_EQ(results_in("there"), results_in("here")) << said;
}

}  // namespace
}  // namespace fit
