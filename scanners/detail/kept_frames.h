#pragma once

#include <cstdint>
#include <vector>

#include "scanners/detail/frame_surface.h"

namespace fit {

/// The part of a frame that shows the subject, kept until the end of a scan.
struct KeptFrame {
  std::size_t number = 0;  ///< of the frame, as it was given
  double time_s = 0.0;
  Intrinsics intrinsics;
  double mm_per_count = 1.0;
  PixelBox box;
  std::vector<std::uint16_t> counts;  ///< of `box`, row by row
  Eigen::Isometry3d world_from_camera = Eigen::Isometry3d::Identity();
};

KeptFrame keep(const Frame& frame, const PixelBox& box);

/// The frame again: nothing outside of the box, no colour. `frame`'s memory is used again.
void unpack(const KeptFrame& kept, Frame& frame);

/// A colour image's part that shows the subject.
struct KeptColor {
  Intrinsics intrinsics;  ///< of the part
  std::vector<std::uint8_t> rgb;
};

KeptColor keep(const ColorImage& color, const PixelBox& box);

}  // namespace fit
