#pragma once

#include <array>

#include "libfit/detail/knee_weights.h"
#include "libfit/landmarks.h"

namespace fit::detail {

constexpr int kShaftLevels = 4;  ///< 15, 30, 50 and 70 % of the way from distal end to knee
constexpr int kShaftOrders = 4;
constexpr int kLandmarkFeatures = kKneeFeatures + kShaftLevels * (2 * kShaftOrders - 1) + 1;

/// Linear regressors of one landmark's place, learned by ridge regression.
struct LandmarkWeights {
  Landmark landmark;
  double nominal_angle;                          ///< from x towards y, anterior being y
  std::array<double, kLandmarkFeatures> height;  ///< over the knee's, in mean radii
  std::array<double, kLandmarkFeatures> angle;   ///< past the nominal one, radians
};

extern const std::array<LandmarkWeights, 10> kLandmarkWeights;

}  // namespace fit::detail
