#include "scanners/unseen.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include "scanners/detail/vertex_quality.h"

namespace fit {

namespace {

constexpr double slice_mm = 8.0;
constexpr int sectors = 36;
constexpr int rings = 6;  // of the half ball, 15 degrees each
constexpr std::size_t fewest_in_slice = 20;
constexpr double little_percent = 3.0;  // less than this is the rim's and the grid's own raggedness
constexpr double one_sided = 0.3;       // of the unseen area, its middle: less lies all round
constexpr double end_matters_percent = 15.0;

struct Circle {
  Eigen::Vector2d center;
  double radius = 0.0;
};

/// The limb upright: z from the distal end up.
struct Upright {
  std::vector<Eigen::Vector3d> points;
  Eigen::Matrix3d world_from_upright;
  double length = 0.0;
};

/// Of an arc, the middle is that of its circle, not that of its points (Kasa 1976).
std::optional<Circle> circle_through(const std::vector<Eigen::Vector2d>& points) {
  if (points.size() < fewest_in_slice) return {};
  Eigen::Matrix3d a = Eigen::Matrix3d::Zero();
  Eigen::Vector3d b = Eigen::Vector3d::Zero();
  for (const auto& p : points) {
    const Eigen::Vector3d row(p.x(), p.y(), 1.0);
    a += row * row.transpose();
    b += row * p.squaredNorm();
  }
  const Eigen::Vector3d s = a.ldlt().solve(b);
  const Eigen::Vector2d center = 0.5 * s.head<2>();
  const double square = s.z() + center.squaredNorm();
  if (!(square > 0)) return {};
  return Circle{center, std::sqrt(square)};
}

std::size_t sector_of(const Eigen::Vector2d& from, int count) {
  return static_cast<std::size_t>((std::atan2(from.y(), from.x()) / (2 * std::numbers::pi) + 0.5) * (count - 1e-6));
}

/// Length of open rim near the low and the high end along `axis`.
std::pair<double, double> rims_of(const Mesh& mesh, const Eigen::Vector3d& axis, double low, double high) {
  std::pair<double, double> rims{0, 0};
  for (const auto& loop : boundary_loops(mesh))
    for (std::size_t i = 0; i < loop.size(); ++i) {
      const auto& a = mesh.vertices[static_cast<std::size_t>(loop[i])];
      const auto& b = mesh.vertices[static_cast<std::size_t>(loop[(i + 1) % loop.size()])];
      const double share = (0.5 * (a + b).dot(axis) - low) / (high - low);
      if (share < 0.25) rims.first += (b - a).norm();
      if (share > 0.75) rims.second += (b - a).norm();
    }
  return rims;
}

Upright upright_of(const Mesh& mesh) {
  Eigen::Vector3d axis = long_axis(mesh);
  double low = 1e300, high = -1e300;
  for (const auto& p : mesh.vertices) low = std::min(low, p.dot(axis)), high = std::max(high, p.dot(axis));
  const auto [rim_low, rim_high] = rims_of(mesh, axis, low, high);
  if (rim_low > rim_high) {
    axis = -axis;
    low = -high;
  }
  Upright upright;
  upright.world_from_upright.col(2) = axis;
  upright.world_from_upright.col(0) = axis.unitOrthogonal();
  upright.world_from_upright.col(1) = axis.cross(Eigen::Vector3d(upright.world_from_upright.col(0)));
  for (const auto& p : mesh.vertices) {
    upright.points.push_back(upright.world_from_upright.transpose() * p);
    upright.points.back().z() -= low;
    upright.length = std::max(upright.length, upright.points.back().z());
  }
  return upright;
}

std::vector<std::vector<Eigen::Vector2d>> slices_of(const Upright& upright) {
  std::vector<std::vector<Eigen::Vector2d>> slices(
      static_cast<std::size_t>(std::max(1.0, std::floor(upright.length / slice_mm))));
  for (const auto& p : upright.points)
    slices[std::min(slices.size() - 1, static_cast<std::size_t>(p.z() / slice_mm))].push_back(p.head<2>());
  return slices;
}

struct Area {
  double all = 0.0;
  double unseen = 0.0;
  Eigen::Vector2d toward = Eigen::Vector2d::Zero();  ///< of the unseen, outward, by its area
};

/// The slices from `first` on.
Area sides_of(const std::vector<std::vector<Eigen::Vector2d>>& slices, std::size_t first) {
  Area area;
  for (std::size_t s = first; s < slices.size(); ++s) {
    const auto circle = circle_through(slices[s]);
    if (!circle) continue;
    std::vector<std::uint8_t> hit(sectors, 0);
    for (const auto& p : slices[s]) hit[sector_of(p - circle->center, sectors)] = 1;
    const double piece = 2 * std::numbers::pi * circle->radius / sectors * slice_mm;
    for (int k = 0; k < sectors; ++k) {
      area.all += piece;
      if (hit[static_cast<std::size_t>(k)]) continue;
      area.unseen += piece;
      const double angle = 2 * std::numbers::pi * ((k + 0.5) / sectors - 0.5);
      area.toward += piece * Eigen::Vector2d(std::cos(angle), std::sin(angle));
    }
  }
  return area;
}

/// How high above the lowest points the middle of the half ball lies that they are a part of: its radius where they are
/// its pole, nothing where they are the rim of a cut straight across.
double middle_of_end(const Upright& upright, const Circle& circle) {
  constexpr double lowest_mm = 3.0;
  std::vector<double> away;
  for (const auto& p : upright.points)
    if (p.z() < lowest_mm) away.push_back((p.head<2>() - circle.center).norm());
  const auto middle = away.begin() + static_cast<std::ptrdiff_t>(away.size() / 2);
  std::nth_element(away.begin(), middle, away.end());
  const double rim = std::min(*middle, circle.radius);
  return std::sqrt(circle.radius * circle.radius - rim * rim);
}

/// The half ball that closes the limb below `circle`.
Area end_of(const Upright& upright, const Circle& circle) {
  const double middle = middle_of_end(upright, circle);
  constexpr double step = 0.5 * std::numbers::pi / rings;
  const auto around = [](int ring) {
    return std::max(1, static_cast<int>(std::lround(24 * std::sin((ring + 0.5) * step))));
  };
  std::vector<std::vector<std::uint8_t>> hit;
  for (int ring = 0; ring < rings; ++ring) hit.emplace_back(around(ring), std::uint8_t{0});
  for (const auto& p : upright.points) {
    const Eigen::Vector3d from(p.x() - circle.center.x(), p.y() - circle.center.y(), p.z() - middle);
    if (from.z() > 0) continue;
    const int ring = std::min(rings - 1, static_cast<int>(std::atan2(from.head<2>().norm(), -from.z()) / step));
    hit[static_cast<std::size_t>(ring)][sector_of(from.head<2>(), around(ring))] = 1;
  }
  Area area;
  for (int ring = 0; ring < rings; ++ring) {
    const double piece = 2 * std::numbers::pi * circle.radius * circle.radius *
                         (std::cos(ring * step) - std::cos((ring + 1) * step)) / around(ring);
    for (const std::uint8_t seen : hit[static_cast<std::size_t>(ring)]) {
      area.all += piece;
      if (!seen) area.unseen += piece;
    }
  }
  return area;
}

/// The side on which most is missing, in words of the first frame.
void name_side(const Eigen::Vector3d& toward, Unseen& unseen) {
  Eigen::Index most = 0;
  toward.cwiseAbs().maxCoeff(&most);
  const bool positive = toward[most] > 0;
  const auto say = [&](const char* where, const char* advice) {
    unseen.where = where;
    unseen.advice = advice;
  };
  if (most == 2 && positive) return say("at the back", "walk round the back");
  if (most == 2) return say("at the front, where the scan began", "go back to where you began");
  if (most == 0 && positive)
    return say("on the right, as seen at first", "walk round the right side, as seen at first");
  if (most == 0) return say("on the left, as seen at first", "walk round the left side, as seen at first");
  if (positive) return say("underneath", "hold the camera lower");
  say("on top", "hold the camera higher");
}

}  // namespace

Unseen unseen_of(const Mesh& surface) {
  Unseen unseen;
  if (surface.vertices.size() < 100) return unseen;
  const Upright upright = upright_of(surface);
  const auto slices = slices_of(upright);
  // The girth a quarter of the way up, where the end has ended; a limb that was seen from one side has an arc there.
  std::vector<Circle> lower;
  for (std::size_t s = slices.size() / 8; s <= slices.size() / 2; ++s)
    if (s < slices.size())
      if (const auto circle = circle_through(slices[s])) lower.push_back(*circle);
  if (lower.empty()) return unseen;
  std::nth_element(lower.begin(), lower.begin() + static_cast<std::ptrdiff_t>(lower.size() / 2), lower.end(),
                   [](const Circle& a, const Circle& b) { return a.radius < b.radius; });
  Circle circle = lower[lower.size() / 2];
  circle.radius = std::min(circle.radius, 0.5 * upright.length);
  if (const auto at =
          circle_through(slices[std::min(slices.size() - 1, static_cast<std::size_t>(circle.radius / slice_mm))]))
    circle.center = at->center;
  const Area end = end_of(upright, circle);
  const Area sides = sides_of(slices, static_cast<std::size_t>(circle.radius / slice_mm));
  unseen.percent = 100.0 * (sides.unseen + end.unseen) / std::max(1e-9, sides.all + end.all);
  unseen.end_percent = 100.0 * end.unseen / std::max(1e-9, end.all);
  const bool end_missing = unseen.end_percent > end_matters_percent;
  if (end_missing && end.unseen > sides.unseen) {
    unseen.where = "at the distal end";
    unseen.advice = "tilt the camera to see the end";
  } else if (100.0 * sides.unseen > little_percent * sides.all) {
    if (sides.toward.norm() > one_sided * sides.unseen) {
      name_side(upright.world_from_upright * Eigen::Vector3d(sides.toward.x(), sides.toward.y(), 0.0), unseen);
    } else {
      unseen.where = "here and there all round";
      unseen.advice = "walk round once more, higher and lower";
    }
    if (end_missing) unseen.where += " and at the distal end";
    if (end_missing) unseen.advice += " and tilt the camera to see the end";
  }
  return unseen;
}

}  // namespace fit
