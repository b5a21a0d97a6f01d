#pragma once

#include <string>

#include "libfit/landmarks.h"

namespace fit {

/// A person's two legs (or arms) seen from the front as an inline SVG: the residual limb in its socket, L or R in large
/// letters on its side, an arrow to proximal. The letters are never mirrored.
std::string leg_drawing(Side side, Level level);

}  // namespace fit
