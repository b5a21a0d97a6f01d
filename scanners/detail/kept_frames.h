#pragma once

#include <cstdint>
#include <vector>

#include "scanners/detail/frame_surface.h"

namespace fit {

/// The part of a frame that shows the subject, kept until the end of a scan: depths alone.
struct KeptFrame {
  std::size_t number = 0;  ///< of the frame, as it was given
  Eigen::Isometry3d world_from_camera = Eigen::Isometry3d::Identity();
  FrameSurface surface;  ///< without planes
};

/// The smallest box that holds all sound points within the region, with room for the slopes at its border.
PixelBox box_of_subject(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                        const SubjectRegion& region);

/// The part of a colour image in which the points within the region are seen.
PixelBox box_in_color(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                      const SubjectRegion& region, const Eigen::Isometry3d& color_from_depth, const Intrinsics& color);

/// A colour image's part that shows the subject.
struct KeptColor {
  Intrinsics intrinsics;  ///< of the part
  std::vector<std::uint8_t> rgb;
};

KeptColor keep(const ColorImage& color, const PixelBox& box);

}  // namespace fit
