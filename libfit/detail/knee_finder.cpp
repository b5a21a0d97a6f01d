#include "libfit/detail/knee_finder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "libfit/detail/knee_weights.h"

namespace fit::detail {

namespace {

constexpr double kLowestKneeMm = 40.0;
constexpr double kStartSpacingMm = 10.0;
constexpr int kStartAngles = 24;
constexpr int kStartsAHeight = 4;
constexpr double kLongestStep = 0.7;
constexpr int kLastSteps = 3;
constexpr std::size_t kMostKnees = 4;
constexpr double kSameHeightMm = 25.0;
constexpr double kSameAngle = 0.5;
constexpr std::array<double, kShaftLevels> kShaftShare{0.15, 0.3, 0.5, 0.7};

template <std::size_t N>
double dot(const std::array<float, N>& weights, const std::vector<double>& features) {
  double sum = 0.0;
  for (std::size_t i = 0; i < N; ++i) sum += weights[i] * features[i];
  return sum;
}

/// Mahalanobis distance of what the regressors say from what they say at true knees.
double misfit_of(const std::vector<double>& features) {
  std::array<double, kSigns> sign;
  int count = 0;
  sign[count++] = dot(kKneeWeights.likeness, features);
  for (int step = 0; step + 1 < kKneeSteps; ++step)
    for (const auto& weights : kKneeWeights.step[step]) sign[count++] = dot(weights, features);
  for (const auto* places : {&kKneeWeights.height, &kKneeWeights.angle})
    for (int i = 1; i < kPlaces; ++i) sign[count++] = dot((*places)[i], features);
  for (int i = 0; i < kSigns; ++i) sign[i] -= kKneeWeights.signs_mean[i];
  double square = 0.0;
  for (int i = 0; i < kSigns; ++i)
    for (int k = 0; k < kSigns; ++k) square += sign[i] * kKneeWeights.signs_inverse_covariance[i][k] * sign[k];
  return std::sqrt(std::max(0.0, square));
}

/// Appends the harmonics of a row, turned and over a radius: the real parts to `real`, the imaginary ones to
/// `imaginary`.
void append(const RadialMap::Harmonics& row, int orders, const std::complex<double>& turn, double radius,
            std::vector<double>& real, std::vector<double>& imaginary) {
  std::complex<double> turned = 1.0;
  for (int order = 0; order < orders; ++order, turned *= turn) {
    const std::complex<double> value = row[order] * turned / radius;
    real.push_back(value.real());
    if (order > 0) imaginary.push_back(value.imag());
  }
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
  const double radius = std::max(map.at(knee.height_mm)[0].real(), 1.0);
  const std::complex<double> turn = std::polar(1.0, knee.anterior_angle - std::numbers::pi / 2.0);
  std::vector<double> features;
  std::vector<double> imaginary;
  features.reserve(kFeatures);
  for (int level = 0; level < kKneeLevels; ++level) {
    const double wanted = knee.height_mm + (-1.6 + 0.2 * level) * radius;
    // Below an eighth of the way up the distal end rounds off, whatever the knee is like.
    const double height = std::min(std::max(wanted, 0.12 * knee.height_mm), map.highest_mm());
    append(map.at(height), kKneeOrders, turn, radius, features, imaginary);
  }
  features.insert(features.end(), imaginary.begin(), imaginary.end());
  features.push_back(1.0);
  imaginary.clear();
  for (double share : kShaftShare)
    append(map.at(share * knee.height_mm), kShaftOrders, turn, radius, features, imaginary);
  features.insert(features.end(), imaginary.begin(), imaginary.end());
  features.push_back(knee.height_mm / radius / 3.0);
  return features;
}

std::vector<Knee> find_knees(const RadialMap& map) {
  std::vector<Knee> found;
  for (Knee knee : starts(map)) {
    for (int step = 0; step < kKneeSteps; ++step) knee = stepped(map, knee, step);
    for (int i = 1; i < kLastSteps; ++i) knee = stepped(map, knee, kKneeSteps - 1);
    knee.misfit = misfit_of(knee_descriptor(map, knee));
    found.push_back(knee);
  }
  std::stable_sort(found.begin(), found.end(), [](const Knee& a, const Knee& b) { return a.misfit < b.misfit; });
  std::vector<Knee> apart;
  for (const Knee& knee : found) {
    const bool known = std::any_of(apart.begin(), apart.end(), [&](const Knee& other) {
      return std::abs(other.height_mm - knee.height_mm) < kSameHeightMm &&
             std::abs(std::remainder(other.anterior_angle - knee.anterior_angle, 2.0 * std::numbers::pi)) < kSameAngle;
    });
    if (!known) apart.push_back(knee);
    if (apart.size() == kMostKnees) break;
  }
  return apart;
}

Knee refine_knee(const RadialMap& map, Knee knee) {
  for (int i = 0; i < kLastSteps; ++i) knee = stepped(map, knee, kKneeSteps - 1);
  knee.misfit = misfit_of(knee_descriptor(map, knee));
  return knee;
}

Unsteadiness knee_unsteadiness(const RadialMap& map, const Knee& knee) {
  constexpr double kAsideMm = 12.0;
  constexpr double kAsideAngle = 0.2;
  const double radius = map.at(knee.height_mm)[0].real();
  Unsteadiness unsteadiness;
  for (const auto& [up, round] : {std::pair(kAsideMm, 0.0), std::pair(-kAsideMm, 0.0), std::pair(0.0, kAsideAngle),
                                  std::pair(0.0, -kAsideAngle)}) {
    const Knee end = refine_knee(map, {knee.height_mm + up, knee.anterior_angle + round});
    const double turned = std::remainder(end.anterior_angle - knee.anterior_angle, 2.0 * std::numbers::pi);
    unsteadiness.up_mm = std::max(unsteadiness.up_mm, std::abs(end.height_mm - knee.height_mm));
    unsteadiness.round_mm = std::max(unsteadiness.round_mm, radius * std::abs(turned));
  }
  return unsteadiness;
}

}  // namespace fit::detail
