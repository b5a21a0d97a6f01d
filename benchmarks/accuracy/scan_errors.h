#pragma once

#include <vector>

#include "benchmarks/accuracy/scan_accuracy.h"
#include "libfit/limb.h"
#include "scanners/fuse.h"

namespace fit {

/// What was scanned, and from where.
struct KnownScan {
  Limb limb;
  std::vector<Eigen::Isometry3d> limb_from_camera;  ///< one a frame, where the cameras truly stood
  double focal_scale = 1.0;                         ///< the true focal length over the one that was said
};

/// Fills all that compares geometry; nothing is fitted, the first camera is where it truly was.
void compare(const Scan& scan, const KnownScan& known, ScanError& error);

}  // namespace fit
