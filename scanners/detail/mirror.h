#pragma once

#include "scanners/frame.h"

namespace fit {

/// Turns a frame about its middle column: OpenNI's cameras give a mirror's image unless told otherwise, and a limb
/// scanned in a mirror is one of the other side.
void unmirror(Frame& frame);

}  // namespace fit
