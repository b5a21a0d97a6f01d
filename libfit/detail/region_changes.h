#pragma once

#include <set>
#include <string>
#include <vector>

#include "libfit/detail/placement.h"
#include "libfit/progress.h"
#include "libfit/rectify.h"

namespace fit::detail {

/// What a template's regions ask of each vertex of a limb.
struct RegionChanges {
  Values free;                          ///< 1 goes along with the circumference reduction, 0 is a relief
  Values change_mm;                     ///< along the normal: carves -, build-ups and room below the distal end +
  std::vector<PlacedRegion> placed;     ///< their middles on the limb's skin
  std::vector<int> middle_vertex;       ///< nearest to each region's middle
  std::vector<std::string> not_placed;  ///< their landmark is not known, or their place is beyond the scan
  std::vector<std::string> carving;
  std::set<Landmark> used;
};

/// Each region is full on its line and falls off smoothly over the geodesic distance; overlapping build-ups come near
/// the larger of them, and so do carves. A relief, and a band around it, is out of reach of carves.
RegionChanges region_changes(const Limb& limb, const LimbSize& size, const RectifyParams& params,
                             const Progress& progress = {});

}  // namespace fit::detail
