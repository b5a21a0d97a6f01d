#pragma once

#include <Eigen/Geometry>
#include <cstdint>
#include <optional>
#include <vector>

namespace fit {

/// A pinhole: pixel (u, v), its centre at whole numbers, sees along ((u - cx_px) / fx_px, (v - cy_px) / fy_px, 1).
/// Camera coordinates: x right, y down, z forward, millimetres.
struct Intrinsics {
  int width = 0;
  int height = 0;
  double fx_px = 0.0;
  double fy_px = 0.0;
  double cx_px = 0.0;
  double cy_px = 0.0;

  bool operator==(const Intrinsics&) const = default;
};

/// The same pinhole for an image of another size: the pixels' outer edges stay where they were.
Intrinsics resized(const Intrinsics& intrinsics, int width, int height);

/// Distances along z, row by row. Whole counts of a unit, because that is what all depth cameras but Apple's give: the
/// numbers are kept exactly, half the memory of floats is moved, and a tracker turns eight of them into millimetres
/// with two instructions. Apple's floats are rounded to 1/20 mm, a tenth of that sensor's noise.
struct DepthImage {
  Intrinsics intrinsics;
  double mm_per_count = 1.0;
  std::vector<std::uint16_t> counts;  ///< width x height; 0 where nothing was measured

  double depth_mm(int u, int v) const {
    return mm_per_count * counts[static_cast<std::size_t>(v) * intrinsics.width + u];
  }
};

struct ColorImage {
  Intrinsics intrinsics;
  double time_s = 0.0;            ///< when it was taken, on the frame's clock
  std::vector<std::uint8_t> rgb;  ///< width x height x 3; empty where there is no colour
};

/// What a depth camera saw at one moment.
struct Frame {
  double time_s = 0.0;  ///< on the camera's own clock; only differences mean something
  DepthImage depth;
  ColorImage color;
  std::optional<Eigen::Isometry3d> world_from_camera;  ///< mm, of the depth camera; where the recording gives it
};

}  // namespace fit
