#pragma once

#include <Eigen/Geometry>
#include <array>
#include <cstdint>
#include <vector>

#include "scanners/camera.h"

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

/// What a frame shows of surfaces, as points with normals: in an image of half the frame's size, where two by two
/// pixels are one, because neighbours of real sensors agree anyway. Camera coordinates, mm.
struct FrameSurface {
  Intrinsics grid;                       ///< of the smaller image
  int pixels_a_point = 2;                ///< along each axis
  PixelBox box;                          ///< of `grid` that the arrays hold, row by row
  std::vector<Eigen::Vector3f> points;   ///< z = 0: nothing was measured there
  std::vector<Eigen::Vector3f> normals;  ///< toward the camera; zero where the surface is torn or seen too askew
  std::vector<float> brightness;         ///< 0 to 255; negative where it is not known
  double noise_per_mm = 0.0;             ///< standard deviation of 1/z, 1/mm: of z it is this times z squared

  bool holds(int u, int v) const { return u >= box.left && u < box.right && v >= box.top && v < box.bottom; }
  std::size_t at(int u, int v) const {
    return static_cast<std::size_t>(v - box.top) * static_cast<std::size_t>(box.width()) +
           static_cast<std::size_t>(u - box.left);
  }
  bool sound(std::size_t i) const { return normals[i].squaredNorm() > 0.5f; }
};

/// The surface within `box` (of the frame's pixels). Flying pixels and outlines have no normals.
FrameSurface surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box);

/// The plane that each pixel of `surface`'s box saw a piece of, in the frame's own size: four floats a pixel, m and
/// 1 / |m|, the plane being m . p = 1; zeros where there is none. Depth is the pixel's own, slope that of the surface.
struct PixelPlanes {
  PixelBox box;
  std::vector<float> values;
};
void planes_of(const Frame& frame, const FrameSurface& surface, PixelPlanes& planes);

/// The pixels of an image that see a ball; the whole image when the camera is within it.
PixelBox box_of_ball(const Eigen::Vector3d& center_in_camera_mm, double radius_mm, const Intrinsics& intrinsics);

/// The pixels of the frame that `surface_of` gathers into one point, in all of the frame.
PixelBox whole(const Intrinsics& intrinsics);

}  // namespace fit
