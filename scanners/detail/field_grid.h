#pragma once

#include <Eigen/Geometry>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "scanners/detail/frame_surface.h"
#include "scanners/detail/region.h"

namespace fit {

/// A truncated signed distance field in bricks of 8 x 8 x 8 nodes, only where surfaces were seen (Curless and Levoy
/// 1996). Positive outside. Node n stands at n x voxel_mm.
class FieldGrid {
 public:
  static constexpr int side = 8;
  static constexpr int nodes = side * side * side;

  static constexpr float unseen_mm = 1e30f;

  struct alignas(32) Values {
    float distance_mm[nodes];  ///< x fastest; `unseen_mm` where never seen
    float weight[nodes];       ///< 0: never seen
  };

  /// No brick is added beyond `most_bricks`; `full` tells.
  FieldGrid(double voxel_mm, std::size_t most_bricks);

  double voxel_mm() const { return voxel_; }
  std::size_t size() const { return places_.size(); }
  bool full() const { return full_; }
  const Eigen::Vector3i& place(std::size_t brick) const { return places_[brick]; }  ///< in bricks
  Values& values(std::size_t brick) { return chunks_[brick / chunk][brick % chunk]; }
  const Values& values(std::size_t brick) const { return chunks_[brick / chunk][brick % chunk]; }

  /// The brick `brick` + (dx, dy, dz), each 0 or 1, at index dx + 2 dy + 4 dz; -1 where there is none.
  const std::array<int, 8>& next(std::size_t brick) const { return next_[brick]; }

  int find(const Eigen::Vector3i& place) const;
  /// Needs: places within +-2^20.
  void add(const Eigen::Vector3i& place);

  struct Sample {
    float distance_mm;
    Eigen::Vector3f gradient;
    int brick = -1;  ///< where the point lay: a guess for the next one when the sample is used again
  };
  /// The field between the eight nodes around a point; false where one of them was never seen.
  bool sample(const Eigen::Vector3f& point_mm, Sample& result) const;

 private:
  static constexpr std::size_t chunk = 256;
  std::size_t slot_of(std::uint64_t key) const;
  void grow();

  double voxel_;
  std::size_t most_;
  bool full_ = false;
  std::vector<Eigen::Vector3i> places_;
  std::vector<std::array<int, 8>> next_;
  std::vector<std::unique_ptr<Values[]>> chunks_;
  std::vector<std::uint64_t> keys_;  ///< open addressing; 0: free
  std::vector<int> bricks_;
};

/// How frames are laid into the field.
struct Integration {
  double band_mm = 4.0;         ///< the field is kept within this of the surface
  double reference_mm = 400.0;  ///< a surface seen straight on from here has weight 1
  SubjectRegion region;         ///< surfaces outside are left out
};

/// Adds the bricks in which `surface` lies.
void allocate(FieldGrid& field, const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
              const Integration& how);

/// What a camera saw, and where it stood.
struct PosedSurface {
  const FrameSurface* surface;
  Eigen::Isometry3d world_from_camera;
};

/// Lays the planes of surfaces, one after the other, into all bricks that they see: the weighted mean of the distances
/// to the planes, with weight cos^2 of the slant times (reference / distance)^4, as the variance of a triangulated
/// depth grows.
void integrate(FieldGrid& field, const std::vector<PosedSurface>& seen, const Integration& how);

}  // namespace fit
