#pragma once

#include <cstddef>

/// One brick of a field and one frame. Plain arrays without Eigen or the standard library: the file compiled for AVX2
/// must not give the linker functions that an older processor would run.
namespace fit {

struct IntegrationView {
  const float* planes;           ///< four a pixel: m, and 1 / |m| or 0 where there is none; the plane is m . p = 1
  int left, top, width, height;  ///< of the image that `planes` holds
  float fx, fy, cx, cy;          ///< cx, cy plus one half, so that cutting the fraction off rounds
  float band;
  float reference;
  float step[9];  ///< from node to node along x, y, z of the field, in the camera
};

/// The rows (8 nodes along x) of a brick that may lie before a plane or less than the band behind it.
struct RowRange {
  float first;  ///< how far outside of the plane the first row's farthest node may be
  float per_j;  ///< more a step along y
  float per_k;  ///< and along z
};

/// Lays the planes into 8 x 8 x 8 nodes from `origin` (in the camera) on. Both give the same bits.
void integrate_brick_portable(const IntegrationView& view, const float* origin, const RowRange& rows, float* distance,
                              float* weight);
void integrate_brick_avx2(const IntegrationView& view, const float* origin, const RowRange& rows, float* distance,
                          float* weight);

}  // namespace fit
