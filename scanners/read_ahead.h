#pragma once

#include <future>

#include "scanners/camera.h"

namespace fit {

/// A camera whose next frame is read on a thread of its own while the last one is worked on: reading and fusing take
/// about as long.
class ReadAhead : public Camera {
 public:
  /// `camera` must live longer, and nothing else may read from it meanwhile.
  explicit ReadAhead(Camera& camera) : camera_(camera) {}

  const CameraInfo& info() const override { return camera_.info(); }
  /// Throws what the camera throws.
  bool next(Frame& frame) override;
  Findings findings() const override;

 private:
  void begin();

  Camera& camera_;
  Frame ahead_;
  std::future<bool> reading_;  ///< its destructor waits
  bool ended_ = false;
};

}  // namespace fit
