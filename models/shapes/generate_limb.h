#pragma once

#include <Eigen/Geometry>
#include <string>
#include <vector>

#include "libfit/limb.h"
#include "libfit/params.h"
#include "libfit/progress.h"

namespace fit {

/// The outline of the residual limb, as ISO 8548-2 names it.
enum class LimbShape { conical, cylindrical, bulbous };
template <>
struct EnumNames<LimbShape> {
  static constexpr std::array<std::string_view, 3> names{"conical", "cylindrical", "bulbous"};
};

/// What a scanner app adds to a limb and takes from it.
struct DefectParams {
  bool floor = false;
  int crumbs = 0;
  int holes = 0;
  int seams = 0;
  int spikes = 0;
  int flipped_triangles = 0;
  double ragged_rim_mm = 0.0;
  double scan_noise_mm = 0.0;
  bool random_pose = false;

  bool operator==(const DefectParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Switch{"floor", &DefectParams::floor, "A piece of floor or table beside the limb."},
        Whole{"crumbs", &DefectParams::crumbs, 0, 500, "Loose pieces in the air around the limb."},
        Whole{"holes", &DefectParams::holes, 0, 50, "Places that the scanner did not see."},
        Whole{"seams", &DefectParams::seams, 0, 20, "Cuts along which the surface is not joined."},
        Whole{"spikes", &DefectParams::spikes, 0, 500, "Vertices that shot out of the surface."},
        Whole{"flipped_triangles", &DefectParams::flipped_triangles, 0, 2000, "Triangles turned about."},
        Number{"ragged_rim_mm", &DefectParams::ragged_rim_mm, 0.0, 40.0, "How far the proximal rim is torn."},
        Number{"scan_noise_mm", &DefectParams::scan_noise_mm, 0.0, 1.0,
               "Standard deviation of each vertex along its normal."},
        Switch{"random_pose", &DefectParams::random_pose, "The scan lies somewhere, turned about."},
    };
  }
};

struct GenerateParams {
  int seed = 1;
  Side side = Side::right;
  Level level = Level::transtibial;
  double limb_length_mm = 150.0;
  LimbShape shape = LimbShape::conical;
  double girth_scale = 1.0;
  double fat_mm = 3.0;
  double oedema_percent = 0.0;
  double variation = 1.0;
  double knee_flexion_deg = 10.0;
  double proximal_mm = 75.0;
  int scars = 0;
  double scar_depth_mm = 4.0;
  int invaginations = 0;
  double invagination_depth_mm = 15.0;
  double skin_noise_mm = 0.1;
  int triangles = 60000;
  DefectParams defects;

  bool operator==(const GenerateParams&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Whole{"seed", &GenerateParams::seed, 0, 2147483647,
              "Which person: the same seed gives the same limb everywhere."},
        Choice{"side", &GenerateParams::side, "The patient's side."},
        Choice{"level", &GenerateParams::level, "Transtibial or transfemoral."},
        Number{"limb_length_mm", &GenerateParams::limb_length_mm, 80.0, 500.0,
               "From mid-patellar tendon, or perineum, to the distal end."},
        Choice{"shape", &GenerateParams::shape, "The limb's outline."},
        Number{"girth_scale", &GenerateParams::girth_scale, 0.7, 1.5, "Times as thick as the mean adult."},
        Number{"fat_mm", &GenerateParams::fat_mm, 0.0, 30.0, "Tissue under the skin beyond that of a lean limb."},
        Number{"oedema_percent", &GenerateParams::oedema_percent, 0.0, 30.0, "Swelling of the distal girth."},
        Number{"variation", &GenerateParams::variation, 0.0, 2.0,
               "How far the person may differ from the mean; 0: not at all."},
        Number{"knee_flexion_deg", &GenerateParams::knee_flexion_deg, 0.0, 60.0, "Posture of a transtibial limb."},
        Number{"proximal_mm", &GenerateParams::proximal_mm, 20.0, 200.0,
               "How far the surface reaches above mid-patellar tendon, or perineum."},
        Whole{"scars", &GenerateParams::scars, 0, 5, "Grooves of scars."},
        Number{"scar_depth_mm", &GenerateParams::scar_depth_mm, 0.0, 12.0, "Depth of the grooves."},
        Whole{"invaginations", &GenerateParams::invaginations, 0, 3, "Deep folds of the distal skin."},
        Number{"invagination_depth_mm", &GenerateParams::invagination_depth_mm, 0.0, 30.0, "Depth of the folds."},
        Number{"skin_noise_mm", &GenerateParams::skin_noise_mm, 0.0, 1.0, "Height of the skin's fine unevenness."},
        Whole{"triangles", &GenerateParams::triangles, 2000, 3000000, "About how many triangles the limb has."},
        Part{"defects", &GenerateParams::defects, "What the scanner did."},
    };
  }
};

/// A bone as it lies in the limb: a closed surface in the limb frame.
struct Bone {
  std::string name;  ///< "tibia", "fibula", "patella", "femur", "ischium"
  Mesh surface;
};

struct GeneratedLimb {
  Limb limb;  ///< clean, in the limb frame, with every landmark of its level where it truly is
  std::vector<Bone> bones;
  Mesh scan;  ///< the limb as a scanner app gives it: defects, pose
  Eigen::Isometry3d scan_from_limb = Eigen::Isometry3d::Identity();
};

/// A residual limb of no person, made of parametric bones and soft tissue out of published anthropometry (cited in
/// transtibial.cpp and transfemoral.cpp). Fit's own: nothing in it is derived from another model or scan.
/// The same params give the same bits on every machine with IEEE 754 arithmetic, on any number of threads; the two
/// sides are mirror images to the last bit. Needs: level is transtibial or transfemoral. Throws Error::bad_params,
/// Cancelled.
GeneratedLimb generate_limb(const GenerateParams& params = {}, const Progress& progress = {});

/// Params anywhere in the whole range of limbs that a clinic may see and beyond, for robustness runs: very short and
/// very long, bulbous, bent, scarred, deeply folded. Without defects and with at most 60,000 triangles.
GenerateParams draw_params(int seed);

}  // namespace fit
