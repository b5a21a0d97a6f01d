#pragma once

#include <Eigen/Core>
#include <array>
#include <complex>
#include <optional>
#include <vector>

#include "libfit/detail/cross_section.h"
#include "libfit/mesh.h"

namespace fit::detail {

/// A limb's skin as its distance from the z axis, at evenly spaced heights: for each height the first Fourier
/// coefficients of radius over angle (from x towards y), so that turning the limb about its axis is a product.
class RadialMap {
 public:
  static constexpr int kHarmonics = 12;  ///< the mean radius and eleven more
  using Harmonics = std::array<std::complex<double>, kHarmonics>;

  /// Of a surface in a frame, from `spacing_mm` above `distal_mm` to the last multiple below `top_mm`.
  /// Throws Error::bad_input where fewer than 10 heights fit between.
  RadialMap(const Mesh& surface, double distal_mm, double top_mm, double spacing_mm = 2.0);

  /// Between the heights linear; the lowest and highest stand for what is below and above.
  Harmonics at(double height_mm) const;

  double lowest_mm() const { return lowest_; }
  double highest_mm() const { return lowest_ + spacing_ * static_cast<double>(rows_.size() - 1); }

 private:
  double lowest_;
  double spacing_;
  std::vector<Harmonics> rows_;
};

/// The skin between two heights as a tube of a few thousand triangles, its points where rays from the z axis leave it;
/// closed below at `distal_mm`, open above. To search on: a hundredth of a scan's triangles, and nowhere 0.2 mm off.
Mesh sampled_skin(const Mesh& surface, double distal_mm, double top_mm);

/// Where a ray from the z axis at a height, at an angle from x towards y, leaves the largest outline of a surface for
/// good.
std::optional<Eigen::Vector3d> skin_at(const Mesh& surface, double height_mm, double angle);

}  // namespace fit::detail
