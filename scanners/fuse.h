#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "libfit/finding.h"
#include "libfit/mesh.h"
#include "libfit/params.h"
#include "libfit/progress.h"
#include "scanners/camera.h"

namespace fit {

struct FuseParams {
  double voxel_mm = 1.0;
  std::optional<double> subject_radius_mm;
  int click_column_px = -1;
  int click_row_px = -1;
  std::optional<Eigen::Vector3d> box_center_mm;
  Eigen::Vector3d box_size_mm = {300.0, 300.0, 300.0};
  bool use_color = true;
  bool refine = true;
  bool operator==(const FuseParams&) const = default;
  static constexpr auto fields() {
    using P = FuseParams;
    return std::tuple{
        Number{"voxel_mm", &P::voxel_mm, 0.5, 10.0,
               "Size of the grid that the frames are laid into; coarser by itself when the camera stands far away."},
        OptionalNumber{"subject_radius_mm", &P::subject_radius_mm, 30.0, 1000.0,
                       "Only what lies this near to the middle of what is scanned is kept; found from the first frame "
                       "unless said."},
        Whole{"click_column_px", &P::click_column_px, -1, 16384,
              "A pixel of the first frame that shows what is to be scanned; -1: what is large and in the middle."},
        Whole{"click_row_px", &P::click_row_px, -1, 16384, "Its row, from the top."},
        OptionalTriple{"box_center_mm", &P::box_center_mm,
                       "Middle of a box that holds what is to be scanned, in the first frame's camera: right, down, "
                       "away."},
        Triple{"box_size_mm", &P::box_size_mm, "Its size along the same."},
        Switch{"use_color", &P::use_color,
               "Whether colours help to follow the camera: they hold a round limb's twist."},
        Switch{"refine", &P::refine, "Whether all frames are laid on each other once more at the end."}};
  }
};

/// How good a scan is, in numbers.
struct ScanQuality {
  std::size_t frames = 0;           ///< given
  std::size_t used = 0;             ///< whose place was found
  std::size_t lost = 0;             ///< whose place was not found
  std::size_t losses = 0;           ///< how often the place was lost
  double noise_mm = 0.0;            ///< of one depth pixel, standard deviation, measured in the frames
  double drift_mm = 0.0;            ///< what following the camera had let slip before the refinement
  double residual_mm = 0.0;         ///< by how much views of the same place still disagree
  double unseen_percent = 0.0;      ///< of the limb's sides and distal end
  double unseen_end_percent = 0.0;  ///< of the distal end alone
  double distance_mm = 0.0;         ///< from the camera, typically
};

/// The surface that a camera saw. Only seen surface is in it: it is open where nothing was seen.
struct Scan {
  Mesh surface;     ///< mm, in the first frame's camera; colours where the camera has them
  Values coverage;  ///< one a vertex: from how many directions it was seen, 0 to 1 (1: five or more, 10 degrees apart)
  Values expected_error_mm;  ///< one a vertex: standard deviation of its place along its normal
  std::vector<std::optional<Eigen::Isometry3d>> world_from_camera;  ///< one a frame given; none where it was lost
  ScanQuality quality;
  Findings findings;
};

/// Lays the frames of a depth camera into one surface, as they come: each frame is laid on the field that the frames
/// before it made, then into it. The same frames give the same bits on any number of threads.
class Fusion {
 public:
  /// Throws Error::bad_params.
  explicit Fusion(const CameraInfo& info, const FuseParams& params = {});
  ~Fusion();

  enum class State { waiting, followed, lost };
  /// Takes the next frame. `waiting`: nothing to scan was in sight yet.
  State add(const Frame& frame);

  /// What has been seen so far, roughly.
  Mesh preview() const;

  /// Lays all frames on each other once more and gives the surface; no frame may be added afterwards.
  /// Throws Error::bad_input (no frame with anything to scan in it), Cancelled.
  Scan finish(const Progress& progress = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// All frames of a camera. Throws as above, and what the camera throws.
Scan fuse(Camera& camera, const FuseParams& params = {}, const Progress& progress = {});

}  // namespace fit
