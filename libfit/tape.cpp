#include "libfit/tape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "libfit/measure.h"

namespace fit {

namespace {

constexpr double kLeastFactor = 0.90, kMostFactor = 1.10;
constexpr double kLeastUsual = 0.97, kMostUsual = 1.03;
constexpr double kStationOff = 0.02;
constexpr int kFactorSteps = 12;

double tendon_height(const Limb& limb) {
  const auto tendon = limb.landmarks.find(Landmark::mid_patellar_tendon);
  if (tendon == limb.landmarks.end())
    throw Error(ErrorKind::bad_input,
                "The tape is measured from the mid-patellar tendon, and the limb has none; place it.");
  return tendon->second.point_mm.z();
}

std::vector<TapeStation> stations_of(const TapeParams& params, ScannedOver scanned_over, double liner_mm) {
  // A liner lies all round: it adds its thickness to the radius.
  const double liner_girth = 2.0 * std::numbers::pi * liner_mm;
  const double added = params.tape_over == TapeOver::liner ? (scanned_over == ScannedOver::skin ? -liner_girth : 0.0)
                                                           : (scanned_over == ScannedOver::liner ? liner_girth : 0.0);
  std::vector<TapeStation> stations;
  for (const TapeGirth& girth : params.tape) stations.push_back({girth.below_mpt_mm, girth.girth_mm + added, 0.0, 0.0});
  std::stable_sort(stations.begin(), stations.end(),
                   [](const TapeStation& a, const TapeStation& b) { return a.below_mpt_mm < b.below_mpt_mm; });
  for (std::size_t i = 1; i < stations.size(); ++i)
    if (stations[i].below_mpt_mm - stations[i - 1].below_mpt_mm < 1.0)
      throw Error(ErrorKind::bad_params,
                  fmt::format("The tape has two girths {:g} mm below the mid-patellar tendon; keep one.",
                              stations[i].below_mpt_mm));
  return stations;
}

/// The scan's girths where the stations lie when the limb is `factor` times as large.
std::vector<double> girths_at(const Limb& limb, const std::vector<TapeStation>& stations, double factor) {
  const double tendon = tendon_height(limb);
  const double top = top_mm(limb.surface);
  const double distal = bounding_box(limb.surface).lowest.z();
  std::vector<double> heights;
  for (const TapeStation& station : stations) {
    const double height = tendon - station.below_mpt_mm / factor;
    if (!(height > distal && height <= top))
      throw Error(
          ErrorKind::bad_params,
          fmt::format(
              "The tape has a girth {:g} mm below the mid-patellar tendon, where the scan has no whole cross-section: "
              "it reaches from {:.0f} mm below to {:.0f} mm above; correct or leave out that girth.",
              station.below_mpt_mm, tendon - distal, top - tendon));
    heights.push_back(height);
  }
  std::vector<double> girths;
  for (const Slice& slice : measure_at(limb.surface, heights)) girths.push_back(slice.girth_mm);
  return girths;
}

void check_factor(double factor, const std::string& where, Findings& findings) {
  if (!(factor >= kLeastFactor && factor <= kMostFactor))
    throw Error(ErrorKind::bad_input, fmt::format("The tape and the scan differ by {:+.1f} %{}, and more than 10 % is "
                                                  "not a scanner's error; check the tape's levels, "
                                                  "the unit of the scan, and whether each was over skin or liner.",
                                                  100.0 * (factor - 1.0), where));
  if (factor < kLeastUsual || factor > kMostUsual)
    findings.push_back({"tape_factor_large",
                        Severity::warn,
                        {{"change_percent", 100.0 * (factor - 1.0), ""},
                         {"where", 0.0, where.empty() ? "as a whole" : where.substr(1)}},
                        {}});
}

/// Least squares of factor * girth against the tape. The stations move along the limb with the factor, so again and
/// again.
double fitted_factor(const Limb& limb, std::vector<TapeStation>& stations, const Progress& progress) {
  double factor = 1.0;
  for (int i = 0; i < kFactorSteps; ++i) {
    progress(static_cast<double>(i) / kFactorSteps);
    const std::vector<double> girths = girths_at(limb, stations, std::clamp(factor, 0.8, 1.25));
    double both = 0.0;
    double square = 0.0;
    for (std::size_t k = 0; k < stations.size(); ++k) {
      if (i == 0) stations[k].scan_mm = girths[k];
      both += girths[k] * stations[k].tape_mm;
      square += girths[k] * girths[k];
      stations[k].scaled_mm = factor * girths[k];
    }
    const double next = both / square;
    if (std::abs(next - factor) < 1e-9) break;
    factor = next;
  }
  return factor;
}

ScaledToTape by_one_factor(const Limb& limb, std::vector<TapeStation> stations, const Progress& progress) {
  ScaledToTape result;
  result.limb = limb;
  result.factor = fitted_factor(limb, stations, progress);
  check_factor(result.factor, "", result.findings);
  for (Eigen::Vector3d& vertex : result.limb.surface.vertices) vertex *= result.factor;
  for (auto& [landmark, place] : result.limb.landmarks) place.point_mm *= result.factor;
  const std::vector<double> girths = girths_at(limb, stations, result.factor);
  const TapeStation* worst = nullptr;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    stations[i].scaled_mm = result.factor * girths[i];
    const auto off = [](const TapeStation& s) { return std::abs(s.scaled_mm / s.tape_mm - 1.0); };
    if (off(stations[i]) > kStationOff && (!worst || off(stations[i]) > off(*worst))) worst = &stations[i];
  }
  if (worst)
    result.findings.push_back({"tape_station_off",
                               Severity::warn,
                               {{"below_mm", worst->below_mpt_mm, ""},
                                {"off_percent", 100.0 * (worst->scaled_mm / worst->tape_mm - 1.0), ""}},
                               {}});
  result.stations = std::move(stations);
  return result;
}

/// A monotone cubic through ascending places, constant beyond the ends.
class MonotoneCubic {
 public:
  MonotoneCubic(std::vector<double> at, std::vector<double> value) : at_(std::move(at)), value_(std::move(value)) {
    const std::size_t count = at_.size();
    std::vector<double> secant;
    for (std::size_t i = 1; i < count; ++i) secant.push_back((value_[i] - value_[i - 1]) / (at_[i] - at_[i - 1]));
    // Flat at the ends, so that what goes on constant has no crease; inside, the harmonic mean of Fritsch and Butland
    // 1984.
    slope_.assign(count, 0.0);
    for (std::size_t i = 1; i + 1 < count; ++i)
      if (secant[i - 1] * secant[i] > 0.0) slope_[i] = 2.0 * secant[i - 1] * secant[i] / (secant[i - 1] + secant[i]);
  }

