#include "libfit/detail/knee_finder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/detail/knee_weights.h"

namespace fit::detail {

namespace {

constexpr double kLowestKneeMm = 40.0;
constexpr double kStartSpacingMm = 10.0;
constexpr int kStartAngles = 24;
constexpr int kStartsAHeight = 4;
constexpr double kLongestStep = 0.7;
constexpr int kLastSteps = 3;

double dot(const std::array<double, kKneeFeatures>& weights, const std::vector<double>& features) {
  double sum = 0.0;
  for (int i = 0; i < kKneeFeatures; ++i) sum += weights[i] * features[i];
  return sum;
}

double misfit(const std::vector<double>& features) {
  std::array<double, kKneeSigns> sign;
  sign[0] = dot(kKneeWeights.likeness, features);
  for (int i = 1; i < kKneeSigns; ++i) sign[i] = dot(kKneeWeights.step[(i - 1) / 2][(i - 1) % 2], features);
  for (int i = 0; i < kKneeSigns; ++i) sign[i] -= kKneeWeights.signs_mean[i];
  double square = 0.0;
  for (int i = 0; i < kKneeSigns; ++i)
    for (int k = 0; k < kKneeSigns; ++k) square += sign[i] * kKneeWeights.signs_inverse_covariance[i][k] * sign[k];
  return std::sqrt(std::max(0.0, square));
}

Knee stepped(const RadialMap& map, Knee knee, int step) {
  const std::vector<double> features = knee_descriptor(map, knee);
  const double radius = map.at(knee.height_mm)[0].real();
  const double up = std::clamp(dot(kKneeWeights.step[step][0], features), -kLongestStep, kLongestStep);
  const double round = std::clamp(dot(kKneeWeights.step[step][1], features), -kLongestStep, kLongestStep);
  knee.height_mm = std::min(std::max(knee.height_mm + up * radius, kLowestKneeMm), map.highest_mm());
  knee.anterior_angle = std::remainder(knee.anterior_angle + round, 2.0 * std::numbers::pi);
  return knee;
}

std::vector<Knee> starts(const RadialMap& map) {
  std::vector<Knee> result;
  for (double height = kLowestKneeMm + kStartSpacingMm; height < map.highest_mm() - 4.0; height += kStartSpacingMm) {
    std::vector<std::pair<double, Knee>> round;
    for (int i = 0; i < kStartAngles; ++i) {
      const Knee knee{height, 2.0 * std::numbers::pi * i / kStartAngles};
      round.emplace_back(dot(kKneeWeights.likeness, knee_descriptor(map, knee)), knee);
    }
    std::stable_sort(round.begin(), round.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (int i = 0; i < kStartsAHeight; ++i) result.push_back(round[i].second);
  }
  return result;
}

}  // namespace

std::vector<double> knee_descriptor(const RadialMap& map, const Knee& knee) {
  const double radius = map.at(knee.height_mm)[0].real();
  const std::complex<double> turn = std::polar(1.0, knee.anterior_angle - std::numbers::pi / 2.0);
  constexpr int kOrders = RadialMap::kHarmonics;
  std::vector<double> features(kKneeFeatures, 1.0);
  for (int level = 0; level < kKneeLevels; ++level) {
    const double wanted = knee.height_mm + (-1.5 + 0.25 * level) * radius;
    // Below an eighth of the way up the distal end rounds off, whatever the knee is like.
    const double height = std::min(std::max(wanted, 0.12 * knee.height_mm), map.highest_mm());
    const RadialMap::Harmonics row = map.at(height);
    std::complex<double> turned = 1.0;
    for (int order = 0; order < kOrders; ++order, turned *= turn) {
      const std::complex<double> value = row[order] * turned / std::max(radius, 1.0);
      features[level * kOrders + order] = value.real();
      if (order > 0) features[kKneeLevels * kOrders + level * (kOrders - 1) + order - 1] = value.imag();
    }
  }
  return features;
}

Knee find_knee(const RadialMap& map) {
  Knee best{map.highest_mm(), 0.0, 1e300};
  for (Knee knee : starts(map)) {
    for (int step = 0; step < kKneeSteps; ++step) knee = stepped(map, knee, step);
    for (int i = 1; i < kLastSteps; ++i) knee = stepped(map, knee, kKneeSteps - 1);
    knee.misfit = misfit(knee_descriptor(map, knee));
    if (knee.misfit < best.misfit) best = knee;
  }
  return best;
}

Knee refine_knee(const RadialMap& map, Knee knee) {
  for (int i = 0; i < kLastSteps; ++i) knee = stepped(map, knee, kKneeSteps - 1);
  knee.misfit = misfit(knee_descriptor(map, knee));
  return knee;
}

}  // namespace fit::detail
