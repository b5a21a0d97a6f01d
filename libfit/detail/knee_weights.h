#pragma once

#include <array>

#include "libfit/landmarks.h"

namespace fit::detail {

constexpr int kKneeLevels = 16;  ///< from 1.8 mean radii below the knee to 0.6 above, 0.16 apart
constexpr int kKneeOrders = 10;  ///< harmonics a level: the mean and nine more
constexpr int kShaftLevels = 4;  ///< 15, 30, 50 and 70 % of the way up to the knee
constexpr int kShaftOrders = 4;
/// The last two are the limb's length and how much of it is seen above the knee.
constexpr int kFeatures = kKneeLevels * (2 * kKneeOrders - 1) + kShaftLevels * (2 * kShaftOrders - 1) + 2;
constexpr int kComponents = 80;
constexpr int kPlaces = 10;
constexpr int kSurveyors = 3;

/// A network of one hidden layer of tanh over the components.
template <int Hidden, int Outputs>
struct Network {
  std::array<std::array<float, Hidden>, kComponents + 1> inner;  ///< by component; the last row is added
  std::array<std::array<float, Hidden + 1>, Outputs> outer;      ///< by output; the last of a row is added
};

using KneeNetwork = Network<40, 3>;
using Surveyor = Network<56, 3 * kPlaces>;

/// Networks learned from limbs whose landmarks are known; see knee_weights.cpp.
struct KneeWeights {
  std::array<float, kFeatures> mean;
  std::array<std::array<float, kComponents>, kFeatures> basis;  ///< by feature: components, each of deviation 1
  /// Log odds that the knee is near, and the move to it: up, in mean radii, and round, in radians.
  KneeNetwork finder;
  KneeNetwork refiner;  ///< the same from where the finder ends, of this being the knee
  std::array<Landmark, kPlaces> place;
  std::array<double, kPlaces> nominal_angle;  ///< from x towards y, anterior being y
  /// Heights of the places over the knee's, in mean radii; their angles past the nominal ones; the logarithm of how far
  /// they may be off, in mean radii.
  std::array<Surveyor, kSurveyors> surveyors;
};

extern const KneeWeights kKneeWeights;

}  // namespace fit::detail
