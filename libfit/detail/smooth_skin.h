#pragma once

#include "libfit/mesh.h"

namespace fit::detail {

struct Smoothed {
  double noise_mm = 0.0;               ///< what was smoothed away, root mean square along the normal
  double volume_change_percent = 0.0;  ///< of what the limb holds below its rim
  bool applied = false;
};

/// Smooths away waves of the skin shorter than `wave_mm`: the answer to a wave of number k is 1 / (1 + (k wave / 2
/// pi)^4), so that the shape of a limb, ten times as long, does not shrink; the little volume that goes is given back
/// evenly along the normals. Less noise than `least_noise_mm` is left alone. Needs: what `repair` gives.
Smoothed smooth_skin(Mesh& skin, double wave_mm, double least_noise_mm = 0.02);

}  // namespace fit::detail
