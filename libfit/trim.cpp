#include "libfit/trim.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "libfit/detail/open_edges.h"
#include "libfit/detail/placement.h"

namespace fit {

namespace {

constexpr std::size_t kSamples = 180;
constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr double kBeyondMm = 10.0;       ///< of the positive above the trimline
constexpr double kFlatBelowMm = 15.0;    ///< of a flat cut below the lowest place of the opening
constexpr double kMostLoweredMm = 25.0;  ///< more is another socket than the template's
constexpr double kLeastSocketMm = 20.0;
constexpr std::size_t kSpread = 10;  ///< samples on either side over which a lowering runs out: 20 deg

using Point = std::pair<double, double>;  ///< angle from anterior over lateral (rad), height (mm)

/// The angle of a sample as prosthetists count: from anterior over lateral.
double anatomical(double angle_rad, Side side) {
  const double angle = std::atan2(lateral_sign(side) * std::cos(angle_rad), std::sin(angle_rad));
  return angle < 0.0 ? angle + kTurn : angle;
}

const char* direction_of(double anatomical_rad) {
  constexpr std::array<const char*, 8> names{"anterior",  "anterolateral", "lateral", "posterolateral",
                                             "posterior", "posteromedial", "medial",  "anteromedial"};
  return names[static_cast<std::size_t>(std::lround(anatomical_rad / kTurn * 8.0)) % 8];
}

/// A smooth closed curve through points, never beyond the heights of the two points beside it
/// (F. N. Fritsch and J. Butland 1984).
double through(const std::vector<Point>& points, double angle) {
  const std::size_t n = points.size();
  const auto point = [&](long k) {
    const long turns = k < 0 ? -1 : k / static_cast<long>(n);
    const Point& p = points[static_cast<std::size_t>(k - turns * static_cast<long>(n))];
    return Point{p.first + static_cast<double>(turns) * kTurn, p.second};
  };
  const auto rise = [&](long k) {
    return (point(k + 1).second - point(k).second) / (point(k + 1).first - point(k).first);
  };
  const auto slope = [&](long k) {
    const double before = rise(k - 1), after = rise(k);
    if (before * after <= 0.0) return 0.0;
    const double a = point(k).first - point(k - 1).first, b = point(k + 1).first - point(k).first;
    const double share = (a + 2.0 * b) / (3.0 * (a + b));
    return before * after / (share * after + (1.0 - share) * before);
  };
  if (angle < points[0].first) angle += kTurn;
  long k = static_cast<long>(n) - 1;
  while (points[static_cast<std::size_t>(k)].first > angle) --k;
  const Point from = point(k), to = point(k + 1);
  const double width = to.first - from.first;
  const double t = (angle - from.first) / width;
  return from.second * (1.0 + 2.0 * t) * (1.0 - t) * (1.0 - t) + to.second * t * t * (3.0 - 2.0 * t) +
         width * t * (1.0 - t) * ((1.0 - t) * slope(k) - t * slope(k + 1));
}

void put_in_order(std::vector<Point>& points) {
  std::sort(points.begin(), points.end());
  if (points.size() < 3)
    throw Error(ErrorKind::bad_params, "The trimline has fewer than 3 points; give more, or a flat cut.");
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double gap = i == 0 ? points[0].first + kTurn - points.back().first : points[i].first - points[i - 1].first;
    if (!(gap > 1e-6)) throw Error(ErrorKind::bad_params, "The trimline has two points at one angle; remove one.");
  }
}

std::vector<Point> template_points(const Limb& limb, const Template& data, double raise_mm) {
  const detail::LimbSize size = detail::size_of(limb);
  std::vector<Point> points;
  for (const TrimPoint& point : data.trim_points) {
    const auto place = limb.landmarks.find(point.landmark);
    if (place == limb.landmarks.end())
      throw Error(ErrorKind::bad_input,
                  fmt::format("The template's trimline hangs on the landmark {}, which this limb does "
                              "not have; place it, or give a flat cut with trim_mm.",
                              name_of(point.landmark)));
    points.emplace_back(std::fmod(point.angle_deg, 360.0) / 360.0 * kTurn,
                        place->second.point_mm.z() + point.up_girth_fraction * size.girth_mm + raise_mm);
  }
  return points;
}

/// How high the positive reaches at each sample's angle: the lowest that its opening comes to there.
std::vector<double> reach_of(const Mesh& positive) {
  const double top = bounding_box(positive).highest.z();
  std::vector<double> reach(kSamples, 1e300);
  for (const auto& [from, to] : detail::open_edges(positive)) {
    const Eigen::Vector3d &a = positive.vertices[from], &b = positive.vertices[to];
    const double samples = static_cast<double>(kSamples);
    const double start = std::atan2(a.y(), a.x()) / kTurn * samples;
    double turn = std::atan2(b.y(), b.x()) / kTurn * samples - start;
    turn -= samples * std::round(turn / samples);
    const double first = std::min(start, start + turn), last = std::max(start, start + turn);
    for (long k = std::lround(std::floor(first)); k <= std::lround(std::ceil(last)); ++k) {
      const double t = turn == 0.0 ? 0.0 : std::clamp((static_cast<double>(k) - start) / turn, 0.0, 1.0);
      const long n = static_cast<long>(kSamples);
      double& height = reach[static_cast<std::size_t>(((k % n) + n) % n)];
      height = std::min(height, a.z() + t * (b.z() - a.z()));
    }
  }
  // Angles at which no edge was met: the opening does not go round the axis there, and its lowest place counts.
  const double lowest = std::min(top, *std::min_element(reach.begin(), reach.end()));
  for (double& height : reach)
    if (height > top) height = lowest;
  return reach;
}

/// The smallest smooth curve that is nowhere below `least`: the largest nearby, averaged over as many samples.
std::vector<double> smooth_over(const std::vector<double>& least) {
  const std::size_t n = least.size();
  std::vector<double> result(n, 0.0);
  std::vector<double> largest(n, 0.0);
  const auto each_near = [&](std::size_t k, auto&& visit) {
    for (std::size_t i = 0; i <= 2 * kSpread; ++i) visit((k + n + i - kSpread) % n, i);
  };
  for (std::size_t k = 0; k < n; ++k)
    each_near(k, [&](std::size_t i, std::size_t) { largest[k] = std::max(largest[k], least[i]); });
  for (std::size_t k = 0; k < n; ++k) {
    double weights = 0.0;
    each_near(k, [&](std::size_t i, std::size_t place) {
      const double x = (static_cast<double>(place) - kSpread) / (kSpread + 1.0);
      const double weight = (1.0 - x * x) * (1.0 - x * x);
      result[k] += weight * largest[i];
      weights += weight;
    });
    result[k] /= weights;
  }
  return result;
}

Eigen::Vector3d place_at(const Mesh& positive, std::size_t sample, double height) {
  const double angle = kTurn * static_cast<double>(sample) / kSamples;
  const Box box = bounding_box(positive);
  const double radius = 0.25 * (box.size().x() + box.size().y());
  return {radius * std::cos(angle), radius * std::sin(angle), height};
}

/// Lowers a template's trimline below what the scan reaches, and says so.
void lower(const Mesh& positive, const std::vector<double>& reach, Side side, Trimmed& trimmed) {
  std::vector<double>& height = trimmed.trimline.height_mm;
  std::vector<double> excess(height.size());
  for (std::size_t k = 0; k < height.size(); ++k) excess[k] = std::max(0.0, height[k] - (reach[k] - kBeyondMm));
  const auto worst = static_cast<std::size_t>(std::max_element(excess.begin(), excess.end()) - excess.begin());
  if (!(excess[worst] > 0.0)) return;
  const std::vector<double> lowering = smooth_over(excess);
  for (std::size_t k = 0; k < height.size(); ++k) height[k] -= lowering[k];
  trimmed.findings.push_back(
      {"trimline_lowered",
       excess[worst] > kMostLoweredMm ? Severity::forbid : Severity::warn,
       {{"lowered_mm", excess[worst], {}},
        {"place", 0.0, direction_of(anatomical(kTurn * static_cast<double>(worst) / kSamples, side))}},
       place_at(positive, worst, reach[worst])});
}

/// What a person set is not moved: it fits, or it is refused.
void refuse_beyond(const std::vector<double>& height, const std::vector<double>& reach, Side side) {
  std::size_t worst = 0;
  for (std::size_t k = 0; k < height.size(); ++k)
    if (height[k] - reach[k] > height[worst] - reach[worst]) worst = k;
  if (height[worst] <= reach[worst] - kBeyondMm) return;
  throw Error(
      ErrorKind::bad_params,
      fmt::format(
          "The trimline asked for lies at {:.1f} mm on the {} side and the scan ends at {:.1f} mm there; set it "
          "at least {:g} mm below the end of the scan.",
          height[worst], direction_of(anatomical(kTurn * static_cast<double>(worst) / kSamples, side)), reach[worst],
          kBeyondMm));
}

void say_low(const Mesh& positive, const Limb& limb, Trimmed& trimmed) {
  const auto tubercle = limb.landmarks.find(Landmark::tibial_tubercle);
  if (limb.level != Level::transtibial || tubercle == limb.landmarks.end()) return;
  const std::vector<double>& height = trimmed.trimline.height_mm;
  const auto lowest = static_cast<std::size_t>(std::min_element(height.begin(), height.end()) - height.begin());
  const double below = tubercle->second.point_mm.z() - height[lowest];
  if (below <= 0.0) return;
  trimmed.findings.push_back(
      {"trimline_low",
       Severity::forbid,
       {{"below_mm", below, {}},
        {"place", 0.0, direction_of(anatomical(kTurn * static_cast<double>(lowest) / kSamples, limb.side))}},
       place_at(positive, lowest, height[lowest])});
}

}  // namespace

