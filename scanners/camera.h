#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libfit/finding.h"
#include "scanners/frame.h"

namespace fit {

/// What is known of a camera before its first frame.
struct CameraInfo {
  std::string format;  ///< "RealSense recording"
  std::string
      device;  ///< which camera it was, as exactly as is known: "Intel RealSense D435 912112073118"; may be empty
  Intrinsics depth;
  std::optional<Intrinsics> color;                                     ///< none without colour
  Eigen::Isometry3d color_from_depth = Eigen::Isometry3d::Identity();  ///< mm
  bool focal_known = true;    ///< false where the recording does not say and a usual value was taken
  bool calibrated = false;    ///< a calibration of this device was applied
  double frames_per_s = 0.0;  ///< 0 where it is not known
  std::optional<std::size_t> frames;
};

/// A depth camera, live or recorded: the one interface through which all that scans reads frames, in their order.
/// Frames are pinhole images; a driver whose lens bends rays resamples.
class Camera {
 public:
  Camera() = default;
  Camera(const Camera&) = delete;
  Camera& operator=(const Camera&) = delete;
  virtual ~Camera() = default;

  virtual const CameraInfo& info() const = 0;

  /// Fills `frame`, reusing its memory; false at the end. Frames that are damaged are left out and counted in
  /// `findings`. Throws Error::io when the file cannot be read any more.
  virtual bool next(Frame& frame) = 0;

  /// What should be known of the frames so far: damaged ones, a recording cut short.
  virtual Findings findings() const { return {}; }
};

/// A kind of recording that Fit knows.
struct RecordingFormat {
  std::string name;
  std::string what;     ///< one line for a person
  std::string missing;  ///< what this build lacks to read all of it, such as a Debian package; empty when nothing
};

/// What this build can read.
std::vector<RecordingFormat> recording_formats();

/// Whether a path looks like a recording of any known kind, by its content.
bool is_recording(const std::filesystem::path& path);

/// Opens a recording, file or folder, by its content.
/// Throws Error::io (no such file, no permission), Error::bad_input in one sentence: of no known kind, or broken before
/// its first frame.
std::unique_ptr<Camera> open_recording(const std::filesystem::path& path);

}  // namespace fit
