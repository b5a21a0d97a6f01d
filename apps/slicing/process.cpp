#include "apps/slicing/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "libfit/error.h"

extern char** environ;

namespace fit {

namespace {

constexpr std::size_t kept_output = 64 * 1024;

/// A child process in a group of its own: it does not outlive this object, and a Ctrl-C of the terminal reaches it only
/// through us.
class Child {
 public:
  explicit Child(const std::vector<std::string>& command) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw Error(ErrorKind::io, fmt::format("No pipe could be opened: {}.", std::strerror(errno)));
    output_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const int problem = posix_spawnp(&pid_, words[0], &actions, &attributes, words.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    close(ends[1]);
    if (problem != 0) {
      close(output_);
      throw Error(ErrorKind::io,
                  fmt::format("The program '{}' could not be started: {}.", command[0], std::strerror(problem)));
    }
  }
  ~Child() {
    if (!ended_) {
      kill(-pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    close(output_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Waits up to `wait_ms` for output and adds it; gives how many bytes came.
  std::size_t read_output(int wait_ms, std::string& output) const {
    pollfd waiting{output_, POLLIN, 0};
    if (poll(&waiting, 1, wait_ms) <= 0) return 0;
    char buffer[4096];
    const ssize_t count = read(output_, buffer, sizeof buffer);
    if (count <= 0) return 0;
    output.append(buffer, static_cast<std::size_t>(count));
    if (output.size() > 2 * kept_output) output.erase(0, output.size() - kept_output);
    return static_cast<std::size_t>(count);
  }

  bool has_ended() {
    if (!ended_) ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
    return ended_;
  }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, double timeout_s, const Progress& progress) {
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  Child child(command);
  ProcessResult result;
  while (!child.has_ended()) {
    // A program may close its output and work on: then poll() returns at once and must not spin.
    if (child.read_output(50, result.output) == 0) poll(nullptr, 0, 10);
    const double spent_s = std::chrono::duration<double>(Clock::now() - start).count();
    if (spent_s > timeout_s)
      throw Error(ErrorKind::no_solution,
                  fmt::format("The program '{}' was not done after {:g} s and was stopped.", command[0], timeout_s));
    progress(spent_s / (spent_s + 0.2 * timeout_s));
  }
  while (child.read_output(0, result.output) > 0) continue;
  if (result.output.size() > kept_output) result.output.erase(0, result.output.size() - kept_output);
  result.exit_code = child.exit_code();
  return result;
}

}  // namespace fit
