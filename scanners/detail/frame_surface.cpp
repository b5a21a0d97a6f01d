#include "scanners/detail/frame_surface.h"

#include <algorithm>
#include <cmath>

namespace fit {

namespace {

constexpr int reach = 2;                  // points to each side that a slope is taken over
constexpr float tear_share = 0.012f;      // of the distance: a bend over 2 x reach points that is a torn surface
constexpr float smallest_cosine = 0.17f;  // 80 degrees
constexpr float farthest_in_2x2 = 0.02f;  // two by two pixels that differ by more of their distance are not one point

/// 1/z of each point of the smaller image, 1/mm; 0 where nothing was measured.
std::vector<float> inverse_depths(const Frame& frame, const FrameSurface& surface) {
  const int n = surface.pixels_a_point;
  const auto width = static_cast<std::size_t>(frame.depth.intrinsics.width);
  const auto scale = static_cast<float>(1.0 / frame.depth.mm_per_count);
  std::vector<float> inverse(surface.points.size(), 0.0f);
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left; u < surface.box.right; ++u) {
      const std::uint16_t* at =
          &frame.depth.counts[static_cast<std::size_t>(v * n) * width + static_cast<std::size_t>(u * n)];
      if (n == 1) {
        if (*at) inverse[surface.at(u, v)] = scale / static_cast<float>(*at);
        continue;
      }
      const std::uint16_t four[4] = {at[0], at[1], at[width], at[width + 1]};
      int low = 65536, high = 0, sum = 0, measured = 0;
      for (const int count : four)
        if (count > 0) low = std::min(low, count), high = std::max(high, count), sum += count, ++measured;
      if (measured < 2 || static_cast<float>(high - low) > farthest_in_2x2 * static_cast<float>(high) + 1.0f) continue;
      // The mean of 1/z differs from 1 / (mean z) by the square of a hundredth at most.
      inverse[surface.at(u, v)] = scale * static_cast<float>(measured) / static_cast<float>(sum);
    }
  return inverse;
}

/// Single points without a measurement, between two that agree, take their mean: real cameras drop pixels.
void fill_gaps(std::vector<float>& inverse, int width, int height) {
  const std::vector<float> measured = inverse;
  for (int y = 1; y + 1 < height; ++y)
    for (int x = 1; x + 1 < width; ++x) {
      const std::ptrdiff_t i = static_cast<std::ptrdiff_t>(y) * width + x;
      if (measured[static_cast<std::size_t>(i)] > 0) continue;
      for (const std::ptrdiff_t step : {std::ptrdiff_t{1}, std::ptrdiff_t{width}}) {
        const float before = measured[static_cast<std::size_t>(i - step)],
                    after = measured[static_cast<std::size_t>(i + step)];
        if (before <= 0 || after <= 0 || std::abs(before - after) > tear_share * before) continue;
        inverse[static_cast<std::size_t>(i)] = 0.5f * (before + after);
        break;
      }
    }
}

/// Slope of 1/z along u (step 1) or v (step = row), a point; NaN-free: false where the surface is torn.
bool slope(const float* q, std::ptrdiff_t step, std::ptrdiff_t across, float& result, float& bend) {
  float sum = 0.0f;
  int rows = 0;
  for (std::ptrdiff_t row = -1; row <= 1; ++row) {
    const float* at = q + row * across;
    const float before = at[-reach * step], here = *at, after = at[reach * step];
    const bool whole_row = before > 0 && here > 0 && after > 0 &&
                           std::abs(before + after - 2.0f * here) < tear_share * here &&
                           std::abs(after - before) < 20.0f * tear_share * here;
    if (row == 0) {
      if (!whole_row) return false;
      bend = before + after - 2.0f * here;
    }
    if (!whole_row) continue;
    sum += after - before;
    ++rows;
  }
  result = sum / static_cast<float>(2 * reach * rows);
  return true;
}

/// 1/z is linear over the image of a plane, so its slopes and value give the plane m . p = 1 without any division.
void fill_normals(FrameSurface& surface, const std::vector<float>& inverse) {
  const int width = surface.box.width(), height = surface.box.height();
  const auto fx = static_cast<float>(surface.grid.fx_px), fy = static_cast<float>(surface.grid.fy_px);
  const auto cx = static_cast<float>(surface.grid.cx_px), cy = static_cast<float>(surface.grid.cy_px);
  std::vector<float> bends;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x);
      const float q = inverse[i];
      if (q <= 0) continue;
      const auto u = static_cast<float>(x + surface.box.left), v = static_cast<float>(y + surface.box.top);
      const float z = 1.0f / q;
      surface.points[i] = {(u - cx) / fx * z, (v - cy) / fy * z, z};
      float along_u = 0, along_v = 0, bend_u = 0, bend_v = 0;
      if (x < reach || y < reach || x >= width - reach || y >= height - reach ||
          !slope(&inverse[i], 1, width, along_u, bend_u) || !slope(&inverse[i], width, 1, along_v, bend_v))
        continue;
      const Eigen::Vector3f m(fx * along_u, fy * along_v, q - (u - cx) * along_u - (v - cy) * along_v);
      const Eigen::Vector3f normal = -m / m.norm();
      if (-normal.dot(surface.points[i]) < smallest_cosine * surface.points[i].norm()) continue;
      surface.normals[i] = normal;
      if ((x & 3) == 0 && (y & 3) == 0) bends.push_back(std::abs(bend_u));
    }
  if (bends.empty()) return;
  const auto middle = bends.begin() + static_cast<std::ptrdiff_t>(bends.size() / 2);
  std::nth_element(bends.begin(), middle, bends.end());
  // Half of a normal's values lie within 0.6745 standard deviations; a second difference has 6 variances.
  surface.noise_per_mm = static_cast<double>(*middle) / (0.6745 * std::sqrt(6.0));
}

