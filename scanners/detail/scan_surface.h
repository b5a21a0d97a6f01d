#pragma once

#include "libfit/progress.h"
#include "scanners/detail/field_grid.h"
#include "scanners/detail/subject.h"
#include "scanners/detail/vertex_quality.h"
#include "scanners/fuse.h"
#include "scanners/unseen.h"

namespace fit {

struct ScanSurface {
  Mesh surface;
  Values coverage;
  Values expected_error_mm;
  Unseen unseen;
};

/// The subject's surface, as far as `views` (the first one that of `subject`) and field know it, cut square where it is
/// open at an end, with what is known of each vertex.
ScanSurface scan_surface(const FieldGrid& field, const std::vector<KeyView>& views,
                         const std::vector<KeptColor>& colors, const Eigen::Isometry3d& color_from_depth,
                         const ScanSubject& subject, const ScanQuality& quality, const Progress& progress);

/// What a person should know of a scan of this quality, and do.
Findings findings_of(const ScanQuality& quality, const Unseen& unseen);

}  // namespace fit
