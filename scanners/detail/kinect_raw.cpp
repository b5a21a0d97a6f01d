#include "scanners/detail/kinect_raw.h"

#include <array>
#include <cmath>

namespace fit {

namespace {

constexpr int no_depth_raw = 2047;

double mm_from_raw(int raw, const KinectPlane& plane) {
  const double shift = (raw - 4.0 * plane.const_shift) / 4.0 - 0.375;
  const double metric = shift * plane.pixel_mm;
  return 10.0 * (metric * plane.reference_mm / (plane.emitter_cm - metric) + plane.reference_mm);
}

}  // namespace

void convert_kinect_raw(DepthImage& depth, const KinectPlane& plane) {
  std::array<std::uint16_t, no_depth_raw + 1> tenths{};
  for (int raw = 0; raw < no_depth_raw; ++raw) {
    const double mm = mm_from_raw(raw, plane);
    tenths[static_cast<std::size_t>(raw)] =
        mm > 0 && mm < 6500 ? static_cast<std::uint16_t>(std::lround(10.0 * mm)) : std::uint16_t{0};
  }
  for (std::uint16_t& count : depth.counts) count = count < tenths.size() ? tenths[count] : std::uint16_t{0};
  depth.mm_per_count = 0.1;
}

}  // namespace fit
