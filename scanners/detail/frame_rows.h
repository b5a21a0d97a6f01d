#pragma once

#include <cstddef>
#include <cstdint>

/// Rows of the image that `FrameSurface` holds. Plain arrays without Eigen or the standard library's functions: the
/// file compiled for AVX2 must not give the linker functions that an older processor would run.
namespace fit {

struct PlaneRow {
  const float* inverse;  ///< 1/z at the row's first point
  std::ptrdiff_t stride;
  int count;
  float first_u, v;  ///< of the first point, less the middle of the image
  float fx, fy;
};

struct FrameRows {
  /// 1/z of `count` points, each of two by two pixels of two rows; 0 where fewer than two agree. `scale`: counts a mm.
  void (*inverse)(const std::uint16_t* upper, const std::uint16_t* lower, int count, float scale, float* result);
  /// Single points without a measurement, between two that agree, take their mean: real cameras drop pixels.
  /// The first and the last of the row are left as they are.
  void (*fill)(const float* above, const float* row, const float* below, int count, float* result);
  /// The planes of the points from `reach` on but for the last `reach`, as `FrameSurface` holds them.
  void (*planes)(const PlaneRow& row, float* result);
};

constexpr int reach = 2;              // points to each side that a slope is taken over
constexpr float tear_share = 0.012f;  // of the distance: a bend over 2 x reach points that is a torn surface

/// Both give the same bits.
extern const FrameRows frame_rows_portable;
extern const FrameRows frame_rows_avx2;

}  // namespace fit
