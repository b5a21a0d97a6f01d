#pragma once

#include <array>

#include "libfit/landmarks.h"

namespace fit::detail {

constexpr int kKneeLevels = 12;  ///< from 1.6 mean radii below the knee to 0.6 above, 0.2 apart
constexpr int kKneeOrders = 7;   ///< harmonics a level: the mean and six more
constexpr int kKneeFeatures = kKneeLevels * (2 * kKneeOrders - 1) + 1;  ///< the last is 1
constexpr int kShaftLevels = 4;  ///< 15, 30, 50 and 70 % of the way up to the knee
constexpr int kShaftOrders = 4;
constexpr int kFeatures = kKneeFeatures + kShaftLevels * (2 * kShaftOrders - 1) + 1;  ///< the last is the limb's length
constexpr int kKneeSteps = 4;
constexpr int kPlaces = 10;  ///< the first is the mid-patellar tendon, once more and finer
constexpr int kSigns = 1 + 2 * (kKneeSteps - 1) + 2 * (kPlaces - 1);

/// Linear regressors learned by ridge regression from limbs whose landmarks are known; see knee_weights.cpp.
struct KneeWeights {
  std::array<float, kKneeFeatures> likeness;  ///< 1 at the knee, 0 elsewhere
  /// The step to the knee from a place near it: up, in mean radii, and round, in radians; ever finer.
  std::array<std::array<std::array<float, kKneeFeatures>, 2>, kKneeSteps> step;
  std::array<Landmark, kPlaces> place;
  std::array<double, kPlaces> nominal_angle;                 ///< from x towards y, anterior being y
  std::array<std::array<float, kFeatures>, kPlaces> height;  ///< over the knee's, in mean radii
  std::array<std::array<float, kFeatures>, kPlaces> angle;   ///< past the nominal one, radians
  /// Mean and inverse covariance, at true knees, of what the regressors say: likeness, all steps but the last, heights
  /// and angles of all places but the first.
  std::array<float, kSigns> signs_mean;
  std::array<std::array<float, kSigns>, kSigns> signs_inverse_covariance;
};

extern const KneeWeights kKneeWeights;

}  // namespace fit::detail
