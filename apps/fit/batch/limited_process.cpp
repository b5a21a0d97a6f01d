#include "apps/fit/batch/limited_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>

#include "libfit/error.h"

namespace fit::cli {

namespace {

constexpr std::size_t kept_text = 256 * 1024;
constexpr double patience_s = 5.0;

[[noreturn]] void fail(const char* what) {
  throw Error(ErrorKind::io,
              fmt::format("No process for a case could be started ({}: {}).", what, std::strerror(errno)));
}

/// A process and all that descends from it, the youngest last.
std::vector<pid_t> family_of(pid_t pid) {
  std::vector<pid_t> family{pid};
  for (std::size_t i = 0; i < family.size() && family.size() < 1000; ++i) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", family[i]));
    for (pid_t child = 0; children >> child;) family.push_back(child);
  }
  return family;
}

double memory_mb_of(pid_t pid) {
  std::ifstream statm(fmt::format("/proc/{}/statm", pid));
  double pages = 0.0, resident = 0.0;
  statm >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1024.0 * 1024.0);
}

void read_from(int descriptor, std::string& text) {
  char buffer[16384];
  for (ssize_t count; (count = read(descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
    if (text.size() > 2 * kept_text) text.erase(0, text.size() - kept_text);
  }
}

/// In the child, between fork and exec: nothing here may allocate.
[[noreturn]] void become(char* const* argv, int output, int errors, const ProcessLimits& limits, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  setpgid(0, 0);
  // Allocations fail before the watcher sees them: the case can then say so itself. What is private and writable
  // counts.
  const auto bytes = static_cast<rlim_t>(limits.memory_mb * 1024 * 1024);
  const rlimit data{bytes, bytes};
  setrlimit(RLIMIT_DATA, &data);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(argv[0], argv);
  _exit(127);
}

}  // namespace

LimitedProcess::LimitedProcess(const std::vector<std::string>& words, const ProcessLimits& limits) : limits_(limits) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0) fail("pipe");
  if (pipe2(err, O_CLOEXEC) != 0) {
    close(out[0]), close(out[1]);
    fail("pipe");
  }
  std::vector<char*> argv;
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(argv.data(), out[1], err[1], limits, parent);
  close(out[1]), close(err[1]);
  output_ = out[0], errors_ = err[0];
  if (pid_ < 0) {
    close(output_), close(errors_);
    fail("fork");
  }
  setpgid(pid_, pid_);
  fcntl(output_, F_SETFL, O_NONBLOCK);
  fcntl(errors_, F_SETFL, O_NONBLOCK);
}

LimitedProcess::~LimitedProcess() {
  if (!ended_) {
    kill_all();
    waitpid(pid_, nullptr, 0);
  }
  close(output_), close(errors_);
}

void LimitedProcess::read_all() {
  read_from(output_, out_text_);
  read_from(errors_, err_text_);
}

void LimitedProcess::kill_all() {
  for (pid_t one : family_of(pid_)) kill(one, SIGKILL);
  kill(-pid_, SIGKILL);
}

void LimitedProcess::stop() {
  if (ended_ || asked_) return;
  if (reason_ == End::running) reason_ = End::asked_to_stop;
  asked_ = Clock::now();
  kill(pid_, SIGTERM);
}

void LimitedProcess::end_if_over_limits() {
  double memory_mb = 0.0;
  for (pid_t one : family_of(pid_)) memory_mb += memory_mb_of(one);
  peak_mb_ = std::max(peak_mb_, memory_mb);
  if (memory_mb > limits_.memory_mb) {
    reason_ = End::out_of_memory;
    kill_all();
  } else if (seconds() > limits_.time_s && !asked_) {
    reason_ = End::out_of_time;
    stop();
  }
  if (asked_ && std::chrono::duration<double>(Clock::now() - *asked_).count() > patience_s) kill_all();
}

LimitedProcess::End LimitedProcess::look() {
  if (ended_) return reason_;
  int status = 0;
  rusage used{};
  const bool gone = wait4(pid_, &status, WNOHANG, &used) == pid_;
  read_all();
  if (!gone) {
    end_if_over_limits();
    return End::running;
  }
  ended_ = true;
  end_ = Clock::now();
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  cpu_s_ = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
  peak_mb_ = std::max(peak_mb_, static_cast<double>(used.ru_maxrss) / 1024.0);
  if (WIFEXITED(status)) {
    exit_code_ = WEXITSTATUS(status);
    // A case that ends by itself while it is being stopped has its result.
    if (reason_ == End::running || (exit_code_ != 130 && reason_ != End::out_of_memory)) reason_ = End::exited;
    return reason_;
  }
  signal_ = WTERMSIG(status);
  const bool from_outside = signal_ == SIGKILL || signal_ == SIGTERM || signal_ == SIGINT || signal_ == SIGHUP;
  if (reason_ == End::running) reason_ = from_outside ? End::killed_from_outside : End::crashed;
  return reason_;
}

std::string LimitedProcess::last_line() const {
  auto end = err_text_.find_last_not_of("\r\n");
  if (end == std::string::npos) return "";
  const auto begin = err_text_.find_last_of('\n', end);
  return err_text_.substr(begin == std::string::npos ? 0 : begin + 1, end - (begin == std::string::npos ? -1 : begin));
}

double LimitedProcess::seconds() const {
  return std::chrono::duration<double>((ended_ ? end_ : Clock::now()) - start_).count();
}

}  // namespace fit::cli
