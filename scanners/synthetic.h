#pragma once

#include <string>
#include <vector>

#include "libfit/mesh.h"
#include "libfit/params.h"
#include "scanners/camera.h"

namespace fit {

/// How a kind of depth camera errs. Noise across the line of sight is a Gaussian of two lengths, because that is how
/// the pixels of real cameras agree with each other: nearly at 1 px, half at 3, a little at 5.
struct SensorModel {
  std::string sensor_name;
  std::string provenance;
  int width = 640;
  int height = 480;
  double fx_px = 575.8;
  double frames_per_s = 30.0;
  double mm_per_count = 1.0;
  double noise_floor_mm = 0.0;
  double noise_at_1m_mm = 1.4;
  double fine_px = 0.0;
  double coarse_px = 2.0;
  double fine_share = 0.4;
  double fixed_share = 0.2;
  double step_at_1m_mm = 0.0;
  double edge_jitter_px = 0.5;
  double flying_share = 0.2;
  double steepest_deg = 70.0;
  bool operator==(const SensorModel&) const = default;
  static constexpr auto fields() {
    using S = SensorModel;
    return std::tuple{
        Text{"sensor_name", &S::sensor_name, "What it is."},
        Text{"provenance", &S::provenance, "Where the figures come from."},
        Whole{"width", &S::width, 16, 2048, "Pixels across."},
        Whole{"height", &S::height, 16, 2048, "Pixels down."},
        Number{"fx_px", &S::fx_px, 10, 5000, "Focal length."},
        Number{"frames_per_s", &S::frames_per_s, 1, 120, "Frames a second."},
        Number{"mm_per_count", &S::mm_per_count, 0.01, 10, "Unit of the depth that it gives."},
        Number{"noise_floor_mm", &S::noise_floor_mm, 0, 50,
               "Standard deviation of depth that is there at any distance."},
        Number{"noise_at_1m_mm", &S::noise_at_1m_mm, 0, 100,
               "Standard deviation at 1 m that grows with distance squared."},
        Number{"fine_px", &S::fine_px, 0, 10, "Shorter length over which neighbours err alike; 0: none."},
        Number{"coarse_px", &S::coarse_px, 0, 20, "Longer length over which neighbours err alike."},
        Number{"fine_share", &S::fine_share, 0, 1, "Share of the noise's variance with the shorter length."},
        Number{"fixed_share", &S::fixed_share, 0, 1, "Share of the variance that is the same in every frame."},
        Number{"step_at_1m_mm", &S::step_at_1m_mm, 0, 50, "Step of depth at 1 m, growing with distance squared."},
        Number{"edge_jitter_px", &S::edge_jitter_px, 0, 5, "Standard deviation of where a pixel looks."},
        Number{"flying_share", &S::flying_share, 0, 1, "Share of pixels at an edge that fly between near and far."},
        Number{"steepest_deg", &S::steepest_deg, 10, 90, "Surfaces seen more askew than this give no depth."}};
  }
};

struct SyntheticParams {
  int seed = 1;
  bool noise = true;                 ///< false: the exact depth
  double focal_error_percent = 0.0;  ///< true focal length over the one that is said
  double bias_mm = 0.0;              ///< smooth error of depth over the image, largest value, the same in every frame
  double dropout_percent = 0.0;      ///< pixels that give no depth for no reason
  bool operator==(const SyntheticParams&) const = default;
  static constexpr auto fields() {
    using S = SyntheticParams;
    return std::tuple{Whole{"seed", &S::seed, 0, 1000000, "Another seed is another camera of the kind."},
                      Switch{"noise", &S::noise, "Whether it errs at all."},
                      Number{"focal_error_percent", &S::focal_error_percent, -10, 10,
                             "How much longer the true focal length is than the one that is said."},
                      Number{"bias_mm", &S::bias_mm, 0, 20, "Largest smooth error of depth over the image."},
                      Number{"dropout_percent", &S::dropout_percent, 0, 100, "Pixels without depth, here and there."}};
  }
};

/// A thing that a synthetic camera sees.
struct ScenePart {
  Mesh mesh;
  std::vector<Eigen::Isometry3d> world_from_part;  ///< one a frame, where it moves; none: it stays where it is
};

/// A camera that looks at a mesh (in colour, where the mesh has colours) from each of `world_from_camera` in turn. Its
/// frames do not give the poses: they are the truth that a scan is compared with. The same for the same arguments.
/// Throws Error::bad_params.
std::unique_ptr<Camera> look_at(const Mesh& scene, const std::vector<Eigen::Isometry3d>& world_from_camera,
                                const SensorModel& sensor, const SyntheticParams& params = {});

/// The same of several things, each of which may move. All have colours, or none has.
std::unique_ptr<Camera> look_at(const std::vector<ScenePart>& scene,
                                const std::vector<Eigen::Isometry3d>& world_from_camera, const SensorModel& sensor,
                                const SyntheticParams& params = {});

/// Poses on `turns` rounds about the vertical line (along z) through `centre_mm`, looking at it from `distance_mm`;
/// over them the camera rises from `rise_mm` below to as far above.
std::vector<Eigen::Isometry3d> walk_around(const Eigen::Vector3d& centre_mm, double distance_mm, int frames,
                                           double turns = 1.0, double rise_mm = 0.0);

}  // namespace fit
