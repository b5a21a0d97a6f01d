#pragma once

#include <vector>

#include "libfit/detail/holes.h"
#include "libfit/detail/skin.h"

namespace fit::detail {

/// What one part of a scan encloses and how large it is.
struct PartSize {
  int part = -1;
  double area_mm2 = 0.0;
  double volume_mm3 = 0.0;  ///< rims spanned by fans about their centres; negative when the part is inside out
  Eigen::Vector3d centre_mm = Eigen::Vector3d::Zero();
  double opening_mm2 = 0.0;  ///< spanned by its largest rim
  double elongation = 1.0;   ///< its longest spread over the next

  /// How much the part speaks for being the limb: its volume, less when it is closed or as long as it is wide.
  double likeness() const;

  /// 0 for a sheet, 0.094 for a ball (volume over area^1.5): what a limb has in common and floors and cloths have not.
  double fullness() const;
};

std::vector<PartSize> part_sizes(const Mesh& mesh, const Parts& parts, const std::vector<Rim>& rims);

/// The index of the part most like a limb; -1 when all are sheets or smaller than 30 ml.
int limb_part(const std::vector<PartSize>& sizes);

/// The direction in which a limb is longest, and about how large its section across that is.
struct LongAxis {
  Eigen::Vector3d direction = Eigen::Vector3d::UnitZ();
  double section_mm2 = 0.0;  ///< of an ellipse as wide and deep as the skin
};
LongAxis long_axis(const Mesh& mesh);

/// The rim that is the proximal opening: of the rims, the one that spans most across the limb; -1 when none spans a
/// quarter of the limb's section. `second` is the next largest, as a fraction of it.
struct ProximalOpening {
  int rim = -1;
  double second = 0.0;
};
ProximalOpening find_opening(const Mesh& mesh, const std::vector<Rim>& rims);

/// Area spanned by a closed rim as a vector normal to it, mm2.
Eigen::Vector3d spanned_mm2(const Mesh& mesh, const Rim& rim);

}  // namespace fit::detail
