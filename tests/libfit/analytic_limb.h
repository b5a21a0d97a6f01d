#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "libfit/attach.h"
#include "libfit/mesh.h"
#include "libfit/trim.h"

namespace fit {

/// A limb by formula, for tests and benchmarks: a capsule about z with its distal end at 0, open above, with soft
/// bumps, a scar groove across its front and a bend.
struct AnalyticLimb {
  double length_mm = 280.0;
  double radius_mm = 50.0;
  double bulb_mm = 0.0;  ///< how much wider it is near its distal end
  double bumps_mm = 2.0;
  double groove_depth_mm = 0.0;
  double groove_width_mm = 6.0;  ///< of one flank: the groove is a V
  double bend_mm = 0.0;          ///< shift to anterior of the top
  int around = 120;              ///< vertices of a ring

  Eigen::Vector3d at(double angle, double along) const {
    // `along` runs down the meridian: a quarter of a circle, then straight up.
    const double quarter = radius_mm * std::numbers::pi / 2.0;
    double radius = radius_mm, z = radius_mm + along - quarter;
    if (along < quarter) {
      radius = radius_mm * std::sin(along / radius_mm);
      z = radius_mm * (1.0 - std::cos(along / radius_mm));
    }
    const double share = radius / radius_mm;
    radius += share * bumps_mm * std::sin(3.0 * angle) * std::sin(z / 25.0);
    radius += share * bulb_mm * std::exp(-std::pow((z - 0.25 * length_mm) / (0.15 * length_mm), 2.0));
    // The scar runs around the front half at 40 % of the length, deepest in the middle.
    const double front = std::max(0.0, std::sin(angle));
    const double across = std::abs(z - 0.4 * length_mm);
    radius -= groove_depth_mm * front * std::max(0.0, 1.0 - across / groove_width_mm);
    return {radius * std::cos(angle), radius * std::sin(angle) + bend_mm * std::pow(z / length_mm, 2.0), z};
  }

  Mesh mesh() const {
    const double step = 2.0 * std::numbers::pi * radius_mm / around;
    const double meridian = radius_mm * (std::numbers::pi / 2.0 - 1.0) + length_mm;
    const int rings = static_cast<int>(std::ceil(meridian / step));
    Mesh mesh;
    mesh.vertices.push_back(at(0.0, 0.0));
    for (int ring = 1; ring <= rings; ++ring)
      for (int k = 0; k < around; ++k)
        mesh.vertices.push_back(at(2.0 * std::numbers::pi * k / around, meridian * ring / rings));
    const auto index = [&](int ring, int k) { return 1 + (ring - 1) * around + k % around; };
    for (int k = 0; k < around; ++k) mesh.triangles.emplace_back(0, index(1, k + 1), index(1, k));
    for (int ring = 1; ring < rings; ++ring)
      for (int k = 0; k < around; ++k) {
        mesh.triangles.emplace_back(index(ring, k), index(ring, k + 1), index(ring + 1, k + 1));
        mesh.triangles.emplace_back(index(ring, k), index(ring + 1, k + 1), index(ring + 1, k));
      }
    return mesh;
  }
};

/// A trimline that rises and falls around the limb.
inline Trimline wavy_trimline(double height_mm, double wave_mm) {
  Trimline trimline;
  for (int k = 0; k < 72; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / 72;
    trimline.height_mm.push_back(height_mm + wave_mm * (std::cos(2.0 * angle) + 0.4 * std::sin(angle)));
  }
  return trimline;
}

/// A square block with four countersunk holes, below a limb whose distal end is at z = 0.
inline Hardware plate_block(double gap_mm = 8.0) {
  Hardware hardware;
  BlockPart block;
  block.width_mm = block.depth_mm = 64.0;
  block.height_mm = 20.0 + gap_mm + 12.0;
  block.corner_mm = 6.0;
  block.fillet_mm = 8.0;
  hardware.parts.push_back(block);
  for (int i = 0; i < 4; ++i) {
    const Eigen::Vector3d place(i & 1 ? 18.0 : -18.0, i & 2 ? 18.0 : -18.0, -1.0);
    BlockPart hole;
    hole.shape = BlockPart::Shape::cylinder;
    hole.cut = true;
    hole.width_mm = hole.depth_mm = 6.6;
    hole.height_mm = 60.0;
    hole.block_from_part.translate(place);
    hardware.parts.push_back(hole);
  }
  hardware.limb_from_block.translate(Eigen::Vector3d(0.0, 0.0, -20.0 - gap_mm));
  hardware.limb_from_block.rotate(Eigen::AngleAxisd(0.09, Eigen::Vector3d(1.0, 0.6, 0.2).normalized()));
  return hardware;
}

}  // namespace fit
