#include "scanners/detail/frame_surface.h"

#include <algorithm>
#include <cmath>

#include "scanners/detail/frame_rows.h"

namespace fit {

namespace {

const FrameRows& rows() {
  static const bool fast = __builtin_cpu_supports("avx2");
  return fast ? frame_rows_avx2 : frame_rows_portable;
}

/// 1/z of one row of points; 0 where nothing was measured.
void measured_row(const Frame& frame, const FrameSurface& surface, int v, float* result) {
  const int n = surface.pixels_a_point;
  const auto width = static_cast<std::size_t>(frame.depth.intrinsics.width);
  const auto scale = static_cast<float>(1.0 / frame.depth.mm_per_count);
  const std::uint16_t* at =
      &frame.depth.counts[static_cast<std::size_t>(v * n) * width + static_cast<std::size_t>(surface.box.left * n)];
  if (n == 2) {
    rows().inverse(at, at + width, surface.box.width(), scale, result);
    return;
  }
  for (int i = 0; i < surface.box.width(); ++i) result[i] = at[i] ? scale / static_cast<float>(at[i]) : 0.0f;
}

void fill_inverse(const Frame& frame, FrameSurface& surface) {
  const auto width = static_cast<std::size_t>(surface.box.width());
  const int height = surface.box.height();
  surface.inverse.resize(width * static_cast<std::size_t>(height));
  std::vector<float> ring(3 * width);  // measured rows: the one above, this, the one below
  const auto row = [&](int y) { return &ring[static_cast<std::size_t>(y % 3) * width]; };
  measured_row(frame, surface, surface.box.top, row(0));
  for (int y = 0; y < height; ++y) {
    if (y + 1 < height) measured_row(frame, surface, surface.box.top + y + 1, row(y + 1));
    float* result = &surface.inverse[static_cast<std::size_t>(y) * width];
    std::copy_n(row(y), width, result);
    if (y > 0 && y + 1 < height) rows().fill(row(y + 2), row(y), row(y + 1), surface.box.width(), result);
  }
}

/// How bright `n` by `n` pixels are where a point is seen in a colour image; negative outside.
float brightness_of(const ColorImage& color, const Eigen::Vector3f& p, int n) {
  const Intrinsics& k = color.intrinsics;
  if (p.z() <= 0) return -1.0f;
  const float per_z = 1.0f / p.z(), half = 0.5f * static_cast<float>(n - 1);
  const float u = static_cast<float>(k.fx_px) * p.x() * per_z + static_cast<float>(k.cx_px) - half;
  const float v = static_cast<float>(k.fy_px) * p.y() * per_z + static_cast<float>(k.cy_px) - half;
  if (!(u >= 0 && v >= 0 && u < static_cast<float>(k.width - n) && v < static_cast<float>(k.height - n))) return -1.0f;
  const int left = static_cast<int>(u + 0.5f), top = static_cast<int>(v + 0.5f);
  int sum = 0;
  for (int dv = 0; dv < n; ++dv) {
    const std::uint8_t* rgb = &color.rgb[3 * (static_cast<std::size_t>(top + dv) * static_cast<std::size_t>(k.width) +
                                              static_cast<std::size_t>(left))];
    for (int du = 0; du < n; ++du, rgb += 3) sum += 77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2];
  }
  return static_cast<float>(sum) / static_cast<float>(256 * n * n);
}

/// How bright the colour image is where each point stands in it.
void fill_brightness(FrameSurface& surface, const ColorImage& color, const Eigen::Isometry3d& color_from_depth) {
  const Intrinsics& k = color.intrinsics;
  const Eigen::Matrix3f turn = color_from_depth.linear().cast<float>();
  const Eigen::Vector3f shift = color_from_depth.translation().cast<float>();
  // Of a finer colour image, as many pixels are averaged as lie under a point.
  const int n = std::clamp(static_cast<int>(std::lround(k.fx_px / surface.grid.fx_px)), 1, 4);
  surface.brightness.assign(surface.size(), -1.0f);
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left; u < surface.box.right; ++u)
      if (const std::size_t i = surface.at(u, v); surface.sound(i))
        surface.brightness[i] = brightness_of(color, turn * surface.point(u, v) + shift, n);
}

}  // namespace

PixelBox whole(const Intrinsics& k) { return {0, 0, k.width, k.height}; }

PixelBox box_of_ball(const Eigen::Vector3d& center, double radius_mm, const Intrinsics& k) {
  if (center.norm() <= 1.01 * radius_mm) return whole(k);
  if (center.z() <= 0) return {};
  // The tangents to the ball in the planes y = 0 and x = 0.
  const auto range = [&](double across, double focal, double middle, int size) {
    const double axis = std::atan2(across, center.z());
    const double open = std::asin(std::min(1.0, radius_mm / std::hypot(across, center.z())));
    constexpr double widest = 1.5;
    const double low = middle + focal * std::tan(std::max(axis - open, -widest));
    const double high = middle + focal * std::tan(std::min(axis + open, widest));
    return std::pair{static_cast<int>(std::clamp(std::floor(low), 0.0, double(size))),
                     static_cast<int>(std::clamp(std::ceil(high) + 1.0, 0.0, double(size)))};
  };
  const auto [left, right] = range(center.x(), k.fx_px, k.cx_px, k.width);
  const auto [top, bottom] = range(center.y(), k.fy_px, k.cy_px, k.height);
  return {left, top, right, bottom};
}

