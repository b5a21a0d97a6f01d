#pragma once

#include "models/shapes/generate_limb.h"

namespace fit {

/// Fills `scan` and `scan_from_limb` of a generated limb: what a scanner app would have made of its surface.
void scan(const GenerateParams& params, GeneratedLimb& limb);

}  // namespace fit
