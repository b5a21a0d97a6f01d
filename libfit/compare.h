#pragma once

#include <Eigen/Geometry>
#include <vector>

#include "libfit/measure.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

struct CompareParams {
  double compare_spacing_mm = 10.0;
  double left_out_percent = 25.0;
  bool align = true;

  bool operator==(const CompareParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Number{"compare_spacing_mm", &CompareParams::compare_spacing_mm, 1.0, 100.0, "Between the stations compared."},
        Number{"left_out_percent", &CompareParams::left_out_percent, 0.0, 60.0,
               "Share of the surface that may have changed most and does not take part in laying one on the other."},
        Switch{"align", &CompareParams::align, "Lays the newer surface on the older one first."},
    };
  }
};

/// The same height of the two surfaces.
struct StationChange {
  double height_mm;  ///< in the older one's frame
  Slice older;
  Slice newer;
};

/// How a newer surface differs from an older one.
struct Compared {
  Eigen::Isometry3d older_from_newer = Eigen::Isometry3d::Identity();
  Values change_mm;  ///< one a vertex of the newer: + where it lies outside the older; NaN above what both have
  std::vector<Eigen::Vector3d> moved_mm;  ///< from the older's nearest place to the vertex; NaN as above
  double mean_mm = 0.0;                   ///< of the change, by area
  double iqr_mm = 0.0;                    ///< from the first to the third quartile, by area
  double largest_mm = 0.0;                ///< 95 % of the area changed by no more than this, either way
  std::vector<StationChange> stations;    ///< the most distal first
};

/// Lays a newer surface on an older one of the same limb, positive or socket, and says how they differ.
///
/// Rigid registration by point to plane (Chen and Medioni 1992) up to an even offset along the normals, each step over
/// the nearest part of the points (trimmed ICP, Chetverikov et al. 2005): neither an even loss of volume nor what
/// changed most pulls the rest along. Works from poses that are about 20 degrees and 20 mm apart; `locate` brings
/// surfaces there. Needs: both in a limb frame, z up, outside out, open above at most. The same to the last bit on any
/// number of threads. Throws Error::bad_params, Error::bad_input (a surface without triangles; two that have no height
/// in common), Cancelled.
Compared compare(const Mesh& older, const Mesh& newer, const CompareParams& params = {}, const Progress& progress = {});

}  // namespace fit
