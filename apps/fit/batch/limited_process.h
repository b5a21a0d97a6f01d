#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fit::cli {

/// What a process may take before it is ended.
struct ProcessLimits {
  double time_s = 600.0;
  double memory_mb = 2000.0;  ///< of it and all that it started, together

  bool operator==(const ProcessLimits&) const = default;
};

/// A program in a process group of its own, watched: it and all that it started are ended when it takes too long or too
/// much memory, and with this object. When the program that started it dies, it dies too.
class LimitedProcess {
 public:
  enum class End { running, exited, crashed, killed_from_outside, out_of_time, out_of_memory, asked_to_stop };

  /// Throws Error::io when it cannot be started.
  LimitedProcess(const std::vector<std::string>& words, const ProcessLimits& limits);
  ~LimitedProcess();
  LimitedProcess(const LimitedProcess&) = delete;
  LimitedProcess& operator=(const LimitedProcess&) = delete;

  /// Takes what it wrote, looks at its limits and whether it has ended. To be called at least ten times a second.
  End look();
  /// Asks it to stop, as Ctrl-C does; it is ended a few seconds later if it does not.
  void stop();

  int output_descriptor() const { return output_; }
  int exit_code() const { return exit_code_; }          ///< when it has exited
  int signal() const { return signal_; }                ///< when it has crashed or was killed
  const std::string& out() const { return out_text_; }  ///< at most the last 256 kB of standard output
  const std::string& err() const { return err_text_; }  ///< the same of standard error
  std::string last_line() const;                        ///< of standard error
  double seconds() const;                               ///< since it was started, or that it ran
  double cpu_seconds() const { return cpu_s_; }         ///< when it has ended
  double peak_mb() const { return peak_mb_; }           ///< most memory seen

 private:
  using Clock = std::chrono::steady_clock;

  void read_all();
  void kill_all();
  void end_if_over_limits();

  ProcessLimits limits_;
  pid_t pid_ = 0;
  int output_ = -1;
  int errors_ = -1;
  int exit_code_ = 0;
  int signal_ = 0;
  bool ended_ = false;
  std::string out_text_, err_text_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point end_;
  std::optional<Clock::time_point> asked_;
  End reason_ = End::running;
  double cpu_s_ = 0.0;
  double peak_mb_ = 0.0;
};

}  // namespace fit::cli
