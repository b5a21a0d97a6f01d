#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "scanners/camera.h"

/// Fit's own recording: lossless, fast to read, and of use up to its last whole frame when the program or the power
/// fails. All numbers little-endian.
///
///     file    "FITREC1\n", then records until the end
///     record  u32 0x43455246 ("FREC"), u32 kind, u32 length, u32 checksum (CRC-32 of kind, length and payload),
///     payload kind 1  the camera, as JSON; the first record kind 2  a frame: f64 time s, u32 flags (1 pose, 2 colour),
///     depth, [pose], [colour]
///             depth   u32 width, u32 height, f64 fx fy cx cy px, f64 mm a count, u32 length, packed counts
///             pose    12 x f64: the upper rows of world_from_camera, row by row, mm
///             colour  u32 width, u32 height, f64 fx fy cx cy px, f64 time s, u32 length, packed colours
///     kind 3  the end, empty: the recording was finished
///
/// Packed counts: each row less the row above (mod 65536), as 2 |d| - (d < 0), low bytes of the image, then its high
/// bytes, by Zstandard. Packed colours: green, red - green, blue - green, a plane each, each row less the row above
/// (mod 256), by Zstandard.
namespace fit {

/// Writes a recording frame by frame. What `write` returned from survives the end of this program; every second, and at
/// the end, all is forced to the disk, so that a power cut costs a second at most.
class RecordingWriter {
 public:
  /// Throws Error::io: the file exists already, no permission, no space.
  RecordingWriter(const std::filesystem::path& path, const CameraInfo& info);
  ~RecordingWriter();
  RecordingWriter(const RecordingWriter&) = delete;
  RecordingWriter& operator=(const RecordingWriter&) = delete;

  /// Throws Error::io (no space: the frames before stay), Error::bad_input for a frame whose sizes do not fit.
  void write(const Frame& frame);

  /// Ends the recording and forces it to the disk. Throws Error::io.
  void finish();

  std::uint64_t size_bytes() const { return size_; }

 private:
  void append(std::uint32_t kind, const std::string& payload);
  void sync();

  std::filesystem::path path_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  std::string payload_;
  std::string record_;
  std::chrono::steady_clock::time_point synced_ = std::chrono::steady_clock::now();
};

}  // namespace fit
