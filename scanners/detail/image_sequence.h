#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scanners/camera.h"
#include "scanners/detail/image_file.h"

namespace fit {

/// One frame of a recording that keeps each image for itself.
struct SequenceFrame {
  double time_s = 0.0;
  std::string depth;  ///< a file's path, or a name that `ImageSequence::load` knows
  std::string color;  ///< empty without colour
  std::optional<Eigen::Isometry3d> world_from_camera;
  std::optional<Intrinsics> intrinsics;  ///< where each frame has its own
};

/// A recording as a list of images; what all folders of images (and zips of them) have in common.
struct ImageSequence {
  std::filesystem::path path;
  CameraInfo info;  ///< sizes of 0 x 0 are taken from the first images, frames from the list
  double mm_per_count = 1.0;
  WordOrder pnm_order = WordOrder::big_endian;
  std::vector<SequenceFrame> frames;
  /// Fills `bytes` with a file. Throws Error.
  std::function<void(const std::string& name, std::string& bytes)> load;
  /// Fills the frame's depth (and colour, where it is in the same file) from a file's bytes, where they are not an
  /// image of counts. `index` is the frame's place in the list. Throws Error::bad_input.
  std::function<void(std::size_t index, const std::string& bytes, Frame& frame)> decode;
  /// Turns the counts that were read into what they mean, in place.
  std::function<void(DepthImage& depth)> convert;
};

/// Reads any file whole, up to 1 GB; the usual `load`.
void load_file(const std::string& path, std::string& bytes);

/// A camera over these images. Reads the first frame to learn the sizes; where the focal length is not known, the
/// intrinsics given are those of 640 x 480 and are resized.
/// Throws Error::bad_input when there is no frame, or the first cannot be read.
std::unique_ptr<Camera> open_sequence(ImageSequence sequence);

/// The finding of frames that could not be read; none for 0.
Findings lost_frames(std::size_t lost, std::size_t read);

}  // namespace fit
