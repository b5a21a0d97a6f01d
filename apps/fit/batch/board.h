#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "apps/fit/batch/case_store.h"

namespace fit::cli {

/// How far a batch is.
struct BatchTally {
  std::size_t all = 0;         ///< cases of this run
  std::size_t printable = 0;   ///< finished, now or by an earlier run
  std::size_t forbidden = 0;   ///< the same: a finding forbids printing
  std::size_t failed = 0;      ///< the same
  std::size_t kept = 0;        ///< those of the three that an earlier run finished
  std::size_t unfinished = 0;  ///< given up for this run

  void count(CaseStatus status) {
    ++(status == CaseStatus::printable ? printable : status == CaseStatus::forbidden ? forbidden : failed);
  }
  std::size_t finished() const { return printable + forbidden + failed; }
  std::size_t left() const { return all - finished() - unfinished; }
};

/// What a person sees while a batch works, on standard error: on a terminal a line a worker and one for the whole,
/// elsewhere a line for every case that ends.
class Board {
 public:
  Board(std::size_t workers, bool quiet);
  ~Board();
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  /// What a worker does now; empty when nothing.
  void say(std::size_t worker, const std::string& what);
  /// A line that stays.
  void log(const std::string& line, const BatchTally& tally);
  /// At least a few times a second.
  void refresh(const BatchTally& tally);
  /// Takes the live lines away.
  void clear();

  /// "12 of 40 done, 1 failed, 28 left, about 2:10 min".
  std::string words_of(const BatchTally& tally) const;

 private:
  using Clock = std::chrono::steady_clock;
  bool quiet_, terminal_;
  std::vector<std::string> workers_;
  std::size_t drawn_ = 0;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_draw_;
};

}  // namespace fit::cli
