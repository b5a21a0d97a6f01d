#pragma once

#include <Eigen/Geometry>
#include <optional>

#include "libfit/finding.h"
#include "libfit/limb.h"
#include "libfit/progress.h"
#include "libfit/repair.h"

namespace fit {

struct LocateParams {
  std::optional<Side> side;
  std::optional<Level> level;
  std::optional<Eigen::Vector3d> axis;  ///< up the limb, in the scan's frame; found when not given

  bool operator==(const LocateParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        OptionalChoice{"side", &LocateParams::side, "The patient's side."},
        OptionalChoice{"level", &LocateParams::level, "Level of the amputation."},
        OptionalTriple{"axis", &LocateParams::axis, "Direction up the limb in the scan's frame; found when not given."},
    };
  }
};

struct Located {
  Limb limb;  ///< in the limb frame, with its landmarks
  Eigen::Isometry3d limb_from_scan;
  double frame_confidence = 0.0;  ///< 0 to 1: the chance that the axis lies within 3 deg and MPT within 10 mm
  Findings findings;
};

/// Finds the limb frame in a scan in any pose, and proposes the landmarks of its level with a confidence each.
/// `placed` are landmarks that a person placed, in the scan's frame: they are kept as they are and steer the rest.
/// A side that the shape contradicts with high confidence is a finding that forbids printing.
/// Needs: `scan` is clean. side and level given.
/// Throws Error::bad_params (side or level missing), Error::bad_input (no limb axis can be found), Cancelled.
Located locate(const Repaired& scan, const Landmarks& placed, const LocateParams& params,
               const Progress& progress = {});

}  // namespace fit
