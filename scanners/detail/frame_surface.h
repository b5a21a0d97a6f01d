#pragma once

#include <Eigen/Geometry>
#include <array>
#include <cstdint>
#include <vector>

#include "scanners/camera.h"
#include "scanners/detail/region.h"

namespace fit {

/// A part of an image: pixels left .. right - 1, top .. bottom - 1.
struct PixelBox {
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  int width() const { return right - left; }
  int height() const { return bottom - top; }
  bool empty() const { return right <= left || bottom <= top; }
  bool operator==(const PixelBox&) const = default;
};

/// What a frame shows of surfaces, as a small plane a point: in an image of half the frame's size, where two by two
/// pixels are one, because neighbours of real sensors agree anyway. Camera coordinates, mm.
struct FrameSurface {
  Intrinsics grid;             ///< of the smaller image
  int pixels_a_point = 2;      ///< along each axis
  PixelBox box;                ///< of `grid` that the arrays hold, row by row
  std::vector<float> inverse;  ///< 1/z, 1/mm; 0: nothing was measured there
  std::vector<float> planes;   ///< four a point, m and 1/|m|: the surface's plane is m . p = 1; zeros where the surface
                               ///< is torn or seen too askew
  std::vector<float> brightness;  ///< 0 to 255; negative where it is not known. Empty without colour

  bool holds(int u, int v) const { return u >= box.left && u < box.right && v >= box.top && v < box.bottom; }
  std::size_t at(int u, int v) const {
    return static_cast<std::size_t>(v - box.top) * static_cast<std::size_t>(box.width()) +
           static_cast<std::size_t>(u - box.left);
  }
  std::size_t size() const { return inverse.size(); }
  bool sound(std::size_t i) const { return planes[4 * i + 3] > 0.0f; }
  float z(std::size_t i) const { return inverse[i] > 0.0f ? 1.0f / inverse[i] : 0.0f; }
  Eigen::Vector3f point(int u, int v) const {
    const float z_there = z(at(u, v));
    return {(static_cast<float>(u) - static_cast<float>(grid.cx_px)) / static_cast<float>(grid.fx_px) * z_there,
            (static_cast<float>(v) - static_cast<float>(grid.cy_px)) / static_cast<float>(grid.fy_px) * z_there,
            z_there};
  }
  Eigen::Vector3f point(std::size_t i) const {
    const int row = static_cast<int>(i) / box.width();
    return point(static_cast<int>(i) - row * box.width() + box.left, row + box.top);
  }
  /// Toward the camera.
  Eigen::Vector3f normal(std::size_t i) const {
    return -planes[4 * i + 3] * Eigen::Vector3f(planes[4 * i], planes[4 * i + 1], planes[4 * i + 2]);
  }
};

/// The surface within `box` (of the frame's pixels), in `surface`, whose memory is used again. Flying pixels and
/// outlines have no planes.
void surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box, FrameSurface& surface);
FrameSurface surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box);

/// The planes from `inverse`.
void fill_planes(FrameSurface& surface);

/// A smaller part of the same; of the planes and the brightness nothing when `only_depths`.
FrameSurface cropped(const FrameSurface& surface, const PixelBox& box, bool only_depths = false);

/// Standard deviation of 1/z of one pixel, 1/mm: of z it is this times z squared.
double noise_per_mm(const FrameSurface& surface);

/// The pixels of an image that see a ball; the whole image when the camera is within it.
PixelBox box_of_ball(const Eigen::Vector3d& center_in_camera_mm, double radius_mm, const Intrinsics& intrinsics);

/// The pixels that see a region (in the camera) or less than `margin_mm` around it.
PixelBox box_of_region(const SubjectRegion& region, double margin_mm, const Intrinsics& intrinsics);

/// All pixels of an image.
PixelBox whole(const Intrinsics& intrinsics);

}  // namespace fit
