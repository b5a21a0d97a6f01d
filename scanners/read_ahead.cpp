#include "scanners/read_ahead.h"

#include <utility>

namespace fit {

void ReadAhead::begin() {
  reading_ = std::async(std::launch::async, [this] { return camera_.next(ahead_); });
}

bool ReadAhead::next(Frame& frame) {
  if (ended_) return false;
  if (!reading_.valid()) begin();
  ended_ = true;  // unless it goes on: also when the camera throws
  if (!reading_.get()) return false;
  ended_ = false;
  std::swap(frame, ahead_);
  begin();
  return true;
}

Findings ReadAhead::findings() const {
  if (reading_.valid()) reading_.wait();
  return camera_.findings();
}

}  // namespace fit
