#include "scanners/detail/view_points.h"

#include <algorithm>

namespace fit {

namespace {

ViewPoint point_of(const FrameSurface& surface, std::size_t i, const Eigen::Vector3f& p) {
  return {p, surface.normal(i), surface.planes[4 * i + 3] / p.norm(),
          surface.brightness.empty() ? -1.0f : surface.brightness[i]};
}

}  // namespace

ViewPoints points_of(const FrameSurface& surface, int stride) {
  ViewPoints chosen;
  for (int v = surface.box.top; v < surface.box.bottom; v += stride)
    for (int u = surface.box.left; u < surface.box.right; u += stride)
      if (const std::size_t i = surface.at(u, v); surface.sound(i))
        chosen.push_back(point_of(surface, i, surface.point(u, v)));
  return chosen;
}

ViewPoints points_of(const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
                     const SubjectRegion& region, int count) {
  const InRegion in_region(region.seen_from(world_from_camera));
  std::vector<std::array<int, 2>> all;
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left; u < surface.box.right; ++u)
      if (surface.sound(surface.at(u, v)) && in_region(surface.point(u, v))) all.push_back({u, v});
  // A step that shares no factor with the rows' length walks evenly over the image.
  const std::size_t step = std::max<std::size_t>(1, all.size() / static_cast<std::size_t>(count));
  ViewPoints chosen;
  chosen.reserve(all.size() / step + 1);
  for (std::size_t k = 0; k < all.size(); k += step) {
    const auto [u, v] = all[k];
    chosen.push_back(point_of(surface, surface.at(u, v), surface.point(u, v)));
  }
  return chosen;
}

std::size_t count_in(const SubjectRegion& region, const FrameSurface& surface,
                     const Eigen::Isometry3d& world_from_camera) {
  constexpr int stride = 4;
  const InRegion in_region(region.seen_from(world_from_camera));
  std::size_t count = 0;
  for (int v = surface.box.top; v < surface.box.bottom; v += stride)
    for (int u = surface.box.left; u < surface.box.right; u += stride)
      count += surface.sound(surface.at(u, v)) && in_region(surface.point(u, v));
  return count;
}

}  // namespace fit
