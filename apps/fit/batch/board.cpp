#include "apps/fit/batch/board.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

namespace fit::cli {

namespace {

std::string duration(double seconds) {
  const long whole = static_cast<long>(seconds + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{}:{:02} min", whole / 60, whole % 60);
  return fmt::format("{}:{:02} h", whole / 3600, whole / 60 % 60);
}

std::size_t terminal_columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

}  // namespace

Board::Board(std::size_t workers, bool quiet)
    : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1), workers_(workers) {}

Board::~Board() { clear(); }

std::string Board::words_of(const BatchTally& tally) const {
  std::string words = fmt::format("{} of {} done", tally.finished(), tally.all);
  if (tally.kept) words += fmt::format(" ({} before)", tally.kept);
  words += fmt::format(", {} failed, {} left", tally.failed, tally.left());
  if (tally.forbidden) words += fmt::format(", {} not printable", tally.forbidden);
  if (tally.unfinished) words += fmt::format(", {} not finished", tally.unfinished);
  const double spent_s = std::chrono::duration<double>(Clock::now() - start_).count();
  const auto now = static_cast<double>(tally.finished() - tally.kept);
  if (now > 0 && tally.left())
    words += fmt::format(", about {} more", duration(spent_s * static_cast<double>(tally.left()) / now));
  return words;
}

void Board::say(std::size_t worker, const std::string& what) { workers_[worker] = what; }

void Board::log(const std::string& line, const BatchTally& tally) {
  if (quiet_) return;
  clear();
  if (terminal_)
    fmt::print(stderr, "{}\n", line);
  else
    fmt::print(stderr, "{}; {}\n", line, words_of(tally));
  std::fflush(stderr);
  last_draw_ = {};
}

void Board::refresh(const BatchTally& tally) {
  if (quiet_ || !terminal_ || Clock::now() - last_draw_ < std::chrono::milliseconds(200)) return;
  last_draw_ = Clock::now();
  const std::size_t columns = terminal_columns();
  std::string text = drawn_ ? fmt::format("\x1b[{}A\r", drawn_) : "";
  const auto add = [&](const std::string& line) { text += "\x1b[K" + line.substr(0, columns - 1) + "\n"; };
  for (std::size_t i = 0; i < workers_.size(); ++i) add(fmt::format("{}  {}", i + 1, workers_[i]));
  add(words_of(tally));
  drawn_ = workers_.size() + 1;
  fmt::print(stderr, "{}", text);
  std::fflush(stderr);
}

void Board::clear() {
  if (drawn_) fmt::print(stderr, "\x1b[{}A\r\x1b[J", drawn_);
  drawn_ = 0;
}

}  // namespace fit::cli
