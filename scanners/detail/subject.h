#pragma once

#include <Eigen/Core>
#include <array>
#include <optional>

#include "scanners/detail/frame_surface.h"
#include "scanners/detail/region.h"

namespace fit {

/// The points p with normal . p = offset.
struct Plane {
  Eigen::Vector3f normal = Eigen::Vector3f::Zero();  ///< toward the camera
  float offset = 0.0f;
};

/// What is scanned, and where it lies.
struct ScanSubject {
  SubjectRegion region;            ///< in the camera
  std::vector<std::uint8_t> mask;  ///< one a point of the view: 1 where it is the subject
  std::vector<Plane> planes;       ///< table, floor and wall, as far as they are in sight
};

/// What a person points a camera at: of the pieces of surface that hang together, without large planes (table, floor,
/// wall), the one that is large and near the middle of the image, or the one under `click_px`.
/// Nothing when no piece is large enough to be tracked.
std::optional<ScanSubject> find_subject(const FrameSurface& surface, const std::optional<std::array<int, 2>>& click_px);

/// What lies in a box of the camera, without large planes. Nothing when too little lies in it to be tracked.
std::optional<ScanSubject> subject_in_box(const FrameSurface& surface, const Eigen::Vector3d& center_mm,
                                          const Eigen::Vector3d& size_mm);

}  // namespace fit
