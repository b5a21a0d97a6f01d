#include "scanners/detail/kept_frames.h"

#include <algorithm>

namespace fit {

KeptFrame keep(const Frame& frame, const PixelBox& box) {
  KeptFrame kept;
  kept.time_s = frame.time_s;
  kept.intrinsics = frame.depth.intrinsics;
  kept.mm_per_count = frame.depth.mm_per_count;
  kept.box = box;
  if (box.empty()) return kept;
  kept.counts.reserve(static_cast<std::size_t>(box.width()) * static_cast<std::size_t>(box.height()));
  for (int v = box.top; v < box.bottom; ++v) {
    const auto row = frame.depth.counts.begin() + static_cast<std::ptrdiff_t>(v) * kept.intrinsics.width;
    kept.counts.insert(kept.counts.end(), row + box.left, row + box.right);
  }
  return kept;
}

void unpack(const KeptFrame& kept, Frame& frame) {
  frame.time_s = kept.time_s;
  frame.depth.intrinsics = kept.intrinsics;
  frame.depth.mm_per_count = kept.mm_per_count;
  frame.depth.counts.assign(
      static_cast<std::size_t>(kept.intrinsics.width) * static_cast<std::size_t>(kept.intrinsics.height), 0);
  frame.color.rgb.clear();
  for (int v = kept.box.top; v < kept.box.bottom; ++v)
    std::copy_n(kept.counts.begin() + static_cast<std::ptrdiff_t>(v - kept.box.top) * kept.box.width(),
                kept.box.width(),
                frame.depth.counts.begin() + static_cast<std::ptrdiff_t>(v) * kept.intrinsics.width + kept.box.left);
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