double Trimline::height_at(double angle_rad) const {
  const double n = static_cast<double>(height_mm.size());
  double turns = angle_rad / kTurn;
  turns -= std::floor(turns);
  const double place = turns * n;
  const std::size_t k = std::min(static_cast<std::size_t>(place), height_mm.size() - 1);
  const double t = place - static_cast<double>(k);
  const auto at = [&](std::size_t i) { return height_mm[i % height_mm.size()]; };
  const double a = at(k + height_mm.size() - 1), b = at(k), c = at(k + 1), d = at(k + 2);
  return b + 0.5 * t * ((c - a) + t * ((2.0 * a - 5.0 * b + 4.0 * c - d) + t * (3.0 * (b - c) + d - a)));
}

Trimmed trim(const Mesh& positive, const Limb& limb, const Template& rectification, const TrimParams& params,
             const Progress& progress) {
  progress(0.0);
  validate(params);
  if (positive.triangles.empty()) throw Error(ErrorKind::bad_input, "The positive has no surface to trim.");
  const std::vector<double> reach = reach_of(positive);
  const double bottom = bounding_box(limb.surface).lowest.z();
  const double lowest_reach = *std::min_element(reach.begin(), reach.end());
  if (lowest_reach - kFlatBelowMm < bottom + kLeastSocketMm)
    throw Error(ErrorKind::bad_input,
                fmt::format("The scan reaches {:.1f} mm above its distal end at its shortest place; a "
                            "socket needs at least {:g} mm.",
                            lowest_reach - bottom, kLeastSocketMm + kFlatBelowMm));

  std::vector<Point> points;
  for (const TrimlinePoint& point : params.trimline_points)
    points.emplace_back(std::fmod(point.angle_deg, 360.0) / 360.0 * kTurn, bottom + point.height_mm);
  const bool by_person = params.trim_mm || !points.empty();
  if (!by_person) points = template_points(limb, rectification, params.trim_raise_mm);

  Trimmed trimmed;
  std::vector<double>& height = trimmed.trimline.height_mm;
  if (params.trim_mm) {
    height.assign(kSamples, bottom + *params.trim_mm);
  } else if (points.empty()) {
    height.assign(kSamples, lowest_reach - kFlatBelowMm);
  } else {
    put_in_order(points);
    for (std::size_t k = 0; k < kSamples; ++k)
      height.push_back(through(points, anatomical(kTurn * static_cast<double>(k) / kSamples, limb.side)));
  }
  progress(0.5);
  if (by_person) {
    refuse_beyond(height, reach, limb.side);
  } else {
    lower(positive, reach, limb.side, trimmed);
  }
  if (*std::min_element(height.begin(), height.end()) < bottom + kLeastSocketMm)
    throw Error(
        by_person ? ErrorKind::bad_params : ErrorKind::bad_input,
        fmt::format("The trimline comes within {:g} mm of the distal end; check the landmarks, or set it higher.",
                    kLeastSocketMm));
  say_low(positive, limb, trimmed);
  progress(1.0);
  return trimmed;
}

}  // namespace fit
