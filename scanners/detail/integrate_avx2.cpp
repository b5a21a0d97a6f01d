#include <immintrin.h>

#include "scanners/detail/integrate_kernel.h"

namespace fit {

// The same operations in the same order as in integrate_portable.cpp, eight nodes along x at a time.
void integrate_brick_avx2(const IntegrationView& view, const float* origin, const RowRange& rows, float* distance,
                          float* weight) {
  const __m256 lane = _mm256_setr_ps(0, 1, 2, 3, 4, 5, 6, 7);
  const __m256 zero = _mm256_setzero_ps(), one = _mm256_set1_ps(1.0f);
  const __m256 band = _mm256_set1_ps(view.band);
  const __m256 most = _mm256_set1_ps(32768.0f);
  const __m256i none = _mm256_set1_epi32(-1);
  __m256 along[3];
  for (int axis = 0; axis < 3; ++axis) along[axis] = _mm256_mul_ps(lane, _mm256_set1_ps(view.step[axis]));
  for (int row = 0; row < 64; ++row) {
    const float j = static_cast<float>(row & 7), k = static_cast<float>(row >> 3);
    if ((rows.first + j * rows.per_j) + k * rows.per_k < -view.band) continue;
    __m256 p[3];
    for (int axis = 0; axis < 3; ++axis)
      p[axis] = _mm256_add_ps(_mm256_set1_ps((origin[axis] + j * view.step[3 + axis]) + k * view.step[6 + axis]),
                              along[axis]);
    __m256 good = _mm256_cmp_ps(p[2], one, _CMP_GT_OQ);
    const __m256 per_z = _mm256_div_ps(one, p[2]);
    const __m256 u =
        _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(view.fx), _mm256_mul_ps(p[0], per_z)), _mm256_set1_ps(view.cx));
    const __m256 v =
        _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(view.fy), _mm256_mul_ps(p[1], per_z)), _mm256_set1_ps(view.cy));
    good = _mm256_and_ps(
        good, _mm256_and_ps(_mm256_and_ps(_mm256_cmp_ps(u, zero, _CMP_GE_OQ), _mm256_cmp_ps(v, zero, _CMP_GE_OQ)),
                            _mm256_and_ps(_mm256_cmp_ps(u, most, _CMP_LT_OQ), _mm256_cmp_ps(v, most, _CMP_LT_OQ))));
    const __m256i pu = _mm256_sub_epi32(_mm256_cvttps_epi32(u), _mm256_set1_epi32(view.left));
    const __m256i pv = _mm256_sub_epi32(_mm256_cvttps_epi32(v), _mm256_set1_epi32(view.top));
    const __m256i within =
        _mm256_and_si256(_mm256_and_si256(_mm256_cmpgt_epi32(pu, none), _mm256_cmpgt_epi32(pv, none)),
                         _mm256_and_si256(_mm256_cmpgt_epi32(_mm256_set1_epi32(view.width), pu),
                                          _mm256_cmpgt_epi32(_mm256_set1_epi32(view.height), pv)));
    good = _mm256_and_ps(good, _mm256_castsi256_ps(within));
    if (_mm256_movemask_ps(good) == 0) continue;
    // Eight loads of four numbers and a transposition are faster than four gathers; nodes that see nothing read
    // the first pixel in place of their own.
    alignas(32) int at[8];
    _mm256_store_si256(reinterpret_cast<__m256i*>(at),
                       _mm256_and_si256(_mm256_castps_si256(good),
                                        _mm256_add_epi32(_mm256_mullo_epi32(pv, _mm256_set1_epi32(view.width)), pu)));
    __m256 pairs[4];
    for (int i = 0; i < 4; ++i)
      pairs[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(view.planes + 4 * static_cast<long>(at[i]))),
                                      _mm_loadu_ps(view.planes + 4 * static_cast<long>(at[i + 4])), 1);
    const __m256 low01 = _mm256_unpacklo_ps(pairs[0], pairs[1]), high01 = _mm256_unpackhi_ps(pairs[0], pairs[1]);
    const __m256 low23 = _mm256_unpacklo_ps(pairs[2], pairs[3]), high23 = _mm256_unpackhi_ps(pairs[2], pairs[3]);
    const __m256 mx = _mm256_shuffle_ps(low01, low23, 0x44), my = _mm256_shuffle_ps(low01, low23, 0xee);
    const __m256 mz = _mm256_shuffle_ps(high01, high23, 0x44), size = _mm256_shuffle_ps(high01, high23, 0xee);
    good = _mm256_and_ps(good, _mm256_cmp_ps(size, zero, _CMP_GT_OQ));
    if (_mm256_movemask_ps(good) == 0) continue;
    const __m256 dot =
        _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(mx, p[0]), _mm256_mul_ps(my, p[1])), _mm256_mul_ps(mz, p[2]));
    const __m256 outward = _mm256_mul_ps(_mm256_sub_ps(one, dot), size);
    good = _mm256_and_ps(good, _mm256_cmp_ps(outward, _mm256_sub_ps(zero, band), _CMP_GT_OQ));
    if (_mm256_movemask_ps(good) == 0) continue;
    const __m256 cut = _mm256_min_ps(outward, band);
    const __m256 square =
        _mm256_add_ps(_mm256_add_ps(_mm256_mul_ps(p[0], p[0]), _mm256_mul_ps(p[1], p[1])), _mm256_mul_ps(p[2], p[2]));
    const __m256 cosine = _mm256_div_ps(_mm256_mul_ps(size, size), square);
    const __m256 ratio = _mm256_mul_ps(_mm256_set1_ps(view.reference), per_z);
    const __m256 ratio_square = _mm256_mul_ps(ratio, ratio);
    __m256 w = _mm256_mul_ps(_mm256_min_ps(cosine, one), _mm256_mul_ps(ratio_square, ratio_square));
    w = _mm256_blendv_ps(_mm256_mul_ps(_mm256_set1_ps(0.125f), w), w, _mm256_cmp_ps(outward, band, _CMP_LT_OQ));
    w = _mm256_min_ps(w, _mm256_set1_ps(4.0f));
    const __m256 old_weight = _mm256_load_ps(weight + 8 * row), before = _mm256_load_ps(distance + 8 * row);
    const __m256 old = _mm256_blendv_ps(cut, before, _mm256_cmp_ps(old_weight, zero, _CMP_GT_OQ));
    const __m256 total = _mm256_add_ps(old_weight, w);
    const __m256 mixed = _mm256_add_ps(old, _mm256_mul_ps(_mm256_div_ps(w, total), _mm256_sub_ps(cut, old)));
    _mm256_store_ps(distance + 8 * row, _mm256_blendv_ps(before, mixed, good));
    _mm256_store_ps(weight + 8 * row, _mm256_blendv_ps(old_weight, total, good));
  }
}

}  // namespace fit
