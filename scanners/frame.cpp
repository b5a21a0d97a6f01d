#include "scanners/frame.h"

namespace fit {

Intrinsics resized(const Intrinsics& intrinsics, int width, int height) {
  if (intrinsics.width <= 0 || intrinsics.height <= 0) return {width, height, 0, 0, 0, 0};
  const double x = static_cast<double>(width) / intrinsics.width;
  const double y = static_cast<double>(height) / intrinsics.height;
  return {width,
          height,
          intrinsics.fx_px * x,
          intrinsics.fy_px * y,
          (intrinsics.cx_px + 0.5) * x - 0.5,
          (intrinsics.cy_px + 0.5) * y - 0.5};
}

}  // namespace fit
