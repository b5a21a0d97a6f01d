#include "scanners/detail/integrate_kernel.h"

namespace fit {

void integrate_brick_portable(const IntegrationView& view, const float* origin, const RowRange& rows, float* distance,
                              float* weight) {
  for (int node = 0; node < 512; ++node) {
    const auto i = static_cast<float>(node & 7), j = static_cast<float>(node >> 3 & 7),
               k = static_cast<float>(node >> 6);
    if ((rows.first + j * rows.per_j) + k * rows.per_k < -view.band) continue;
    float p[3];
    for (int axis = 0; axis < 3; ++axis)
      p[axis] = ((origin[axis] + j * view.step[3 + axis]) + k * view.step[6 + axis]) + i * view.step[axis];
    if (!(p[2] > 1.0f)) continue;
    const float per_z = 1.0f / p[2];
    const float u = view.fx * (p[0] * per_z) + view.cx, v = view.fy * (p[1] * per_z) + view.cy;
    if (!(u >= 0.0f && v >= 0.0f && u < 32768.0f && v < 32768.0f)) continue;
    const int pu = static_cast<int>(u) - view.left, pv = static_cast<int>(v) - view.top;
    if (pu < 0 || pv < 0 || pu >= view.width || pv >= view.height) continue;
    const float* plane = view.planes + 4 * static_cast<std::ptrdiff_t>(pv * view.width + pu);
    const float outward = (1.0f - ((plane[0] * p[0] + plane[1] * p[1]) + plane[2] * p[2])) * plane[3];
    if (!(plane[3] > 0.0f) || !(outward > -view.band)) continue;
    const float cut = outward < view.band ? outward : view.band;
    const float square = (p[0] * p[0] + p[1] * p[1]) + p[2] * p[2];
    const float cosine = plane[3] * plane[3] / square;
    const float near_ratio = view.reference * per_z;
    const float near_square = near_ratio * near_ratio;
    float w = (cosine < 1.0f ? cosine : 1.0f) * (near_square * near_square);
    w = outward < view.band ? w : 0.125f * w;  // what passes through free space says less than what meets a surface
    w = w < 4.0f ? w : 4.0f;
    const float total = weight[node] + w;
    const float old = weight[node] > 0.0f ? distance[node] : cut;
    distance[node] = old + (w / total) * (cut - old);
    weight[node] = total;
  }
}

}  // namespace fit
