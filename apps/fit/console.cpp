#include "apps/fit/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace fit::cli {

namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int) { stop_asked = 1; }

int columns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1 : 79;
}

std::string minutes(double seconds) {
  const int whole = static_cast<int>(seconds + 0.5);
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{}:{:02} min", whole / 60, whole % 60);
}

}  // namespace

Console::Console(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

void Console::catch_signals() {
  struct sigaction action = {};
  action.sa_handler = ask_to_stop;
  for (int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  for (int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

Console::~Console() { clear(); }

bool Console::interrupted() { return stop_asked != 0; }

void Console::take_interruption() { stop_asked = 0; }

void Console::show(const std::string& line) {
  if (quiet_) return;
  const auto now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::milliseconds(5000);
  if (now - last_line_ < pause) return;
  last_line_ = now;
  if (terminal_)
    fmt::print(stderr, "\r\x1b[K{:.{}}", line, columns());
  else
    fmt::print(stderr, "{}\n", line);
  std::fflush(stderr);
  drawn_ = terminal_;
}

Progress Console::progress() {
  return Progress([this](double fraction, std::string_view stage) { return report(fraction, stage); });
}

bool Console::report(double fraction, std::string_view stage) {
  const auto now = Clock::now();
  if (stage != stage_) {
    stage_ = stage;
    stages_.emplace_back(stage_, now);
    if (!quiet_ && !terminal_) fmt::print(stderr, "{}\n", stage_);
    last_draw_ = {};
  }
  if (!quiet_ && terminal_ && now - last_draw_ > std::chrono::milliseconds(50)) {
    last_draw_ = now;
    draw(fraction);
  }
  return !interrupted();
}

void Console::draw(double fraction) {
  constexpr int width = 24;
  const int full = std::min(width, static_cast<int>(fraction * width));
  const double spent_s = std::chrono::duration<double>(Clock::now() - start_).count();
  const bool foreseeable = fraction > 0.05 && spent_s > 1.0;
  const std::string left = foreseeable ? minutes(spent_s * (1 - fraction) / fraction) + " left" : "";
  fmt::print(stderr, "\r\x1b[K[{:#<{}}{:.<{}}] {:3.0f} %  {}  {}", "", full, "", width - full, 100 * fraction, stage_,
             left);
  std::fflush(stderr);
  drawn_ = true;
}

void Console::clear() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

std::vector<std::pair<std::string, double>> Console::timings_s() const {
  std::vector<std::pair<std::string, double>> timings;
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const auto end = i + 1 < stages_.size() ? stages_[i + 1].second : Clock::now();
    timings.emplace_back(stages_[i].first, std::chrono::duration<double>(end - stages_[i].second).count());
  }
  return timings;
}

}  // namespace fit::cli
