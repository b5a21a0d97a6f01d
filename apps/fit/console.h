#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libfit/progress.h"

namespace fit::cli {

/// What a person sees while a command works, on standard error: a bar with stage and time left on a terminal, a line a
/// stage elsewhere. Ctrl-C (and a polite kill) makes its progress ask the work to stop.
class Console {
 public:
  explicit Console(bool quiet);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  Progress progress();

  /// A line that takes the place of the one before on a terminal; elsewhere one every five seconds is written.
  void show(const std::string& line);

  /// Whether `show` shows anything.
  bool is_watched() const { return !quiet_; }

  /// Takes the bar away, so that other text can be written.
  void clear();

  /// Seconds spent in each stage so far, in their order.
  std::vector<std::pair<std::string, double>> timings_s() const;

  /// From now on Ctrl-C and a polite kill ask the work to stop, and a reader that went away or a file that may not grow
  /// is an error of writing.
  static void catch_signals();

  /// Whether a person asked to stop.
  static bool interrupted();

  /// What was asked is done; only the next Ctrl-C asks again.
  static void take_interruption();

 private:
  using Clock = std::chrono::steady_clock;

  bool report(double fraction, std::string_view stage);
  void draw(double fraction);

  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_draw_;
  Clock::time_point last_line_ = Clock::now();
  std::string stage_;
  std::vector<std::pair<std::string, Clock::time_point>> stages_;
};

}  // namespace fit::cli
