#pragma once

#include <array>

namespace fit::detail {

constexpr int kKneeLevels = 9;      ///< from 1.5 mean radii below the knee to half a radius above, a quarter apart
constexpr int kKneeFeatures = 100;  ///< 6 real and 5 imaginary parts a level, and 1
constexpr int kKneeSteps = 4;
constexpr int kKneeSigns = 7;

/// Linear regressors learned by ridge regression.
struct KneeWeights {
  std::array<double, kKneeFeatures> likeness;  ///< 1 at the knee, 0 elsewhere
  /// The step to the knee from a place near it: up, in mean radii, and round, in radians; ever finer.
  std::array<std::array<std::array<double, kKneeFeatures>, 2>, kKneeSteps> step;
  /// Mean and inverse covariance of (likeness, first three steps) at true knees.
  std::array<double, kKneeSigns> signs_mean;
  std::array<std::array<double, kKneeSigns>, kKneeSigns> signs_inverse_covariance;
};

extern const KneeWeights kKneeWeights;

}  // namespace fit::detail
