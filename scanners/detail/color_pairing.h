#pragma once

#include <cmath>
#include <deque>
#include <string>
#include <utility>

namespace fit {

/// Gives each depth frame of a recording with two streams the colour frame nearest in time, whichever came first.
/// Frames are passed on as the bytes they came in.
class ColorPairing {
 public:
  struct Pair {
    double depth_s = 0.0;
    std::string depth;
    double color_s = 0.0;
    std::string color;  ///< empty where no colour is near enough
  };

  /// Colour is expected only when `has_color`.
  void reset(bool has_color) {
    has_color_ = has_color;
    waiting_.clear();
    earlier_ = later_ = {};
    ended_ = false;
  }
  void add_depth(double time_s, std::string bytes) { waiting_.push_back({time_s, std::move(bytes)}); }
  void add_color(double time_s, std::string bytes) {
    std::swap(earlier_, later_);
    later_ = {time_s, std::move(bytes)};
  }
  void end() { ended_ = true; }
  bool ended() const { return ended_; }

  /// Whether the first depth frame has met every colour frame that could be nearest to it.
  bool ready() const {
    if (waiting_.empty()) return false;
    return ended_ || !has_color_ || waiting_.size() > frames_ahead ||
           (!later_.bytes.empty() && later_.time_s >= waiting_.front().time_s);
  }

  /// Needs: `ready()`.
  Pair take() {
    Stamped depth = std::move(waiting_.front());
    waiting_.pop_front();
    const double apart_earlier = std::abs(earlier_.time_s - depth.time_s);
    const double apart_later = std::abs(later_.time_s - depth.time_s);
    const bool earlier = !earlier_.bytes.empty() && (later_.bytes.empty() || apart_earlier <= apart_later);
    const Stamped& color = earlier ? earlier_ : later_;
    Pair pair{depth.time_s, std::move(depth.bytes), color.time_s, {}};
    if ((earlier ? apart_earlier : apart_later) <= most_apart_s) pair.color = color.bytes;
    return pair;
  }

 private:
  static constexpr std::size_t frames_ahead = 4;  // how far a colour frame may come behind its depth frame
  static constexpr double most_apart_s = 0.15;    // a frame at 6 a second, the slowest that these cameras send
  struct Stamped {
    double time_s = 0.0;
    std::string bytes;
  };
  bool has_color_ = false;
  bool ended_ = false;
  std::deque<Stamped> waiting_;
  Stamped earlier_;
  Stamped later_;
};

}  // namespace fit
