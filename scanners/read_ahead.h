#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "scanners/camera.h"

namespace fit {

/// A camera whose next frame is read on a thread of its own while the last one is worked on: reading takes as long as
/// fusing. One thread for all frames, because readers keep their memory by thread.
class ReadAhead : public Camera {
 public:
  /// `camera` must live longer, and nothing else may read from it meanwhile.
  explicit ReadAhead(Camera& camera);
  ~ReadAhead() override;

  const CameraInfo& info() const override { return camera_.info(); }
  /// Throws what the camera throws.
  bool next(Frame& frame) override;
  Findings findings() const override;

 private:
  enum class State { reading, ready, ended };
  void read_all();

  Camera& camera_;
  Frame ahead_;
  std::exception_ptr failure_;
  State state_ = State::reading;
  bool stop_ = false;
  mutable std::mutex mutex_;  ///< of all above but the camera
  mutable std::condition_variable changed_;
  std::thread thread_;
};

}  // namespace fit
