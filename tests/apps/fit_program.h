#pragma once

#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "libfit/file.h"

extern char** environ;

namespace fit {

/// What the program fit did.
struct Ran {
  int exit_code = 0;
  std::string out;
  std::string err;
};

/// Runs the program that was built, in a folder of its own that is gone at the end.
class FitProgram : public ::testing::Test {
 protected:
  using Words = std::vector<std::string>;

  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "fit_test_XXXXXX";
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string at(const std::string& name) const { return (folder_ / name).string(); }

  pid_t start(const Words& words) const {
    Words all{FIT_BINARY_DIR "/bin/fit"};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<char*> argv;
    for (std::string& word : all) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, at("stdout").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, at("stderr").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t pid = 0;
    EXPECT_EQ(posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return pid;
  }
  Ran finish(pid_t pid) const {
    int status = 0;
    waitpid(pid, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status), read_file(at("stdout")),
            read_file(at("stderr"))};
  }
  Ran fit(const Words& words) const { return finish(start(words)); }

  /// A coarse transtibial limb of the generator.
  std::string limb(const Words& more = {}) const {
    Words words{"generate", "-o", at("limb.stl"), "--seed", "5", "--triangles", "12000"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = fit(words);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return at("limb.stl");
  }
  /// `fit make` with all decisions, coarse.
  Words make(const std::string& scan, const std::string& folder, const Words& more = {}) const {
    Words words{"make",
                scan,
                "-o",
                folder,
                "--side",
                "right",
                "--level",
                "transtibial",
                "--liner-mm",
                "6",
                "--scanned-over",
                "liner",
                "--drape-resolution-mm",
                "3"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  static std::set<std::string> names_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    if (std::filesystem::exists(folder))
      for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().filename());
    return names;
  }
  static std::map<std::string, std::string> hashes_in(const std::filesystem::path& folder) {
    std::map<std::string, std::string> hashes;
    for (const std::string& name : names_in(folder)) hashes[name] = sha256(read_file(folder / name));
    return hashes;
  }

  std::filesystem::path folder_;
};

}  // namespace fit
