#pragma once

#include "scanners/detail/frame_rows.h"

/// The loops of `FrameRows`, without branches so that the compiler makes vectors of them: included by one file that is
/// compiled for AVX2 and by one that is not.
namespace fit {

static constexpr float smallest_cosine = 0.17f;  // 80 degrees
static constexpr float farthest_in_2x2 = 0.02f;  // pixels that differ by more of their distance are not one point

static float absolute(float x) { return x < 0.0f ? -x : x; }

static void inverse_row(const std::uint16_t* __restrict upper, const std::uint16_t* __restrict lower, int count,
                        float scale, float* __restrict result) {
  for (int i = 0; i < count; ++i) {
    const int a = upper[2 * i], b = upper[2 * i + 1], c = lower[2 * i], d = lower[2 * i + 1];
    const int measured = (a > 0) + (b > 0) + (c > 0) + (d > 0);
    const int high_ab = a > b ? a : b, high_cd = c > d ? c : d, high = high_ab > high_cd ? high_ab : high_cd;
    const int a1 = a > 0 ? a : 65536, b1 = b > 0 ? b : 65536, c1 = c > 0 ? c : 65536, d1 = d > 0 ? d : 65536;
    const int low_ab = a1 < b1 ? a1 : b1, low_cd = c1 < d1 ? c1 : d1, low = low_ab < low_cd ? low_ab : low_cd;
    const int sum = a + b + c + d;
    const bool agree = static_cast<float>(high - low) <= farthest_in_2x2 * static_cast<float>(high) + 1.0f;
    // The mean of 1/z differs from 1 / (mean z) by the square of a hundredth at most.
    const float inverse = scale * static_cast<float>(measured) / static_cast<float>(sum > 0 ? sum : 1);
    result[i] = (measured >= 2) & agree ? inverse : 0.0f;
  }
}

static void fill_row(const float* __restrict above, const float* __restrict row, const float* __restrict below,
                     int count, float* __restrict result) {
  for (int i = 1; i + 1 < count; ++i) {
    const float left = row[i - 1], right = row[i + 1], up = above[i], down = below[i];
    const bool across = (left > 0) & (right > 0) & (absolute(left - right) <= tear_share * left);
    const bool upright = (up > 0) & (down > 0) & (absolute(up - down) <= tear_share * up);
    const float filled = across ? 0.5f * (left + right) : upright ? 0.5f * (up + down) : 0.0f;
    result[i] = row[i] > 0 ? row[i] : filled;
  }
}

using Eight = float __attribute__((vector_size(32), aligned(4), may_alias));
using EightBits = std::int32_t __attribute__((vector_size(32)));

static Eight eight(const float* at) { return *reinterpret_cast<const Eight*>(at); }
static Eight absolute(Eight x) { return x < 0.0f ? -x : x; }

static bool any(EightBits bits) {
  std::int32_t sum = 0;
  for (int i = 0; i < 8; ++i) sum |= bits[i];
  return sum != 0;
}

/// Where three points of a line are one smooth surface.
static EightBits whole(Eight before, Eight here, Eight after) {
  return (before > 0.0f) & (here > 0.0f) & (after > 0.0f) &
         (absolute(before + after - 2.0f * here) < tear_share * here) &
         (absolute(after - before) < 20.0f * tear_share * here);
}

/// The slope along `step`, over three lines that are `across` apart; `good` where the one in the middle is whole.
static Eight slope(const float* q, std::ptrdiff_t step, std::ptrdiff_t across, EightBits& good) {
  Eight sum = {}, lines = {};
  for (int line = -1; line <= 1; ++line) {
    const float* at = q + line * across;
    const Eight before = eight(at - reach * step), after = eight(at + reach * step);
    const EightBits here_good = whole(before, eight(at), after);
    sum += here_good ? after - before : Eight{};
    lines += here_good ? Eight{} + 2.0f * reach : Eight{};
    if (line == 0) good = here_good;
  }
  return sum / (good ? lines : Eight{} + 1.0f);
}

/// 1/z is linear over the image of a plane, so its slopes and value give the plane m . p = 1.
static void plane_row(const PlaneRow& row, float* result) {
  constexpr int lanes = 8;
  const int end = row.count - reach;
  if (end - reach < lanes) return;
  const Eight lane = {0, 1, 2, 3, 4, 5, 6, 7};
  const float y = row.v / row.fy;
  for (int first = reach; first < end; first += lanes) {
    // The last eight end with the row: what they share with those before comes out the same.
    const int from = first + lanes <= end ? first : end - lanes;
    const float* q = row.inverse + from;
    const Eight here = eight(q);
    if (!any(here > 0.0f)) {
      for (int i = 0; i < 4 * lanes; ++i) result[4 * from + i] = 0.0f;
      continue;
    }
    const Eight u = lane + (row.first_u + static_cast<float>(from));
    EightBits good_u, good_v;
    const Eight along_u = slope(q, 1, row.stride, good_u), along_v = slope(q, row.stride, 1, good_v);
    const Eight mx = row.fx * along_u, my = row.fy * along_v, mz = (here - u * along_u) - row.v * along_v;
    const Eight square = (mx * mx + my * my) + mz * mz;
    const Eight x = u / row.fx;
    const Eight ray_square = (x * x + y * y) + 1.0f;
    // The cosine between the normal and the ray is 1 / (|m| |p|), and |p| is |ray| / (1/z).
    const EightBits sound =
        good_u & good_v & (here * here >= smallest_cosine * smallest_cosine * square * ray_square) & (square > 0.0f);
    for (int i = 0; i < lanes; ++i) {
      float* plane = result + 4 * (from + i);
      plane[0] = sound[i] ? mx[i] : 0.0f;
      plane[1] = sound[i] ? my[i] : 0.0f;
      plane[2] = sound[i] ? mz[i] : 0.0f;
      plane[3] = sound[i] ? 1.0f / __builtin_sqrtf(square[i]) : 0.0f;
    }
  }
}

}  // namespace fit
