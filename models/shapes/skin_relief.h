#pragma once

#include <Eigen/Core>
#include <functional>
#include <vector>

#include "models/shapes/generate_limb.h"

namespace fit {

/// What lies on the smooth skin of one limb: soft lumps, fine unevenness, grooves of scars, deep folds.
class SkinRelief {
 public:
  /// `skin(along_mm, turn)` is the smooth skin, `length_mm` its height above the centerline's distal point.
  SkinRelief(const GenerateParams& params, double length_mm,
             const std::function<Eigen::Vector3d(double, double)>& skin);

  /// How far the skin lies outside its smooth form at `point`; negative inside.
  double height_mm(const Eigen::Vector3d& point) const;

 private:
  /// A dent along a line on the skin: `depth_mm` in its middle, gone at `half_width_mm` from the line.
  struct Groove {
    std::vector<Eigen::Vector3d> line;
    double half_width_mm, depth_mm;
  };
  double unevenness(const Eigen::Vector3d& point) const;

  std::uint64_t seed_;
  double lumps_mm_, noise_mm_;
  std::vector<Groove> grooves_;
};

}  // namespace fit
