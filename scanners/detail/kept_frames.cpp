#include "scanners/detail/kept_frames.h"

#include <algorithm>

namespace fit {

PixelBox box_of_subject(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera, const Region& region) {
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

KeptColor keep(const ColorImage& color, const PixelBox& box) {
  KeptColor kept;
  kept.intrinsics = color.intrinsics;
  kept.intrinsics.width = std::max(0, box.width());
  kept.intrinsics.height = std::max(0, box.height());
  kept.intrinsics.cx_px -= box.left;
  kept.intrinsics.cy_px -= box.top;
  for (int v = box.top; v < box.bottom; ++v) {
    const auto row = color.rgb.begin() + 3 * static_cast<std::ptrdiff_t>(v) * color.intrinsics.width;
    kept.rgb.insert(kept.rgb.end(), row + 3 * box.left, row + 3 * box.right);
  }
  return kept;
}

}  // namespace fit
