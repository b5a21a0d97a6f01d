#include "scanners/read_ahead.h"

#include <utility>

namespace fit {

ReadAhead::ReadAhead(Camera& camera) : camera_(camera), thread_([this] { read_all(); }) {}

ReadAhead::~ReadAhead() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ReadAhead::read_all() {
  std::unique_lock lock(mutex_);
  while (!stop_ && state_ != State::ended) {
    lock.unlock();
    bool more = false;
    std::exception_ptr failure;
    try {
      more = camera_.next(ahead_);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    failure_ = failure;
    state_ = more ? State::ready : State::ended;
    changed_.notify_all();
    changed_.wait(lock, [&] { return stop_ || state_ != State::ready; });
  }
}

bool ReadAhead::next(Frame& frame) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return state_ != State::reading; });
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  if (state_ == State::ended) return false;
  std::swap(frame, ahead_);
  state_ = State::reading;
  changed_.notify_all();
  return true;
}

Findings ReadAhead::findings() const {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return state_ != State::reading; });
  return camera_.findings();
}

}  // namespace fit
