#include "scanners/detail/kept_frames.h"

#include <algorithm>

namespace fit {

PixelBox box_of_subject(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                        const SubjectRegion& region) {
  const InRegion in_region(region.seen_from(world_from_camera));
  PixelBox box{surface.box.right, surface.box.bottom, surface.box.left, surface.box.top};
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left; u < surface.box.right; ++u) {
      if (u >= box.left && u < box.right && v < box.bottom) {  // nothing that would widen it before its right side
        u = box.right - 1;
        continue;
      }
      if (!surface.sound(surface.at(u, v)) || !in_region(surface.point(u, v))) continue;
      box = {std::min(box.left, u), std::min(box.top, v), std::max(box.right, u + 1), std::max(box.bottom, v + 1)};
    }
  if (box.empty()) return {};
  constexpr int room = 3;
  return {std::max(box.left - room, surface.box.left), std::max(box.top - room, surface.box.top),
          std::min(box.right + room, surface.box.right), std::min(box.bottom + room, surface.box.bottom)};
}

PixelBox box_in_color(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                      const SubjectRegion& region, const Eigen::Isometry3d& color_from_depth, const Intrinsics& color) {
  constexpr int stride = 3;
  const InRegion in_region(region.seen_from(world_from_camera));
  const Eigen::Isometry3f to_color = color_from_depth.cast<float>();
  Eigen::Array2d low = Eigen::Array2d::Constant(1e9), high = -low;
  for (int v = surface.box.top; v < surface.box.bottom; v += stride)
    for (int u = surface.box.left; u < surface.box.right; u += stride) {
      const Eigen::Vector3f in_depth = surface.point(u, v);
      if (!surface.sound(surface.at(u, v)) || !in_region(in_depth)) continue;
      const Eigen::Vector3d p = (to_color * in_depth).cast<double>();
      if (p.z() <= 1.0) continue;
      const Eigen::Array2d at(color.fx_px * p.x() / p.z() + color.cx_px, color.fy_px * p.y() / p.z() + color.cy_px);
      low = low.min(at);
      high = high.max(at);
    }
  const double room = 2.0 * stride * color.fx_px / surface.grid.fx_px;  // what the stride passed over, and neighbours
  const auto within = [](double x, int size) {
    return static_cast<int>(std::clamp(x, 0.0, static_cast<double>(size)));
  };
  return {within(low.x() - room, color.width), within(low.y() - room, color.height),
          within(high.x() + room, color.width), within(high.y() + room, color.height)};
}

KeptColor keep(const ColorImage& color, const PixelBox& box) {
  KeptColor kept;
  kept.intrinsics = color.intrinsics;
  kept.intrinsics.width = std::max(0, box.width());
  kept.intrinsics.height = std::max(0, box.height());
  kept.intrinsics.cx_px -= box.left;
  kept.intrinsics.cy_px -= box.top;
  if (box.empty()) return kept;
  kept.rgb.reserve(3 * static_cast<std::size_t>(box.width()) * static_cast<std::size_t>(box.height()));
  for (int v = box.top; v < box.bottom; ++v) {
    const auto row = color.rgb.begin() + 3 * static_cast<std::ptrdiff_t>(v) * color.intrinsics.width;
    kept.rgb.insert(kept.rgb.end(), row + 3 * box.left, row + 3 * box.right);
  }
  return kept;
}

}  // namespace fit
