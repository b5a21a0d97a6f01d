#pragma once

#include <Eigen/Core>
#include <Eigen/Geometry>
#include <array>
#include <map>
#include <string_view>

#include "libfit/params.h"

namespace fit {

enum class Side { left, right };
template <> struct EnumNames<Side> { static constexpr std::array<std::string_view, 2> names{"left", "right"}; };

/// The level of the amputation.
enum class Level { transtibial, transfemoral, transradial, transhumeral };
template <> struct EnumNames<Level> {
  static constexpr std::array<std::string_view, 4> names{"transtibial", "transfemoral", "transradial", "transhumeral"};
};

/// Places on the skin that a prosthetist finds by hand. The tibial crest is a line: its landmark is the middle of it.
enum class Landmark {
  mid_patellar_tendon,
  fibular_head,
  lateral_condyle,
  medial_condyle,
  medial_tibial_flare,
  tibial_tubercle,
  tibial_crest,
  popliteal_fossa,
  anterior_distal_tibia,
  distal_fibula,
  distal_end,
  ischial_tuberosity,
  greater_trochanter,
  adductor_longus_tendon,
  perineum,
};
template <> struct EnumNames<Landmark> {
  static constexpr std::array<std::string_view, 15> names{
      "mid_patellar_tendon", "fibular_head",     "lateral_condyle",        "medial_condyle", "medial_tibial_flare",
      "tibial_tubercle",     "tibial_crest",     "popliteal_fossa",        "anterior_distal_tibia", "distal_fibula",
      "distal_end",          "ischial_tuberosity", "greater_trochanter",   "adductor_longus_tendon", "perineum"};
};

/// A proposed landmark with less confidence than this should be looked at before anything is built on it.
constexpr double kLowConfidence = 0.97;

/// Where a landmark is, and how far that can be trusted.
struct LandmarkPlace {
  Eigen::Vector3d point_mm = Eigen::Vector3d::Zero();
  double confidence = 1.0;  ///< 0 to 1: the chance that it lies within 10 mm of where an expert would put it
  bool confirmed = false;   ///< a person placed it or agreed to it

  bool operator==(const LandmarkPlace&) const = default;
  static constexpr auto fields() {
    return std::tuple{
        Triple{"point_mm", &LandmarkPlace::point_mm, "Where it is."},
        Number{"confidence", &LandmarkPlace::confidence, 0.0, 1.0, "The chance that it is within 10 mm of the truth."},
        Switch{"confirmed", &LandmarkPlace::confirmed, "A person placed it or agreed to it."},
    };
  }
};

using Landmarks = std::map<Landmark, LandmarkPlace>;

/// The landmarks carried by a rigid motion.
Landmarks moved(const Eigen::Isometry3d& to_from, Landmarks landmarks);

}  // namespace fit
