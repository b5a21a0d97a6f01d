#include "libfit/detail/knee_finder.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace fit::detail {

namespace {

constexpr double kLowestKneeMm = 40.0;
constexpr double kStartSpacingMm = 10.0;
constexpr int kStartAngles = 24;
constexpr int kStartsAHeight = 4;
constexpr double kLongestMove = 0.7;
constexpr int kFinderMoves = 3;
constexpr int kRefinerMoves = 3;
constexpr std::size_t kMostKnees = 4;
constexpr double kSameHeightMm = 25.0;
constexpr double kSameAngle = 0.5;
constexpr float kFarthestComponent = 6.0f;
constexpr std::array<double, kShaftLevels> kShaftShare{0.15, 0.3, 0.5, 0.7};

/// Appends the harmonics of a row, turned and over a radius: the real parts to `real`, the imaginary ones to
/// `imaginary`.
void append(const RadialMap::Harmonics& row, int orders, const std::complex<double>& turn, double radius,
            std::vector<float>& real, std::vector<float>& imaginary) {
  std::complex<double> turned = 1.0;
  for (int order = 0; order < orders; ++order, turned *= turn) {
    const std::complex<double> value = row[order] * turned / radius;
    real.push_back(static_cast<float>(value.real()));
    if (order > 0) imaginary.push_back(static_cast<float>(value.imag()));
  }
}

std::vector<float> knee_features(const RadialMap& map, const Knee& knee) {
  const double radius = std::max(map.at(knee.height_mm)[0].real(), 1.0);
  const std::complex<double> turn = std::polar(1.0, knee.anterior_angle - std::numbers::pi / 2.0);
  std::vector<float> features;
  std::vector<float> imaginary;
  features.reserve(kFeatures);
  for (int level = 0; level < kKneeLevels; ++level) {
    const double wanted = knee.height_mm + (-1.8 + 0.16 * level) * radius;
    // Below an eighth of the way up the distal end rounds off, whatever the knee is like.
    const double height = std::min(std::max(wanted, 0.12 * knee.height_mm), map.highest_mm());
    append(map.at(height), kKneeOrders, turn, radius, features, imaginary);
  }
  features.insert(features.end(), imaginary.begin(), imaginary.end());
  imaginary.clear();
  for (double share : kShaftShare)
    append(map.at(share * knee.height_mm), kShaftOrders, turn, radius, features, imaginary);
  features.insert(features.end(), imaginary.begin(), imaginary.end());
  features.push_back(static_cast<float>(knee.height_mm / radius / 3.0));
  features.push_back(static_cast<float>(std::clamp((map.highest_mm() - knee.height_mm) / radius, 0.0, 1.0)));
  return features;
}

Knee moved(const RadialMap& map, Knee knee, const KneeNetwork& network) {
  const std::array<double, 3> said = said_by(network, knee_view(map, knee));
  const double radius = map.at(knee.height_mm)[0].real();
  const double up = std::clamp(said[1], -kLongestMove, kLongestMove);
  const double round = std::clamp(said[2], -kLongestMove, kLongestMove);
  knee.height_mm = std::min(std::max(knee.height_mm + up * radius, kLowestKneeMm), map.highest_mm());
  knee.anterior_angle = std::remainder(knee.anterior_angle + round, 2.0 * std::numbers::pi);
  return knee;
}

std::vector<Knee> starts(const RadialMap& map) {
  std::vector<Knee> result;
  for (double height = kLowestKneeMm + kStartSpacingMm; height < map.highest_mm() - 4.0; height += kStartSpacingMm) {
    std::vector<Knee> round;
    for (int i = 0; i < kStartAngles; ++i) {
      Knee knee{height, 2.0 * std::numbers::pi * i / kStartAngles};
      knee.log_odds = said_by(kKneeWeights.finder, knee_view(map, knee))[0];
      round.push_back(knee);
    }
    std::stable_sort(round.begin(), round.end(), [](const Knee& a, const Knee& b) { return a.log_odds > b.log_odds; });
    result.insert(result.end(), round.begin(), round.begin() + kStartsAHeight);
  }
  return result;
}

}  // namespace

template <int Hidden, int Outputs>
std::array<double, Outputs> said_by(const Network<Hidden, Outputs>& network, const KneeView& view) {
  std::array<float, Hidden> sum = network.inner[kComponents];
  for (int k = 0; k < kComponents; ++k)
    for (int i = 0; i < Hidden; ++i) sum[i] += network.inner[k][i] * view[k];
  std::array<double, Hidden> hidden;
  for (int i = 0; i < Hidden; ++i) hidden[i] = std::tanh(static_cast<double>(sum[i]));
  std::array<double, Outputs> said;
  for (int i = 0; i < Outputs; ++i) {
    said[i] = network.outer[i][Hidden];
    for (int k = 0; k < Hidden; ++k) said[i] += network.outer[i][k] * hidden[k];
  }
  return said;
}

template std::array<double, 3> said_by<40, 3>(const KneeNetwork&, const KneeView&);
template std::array<double, 3 * kPlaces> said_by<56, 3 * kPlaces>(const Surveyor&, const KneeView&);

KneeView knee_view(const RadialMap& map, const Knee& knee) {
  const std::vector<float> features = knee_features(map, knee);
  KneeView view{};
  for (int k = 0; k < kFeatures; ++k) {
    const float feature = features[k] - kKneeWeights.mean[k];
    for (int i = 0; i < kComponents; ++i) view[i] += kKneeWeights.basis[k][i] * feature;
  }
  for (float& component : view) component = std::clamp(component, -kFarthestComponent, kFarthestComponent);
  return view;
}

std::vector<Knee> find_knees(const RadialMap& map) {
  std::vector<Knee> found;
  for (Knee knee : starts(map)) {
    for (int i = 0; i < kFinderMoves; ++i) knee = moved(map, knee, kKneeWeights.finder);
    found.push_back(refine_knee(map, knee));
  }
  std::stable_sort(found.begin(), found.end(), [](const Knee& a, const Knee& b) { return a.log_odds > b.log_odds; });
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
  for (int i = 0; i < kRefinerMoves; ++i) knee = moved(map, knee, kKneeWeights.refiner);
  knee.log_odds = said_by(kKneeWeights.refiner, knee_view(map, knee))[0];
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