/// How bright the colour image is where each point stands in it.
void fill_brightness(FrameSurface& surface, const ColorImage& color, const Eigen::Isometry3d& color_from_depth) {
  const Intrinsics& k = color.intrinsics;
  const Eigen::Matrix3f turn = color_from_depth.linear().cast<float>();
  const Eigen::Vector3f shift = color_from_depth.translation().cast<float>();
  // Of a finer colour image, as many pixels are averaged as lie under a point.
  const int n = std::clamp(static_cast<int>(std::lround(k.fx_px / surface.grid.fx_px)), 1, 4);
  for (std::size_t i = 0; i < surface.points.size(); ++i) {
    if (surface.points[i].z() <= 0) continue;
    const Eigen::Vector3f p = turn * surface.points[i] + shift;
    if (p.z() <= 0) continue;
    const float u =
        static_cast<float>(k.fx_px) * p.x() / p.z() + static_cast<float>(k.cx_px) - 0.5f * static_cast<float>(n - 1);
    const float v =
        static_cast<float>(k.fy_px) * p.y() / p.z() + static_cast<float>(k.cy_px) - 0.5f * static_cast<float>(n - 1);
    if (!(u >= 0 && v >= 0 && u < static_cast<float>(k.width - n) && v < static_cast<float>(k.height - n))) continue;
    const int left = static_cast<int>(u + 0.5f), top = static_cast<int>(v + 0.5f);
    int sum = 0;
    for (int dv = 0; dv < n; ++dv)
      for (int du = 0; du < n; ++du) {
        const std::uint8_t* rgb =
            &color.rgb[3 * (static_cast<std::size_t>(top + dv) * static_cast<std::size_t>(k.width) +
                            static_cast<std::size_t>(left + du))];
        sum += 77 * rgb[0] + 150 * rgb[1] + 29 * rgb[2];
      }
    surface.brightness[i] = static_cast<float>(sum) / static_cast<float>(256 * n * n);
  }
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

FrameSurface surface_of(const Frame& frame, const CameraInfo& info, const PixelBox& box) {
  FrameSurface surface;
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
  if (surface.box.empty()) surface.box = {};
  const auto size = static_cast<std::size_t>(surface.box.width()) * static_cast<std::size_t>(surface.box.height());
  surface.points.assign(size, Eigen::Vector3f::Zero());
  surface.normals.assign(size, Eigen::Vector3f::Zero());
  surface.brightness.assign(size, -1.0f);
  if (size == 0) return surface;
  std::vector<float> inverse = inverse_depths(frame, surface);
  fill_gaps(inverse, surface.box.width(), surface.box.height());
  fill_normals(surface, inverse);
  if (!frame.color.rgb.empty()) fill_brightness(surface, frame.color, info.color_from_depth);
  return surface;
}

void planes_of(const Frame& frame, const FrameSurface& surface, PixelPlanes& planes) {
  const int n = surface.pixels_a_point;
  planes.box = {surface.box.left * n, surface.box.top * n, surface.box.right * n, surface.box.bottom * n};
  const int width = planes.box.width();
  planes.values.resize(4 * static_cast<std::size_t>(width) * static_cast<std::size_t>(planes.box.height()));
  const Intrinsics& k = frame.depth.intrinsics;
  const auto mm = static_cast<float>(frame.depth.mm_per_count);
  for (int v = planes.box.top; v < planes.box.bottom; ++v)
    for (int u = planes.box.left; u < planes.box.right; ++u) {
      const std::size_t i = surface.at(u / n, v / n);
      const std::uint16_t count =
          frame.depth
              .counts[static_cast<std::size_t>(v) * static_cast<std::size_t>(k.width) + static_cast<std::size_t>(u)];
      float* plane =
          &planes.values[4 * (static_cast<std::size_t>(v - planes.box.top) * static_cast<std::size_t>(width) +
                              static_cast<std::size_t>(u - planes.box.left))];
      std::fill_n(plane, 4, 0.0f);
      if (!surface.sound(i)) continue;
      const Eigen::Vector3f ray((static_cast<float>(u) - static_cast<float>(k.cx_px)) / static_cast<float>(k.fx_px),
                                (static_cast<float>(v) - static_cast<float>(k.cy_px)) / static_cast<float>(k.fy_px),
                                1.0f);
      const Eigen::Vector3f& normal = surface.normals[i];
      // Negative, as the normal looks back. A pixel without a depth of its own takes that of its neighbours.
      const float offset = count > 0 ? mm * static_cast<float>(count) * normal.dot(ray) : normal.dot(surface.points[i]);
      if (!(offset < 0)) continue;
      const float inverse = 1.0f / offset;
      plane[0] = normal.x() * inverse;
      plane[1] = normal.y() * inverse;
      plane[2] = normal.z() * inverse;
      plane[3] = -offset;
    }
}

}  // namespace fit
