#pragma once

#include <memory>
#include <string>
#include <vector>

#include "libfit/landmarks.h"
#include "models/shapes/body.h"
#include "models/shapes/generate_limb.h"

/// The anatomy of a right limb in its own frame: z up the distal segment, y anterior, x lateral (the patient's right).
namespace fit {

/// The line that the skin is stretched around: straight up from `distal`, then bent backwards by `bend_rad` over the
/// heights `bend_from_mm` to `bend_to_mm`, then straight again.
struct Centerline {
  Eigen::Vector3d distal = Eigen::Vector3d::Zero();  ///< middle of the rounded distal end
  double bend_from_mm = 0.0;                         ///< along the line, from `distal`
  double bend_to_mm = 1.0;
  double bend_rad = 0.0;
  double top_mm = 200.0;        ///< where the surface ends
  double top_lateral_mm = 0.0;  ///< how much higher the rim is on the lateral side, and lower on the medial one
  bool closed_above = false;    ///< a bone: rounded above as well
};

struct BoneBody {
  std::string name;
  std::shared_ptr<const Body> body;
  Eigen::Vector3d from, to;  ///< every ray away from this line leaves the bone once
};

/// Where to look for a landmark: the skin's point on the ray.
struct LandmarkRay {
  Landmark landmark;
  Eigen::Vector3d inside;
  Eigen::Vector3d direction;
};

struct Anatomy {
  Body skin;
  std::shared_ptr<const Body> skeleton;  ///< all bones in one
  std::vector<BoneBody> bones;
  std::vector<LandmarkRay> rays;
  Centerline centerline;
};

Anatomy transtibial_anatomy(const GenerateParams& params);
Anatomy transfemoral_anatomy(const GenerateParams& params);

}  // namespace fit
