#include "scanners/detail/frame_surface.h"

#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "scanners/detail/frame_rows.h"

namespace fit {

namespace {

/// The plane z = `distance_mm` + `slope` x, 0.01 mm a count.
Frame plane_frame(int width, int height, double distance_mm, double slope) {
  Frame frame;
  frame.depth.intrinsics = {width, height, 0.9 * width, 0.9 * width, 0.5 * width - 0.5, 0.5 * height - 0.5};
  frame.depth.mm_per_count = 0.01;
  const Intrinsics& k = frame.depth.intrinsics;
  for (int v = 0; v < height; ++v)
    for (int u = 0; u < width; ++u)
      frame.depth.counts.push_back(
          static_cast<std::uint16_t>(std::lround(100.0 * distance_mm / (1.0 - slope * (u - k.cx_px) / k.fx_px))));
  return frame;
}

FrameSurface all_of(const Frame& frame) { return surface_of(frame, CameraInfo{}, whole(frame.depth.intrinsics)); }

}  // namespace

TEST(FrameSurface, HoldsThePlaneThatEachPixelSaw) {
  for (const int width : {200, 640}) {
    const FrameSurface surface = all_of(plane_frame(width, width * 3 / 4, 300.0, 0.5));
    EXPECT_EQ(surface.pixels_a_point, width == 640 ? 2 : 1);
    const Eigen::Vector3f toward = Eigen::Vector3f(0.5f, 0, -1).normalized();
    std::size_t sound = 0;
    for (std::size_t i = 0; i < surface.size(); ++i) {
      const Eigen::Vector3f p = surface.point(i);
      EXPECT_NEAR(p.z(), 300.0f + 0.5f * p.x(), 0.02f);
      if (!surface.sound(i)) continue;
      ++sound;
      EXPECT_LT((surface.normal(i) - toward).norm(), 0.01f);
      EXPECT_NEAR(surface.planes[4 * i + 3], -toward.dot(p), 0.3f);
    }
    EXPECT_GT(sound, surface.size() * 9 / 10);
  }
}

TEST(FrameSurface, HasNoPlaneAcrossAnEdgeAndFillsSinglePixels) {
  Frame frame = plane_frame(200, 150, 300.0, 0.0);
  for (std::size_t i = 0; i < frame.depth.counts.size(); ++i)
    if (i % 200 >= 100) frame.depth.counts[i] = 50000;
  frame.depth.counts[75 * 200 + 50] = 0;
  const FrameSurface surface = all_of(frame);
  EXPECT_FALSE(surface.sound(surface.at(99, 75)));
  EXPECT_FALSE(surface.sound(surface.at(101, 75)));
  EXPECT_TRUE(surface.sound(surface.at(90, 75)));
  EXPECT_TRUE(surface.sound(surface.at(50, 75)));
  EXPECT_NEAR(surface.z(surface.at(50, 75)), 300.0f, 0.01f);
}

TEST(FrameSurface, APartOfItHasTheSamePlanes) {
  const FrameSurface surface = all_of(plane_frame(640, 480, 400.0, 0.3));
  const PixelBox box{40, 30, 90, 100};
  const FrameSurface part = cropped(surface, box);
  FrameSurface again = cropped(surface, box, true);
  EXPECT_TRUE(again.planes.empty());
  fill_planes(again);
  for (int v = box.top + 2; v < box.bottom - 2; ++v)
    for (int u = box.left + 2; u < box.right - 2; ++u)
      for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_EQ(part.planes[4 * part.at(u, v) + k], surface.planes[4 * surface.at(u, v) + k]);
        EXPECT_NEAR(again.planes[4 * part.at(u, v) + k], surface.planes[4 * surface.at(u, v) + k], 1e-3f);
      }
}

TEST(FrameSurface, TheBoxOfARegionHoldsAllThatLiesInIt) {
  const Intrinsics k{640, 480, 570, 570, 319.5, 239.5};
  std::mt19937 random(3);
  const auto draw = [&](double low, double high) { return low + (high - low) * double(random() >> 8) * 0x1p-24; };
  for (int round = 0; round < 200; ++round) {
    SubjectRegion region{{draw(-200, 200), draw(-200, 200), draw(250, 700)}, draw(80, 200), {}, draw(30, 100)};
    region.axis = Eigen::Vector3d(draw(-1, 1), draw(-1, 1), draw(-1, 1)).normalized();
    const PixelBox box = box_of_region(region, 0.0, k);
    const InRegion in_region(region);
    for (int i = 0; i < 300; ++i) {
      const Eigen::Vector3d p =
          region.center_mm + region.radius_mm * Eigen::Vector3d(draw(-1, 1), draw(-1, 1), draw(-1, 1));
      if (p.z() < 1 || !in_region(p.cast<float>())) continue;
      const double u = k.fx_px * p.x() / p.z() + k.cx_px, v = k.fy_px * p.y() / p.z() + k.cy_px;
      if (u < 0 || v < 0 || u > 639 || v > 479) continue;
      EXPECT_TRUE(u >= box.left && u <= box.right && v >= box.top && v <= box.bottom);
    }
  }
}

TEST(FrameRows, AreTheSameToTheLastBitWithAndWithoutAvx2) {
  if (!__builtin_cpu_supports("avx2")) GTEST_SKIP() << "this processor has no AVX2";
  std::mt19937 random(7);
  constexpr int width = 61;
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint16_t> counts(4 * width);
    for (auto& count : counts) count = random() % 5 == 0 ? 0 : static_cast<std::uint16_t>(8000 + random() % 160);
    std::vector<float> inverse(width), inverse_avx2(width);
    frame_rows_portable.inverse(counts.data(), &counts[2 * width], width, 10.0f, inverse.data());
    frame_rows_avx2.inverse(counts.data(), &counts[2 * width], width, 10.0f, inverse_avx2.data());
    ASSERT_EQ(inverse, inverse_avx2);
    std::vector<float> image(5 * width);
    for (auto& q : image)
      q = random() % 9 == 0 ? 0.0f : (1.0f + 0.004f * static_cast<float>(random() % 16) / 16.0f) / 400.0f;
    std::vector<float> filled(width), filled_avx2(width);
    frame_rows_portable.fill(&image[0], &image[width], &image[2 * width], width, filled.data());
    frame_rows_avx2.fill(&image[0], &image[width], &image[2 * width], width, filled_avx2.data());
    ASSERT_EQ(filled, filled_avx2);
    const PlaneRow row{&image[2 * width], width, width, -30.0f, 4.0f, 280.0f, 281.0f};
    std::vector<float> planes(4 * width), planes_avx2(4 * width);
    frame_rows_portable.planes(row, planes.data());
    frame_rows_avx2.planes(row, planes_avx2.data());
    ASSERT_EQ(planes, planes_avx2);
    EXPECT_GT(*std::max_element(planes.begin(), planes.end()), 100.0f);
  }
}

}  // namespace fit