PixelBox box_of_region(const SubjectRegion& region, double margin_mm, const Intrinsics& k) {
  const double radius = region.radius_mm + margin_mm, rod = region.rod_mm + margin_mm;
  const PixelBox ball = box_of_ball(region.center_mm, radius, k);
  if (rod >= radius || region.axis.isZero()) return ball;
  // The rod lies within the hull of two balls of its own radius, at its ends.
  const Eigen::Vector3d end = std::sqrt(radius * radius - rod * rod) * region.axis;
  const PixelBox a = box_of_ball(region.center_mm + end, rod, k), b = box_of_ball(region.center_mm - end, rod, k);
  if (a.empty() || b.empty()) return ball;
  return {std::max(ball.left, std::min(a.left, b.left)), std::max(ball.top, std::min(a.top, b.top)),
          std::min(ball.right, std::max(a.right, b.right)), std::min(ball.bottom, std::max(a.bottom, b.bottom))};
}

void surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box, FrameSurface& surface) {
  const Intrinsics& k = frame.depth.intrinsics;
  surface.pixels_a_point = k.width >= 400 ? 2 : 1;
  const int n = surface.pixels_a_point;
  surface.grid = resized(k, k.width / n, k.height / n);
  surface.grid.cx_px = (k.cx_px - 0.5 * (n - 1)) / n;  // an odd last row is left out, not squeezed in
  surface.grid.cy_px = (k.cy_px - 0.5 * (n - 1)) / n;
  surface.grid.fx_px = k.fx_px / n;
  surface.grid.fy_px = k.fy_px / n;
  surface.box = {box.left / n, box.top / n, std::min((box.right + n - 1) / n, surface.grid.width),
                 std::min((box.bottom + n - 1) / n, surface.grid.height)};
  surface.inverse.clear();
  surface.planes.clear();
  surface.brightness.clear();
  if (surface.box.empty()) surface.box = {};
  if (surface.box.empty()) return;
  fill_inverse(frame, surface);
  fill_planes(surface);
  if (!frame.color.rgb.empty()) fill_brightness(surface, frame.color, info.color_from_depth);
}

FrameSurface surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box) {
  FrameSurface surface;
  surface_of(frame, info, box, surface);
  return surface;
}

void fill_planes(FrameSurface& surface) {
  const int width = surface.box.width(), height = surface.box.height();
  surface.planes.assign(4 * surface.size(), 0.0f);
  PlaneRow row;
  row.stride = width;
  row.count = width;
  row.first_u = static_cast<float>(surface.box.left) - static_cast<float>(surface.grid.cx_px);
  row.fx = static_cast<float>(surface.grid.fx_px);
  row.fy = static_cast<float>(surface.grid.fy_px);
  for (int y = reach; y < height - reach; ++y) {
    const std::size_t first = static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
    row.inverse = &surface.inverse[first];
    row.v = static_cast<float>(y + surface.box.top) - static_cast<float>(surface.grid.cy_px);
    rows().planes(row, &surface.planes[4 * first]);
  }
}

FrameSurface cropped(const FrameSurface& surface, const PixelBox& wanted, bool only_depths) {
  FrameSurface part;
  part.grid = surface.grid;
  part.pixels_a_point = surface.pixels_a_point;
  part.box = {std::max(surface.box.left, wanted.left), std::max(surface.box.top, wanted.top),
              std::min(surface.box.right, wanted.right), std::min(surface.box.bottom, wanted.bottom)};
  if (part.box.empty()) part.box = {};
  const auto copy = [&](const std::vector<float>& from, std::size_t values, std::vector<float>& to) {
    if (from.empty()) return;
    const auto length = static_cast<std::ptrdiff_t>(values) * part.box.width();
    to.reserve(static_cast<std::size_t>(length) * static_cast<std::size_t>(part.box.height()));
    for (int v = part.box.top; v < part.box.bottom; ++v) {
      const auto first = from.begin() + static_cast<std::ptrdiff_t>(values * surface.at(part.box.left, v));
      to.insert(to.end(), first, first + length);
    }
  };
  copy(surface.inverse, 1, part.inverse);
  if (only_depths) return part;
  copy(surface.planes, 4, part.planes);
  copy(surface.brightness, 1, part.brightness);
  return part;
}

double noise_per_mm(const FrameSurface& surface) {
  std::vector<float> bends;
  for (int v = surface.box.top; v < surface.box.bottom; v += 4)
    for (int u = surface.box.left; u < surface.box.right; u += 4) {
      const std::size_t i = surface.at(u, v);
      if (!surface.sound(i)) continue;  // and then its neighbours were measured
      bends.push_back(std::abs(surface.inverse[i - reach] + surface.inverse[i + reach] - 2.0f * surface.inverse[i]));
    }
  if (bends.empty()) return 0.0;
  const auto middle = bends.begin() + static_cast<std::ptrdiff_t>(bends.size() / 2);
  std::nth_element(bends.begin(), middle, bends.end());
  // Half of a normal's values lie within 0.6745 standard deviations; a second difference has 6 variances.
  return static_cast<double>(*middle) / (0.6745 * std::sqrt(6.0));
}

}  // namespace fit