  double operator()(double place) const {
    if (place <= at_.front()) return value_.front();
    if (place >= at_.back()) return value_.back();
    const std::size_t i = static_cast<std::size_t>(std::upper_bound(at_.begin(), at_.end(), place) - at_.begin()) - 1;
    const double span = at_[i + 1] - at_[i];
    const double t = (place - at_[i]) / span;
    return (1.0 + 2.0 * t) * (1.0 - t) * (1.0 - t) * value_[i] + t * (1.0 - t) * (1.0 - t) * span * slope_[i] +
           t * t * (3.0 - 2.0 * t) * value_[i + 1] + t * t * (t - 1.0) * span * slope_[i + 1];
  }

 private:
  std::vector<double> at_, value_, slope_;
};

ScaledToTape graded(const Limb& limb, std::vector<TapeStation> stations) {
  ScaledToTape result;
  result.limb = limb;
  const std::vector<double> girths = girths_at(limb, stations, 1.0);
  const double tendon = tendon_height(limb);
  std::vector<double> heights(stations.size());
  std::vector<double> factors(stations.size());
  result.factor = 0.0;
  for (std::size_t i = 0; i < stations.size(); ++i) {
    const std::size_t ascending = stations.size() - 1 - i;
    stations[i].scan_mm = girths[i];
    heights[ascending] = tendon - stations[i].below_mpt_mm;
    factors[ascending] = stations[i].tape_mm / girths[i];
    check_factor(factors[ascending], fmt::format(" {:g} mm below the mid-patellar tendon", stations[i].below_mpt_mm),
                 result.findings);
    result.factor += factors[ascending] / static_cast<double>(stations.size());
  }
  const MonotoneCubic factor(heights, factors);
  const auto scale = [&](Eigen::Vector3d& point) { point.head<2>() *= factor(point.z()); };
  for (Eigen::Vector3d& vertex : result.limb.surface.vertices) scale(vertex);
  for (auto& [landmark, place] : result.limb.landmarks) scale(place.point_mm);
  const std::vector<double> after = girths_at(result.limb, stations, 1.0);
  for (std::size_t i = 0; i < stations.size(); ++i) stations[i].scaled_mm = after[i];
  result.stations = std::move(stations);
  return result;
}

}  // namespace

ScaledToTape scale_to_tape(const Limb& limb, const TapeParams& params, ScannedOver scanned_over, double liner_mm,
                           const Progress& progress) {
  validate(params);
  progress(0.0);
  if (params.tape.empty()) return {limb, 1.0, {}, {}};
  if (!(liner_mm >= 0.0 && liner_mm <= 50.0))
    throw Error(ErrorKind::bad_params, fmt::format("liner_mm is {:g}; it must lie between 0 and 50.", liner_mm));
  std::vector<TapeStation> stations = stations_of(params, scanned_over, liner_mm);
  for (const TapeStation& station : stations)
    if (!(station.tape_mm > 0.0))
      throw Error(
          ErrorKind::bad_params,
          fmt::format("The girth {:g} mm below the mid-patellar tendon is smaller than the liner alone; correct it.",
                      station.below_mpt_mm));
  ScaledToTape result = params.tape_scaling == TapeScaling::one_factor
                            ? by_one_factor(limb, std::move(stations), progress)
                            : graded(limb, std::move(stations));
  result.findings.insert(result.findings.begin(), {"tape_scaled",
                                                   Severity::note,
                                                   {{"change_percent", 100.0 * (result.factor - 1.0), ""},
                                                    {"stations", static_cast<double>(result.stations.size()), ""}},
                                                   {}});
  progress(1.0);
  return result;
}

}  // namespace fit
