#include "scanners/detail/subject.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <random>

namespace fit {

namespace {

constexpr double plane_mm = 5.0;  // within this of a plane, or this share of the distance, is of it
constexpr double plane_share = 0.012;
constexpr double widest_strip_mm = 40.0;  // standard deviation across: a limb's nearest strip is narrower than a table
constexpr std::size_t fewest_points = 300;
constexpr double least_merit = 0.2;  // of what the image holds with its planes
constexpr double long_ratio = 2.5;   // of the variances along and across: longer than one and a half times as wide
constexpr double smallest_radius_mm = 80.0;
constexpr double largest_radius_mm = 300.0;

bool holds(const Plane& plane, const Eigen::Vector3f& p) {
  return std::abs(plane.normal.dot(p) - plane.offset) < std::max(float(plane_mm), float(plane_share) * p.z());
}

/// Pieces that hang together, by number; -1 for what is free or on a plane.
std::vector<int> pieces_of(const FrameSurface& surface, const std::vector<std::uint8_t>& free,
                           std::vector<std::vector<std::size_t>>& pieces) {
  std::vector<int> piece(surface.size(), -1);
  const int width = surface.box.width(), height = surface.box.height();
  for (std::size_t seed = 0; seed < piece.size(); ++seed) {
    if (!free[seed] || piece[seed] >= 0) continue;
    const int own = static_cast<int>(pieces.size());
    std::vector<std::size_t> members{seed};
    piece[seed] = own;
    for (std::size_t k = 0; k < members.size(); ++k) {
      const std::size_t i = members[k];
      const int x = static_cast<int>(i) % width, y = static_cast<int>(i) / width;
      const int beside[4][2] = {{x - 1, y}, {x + 1, y}, {x, y - 1}, {x, y + 1}};
      for (const auto& b : beside) {
        if (b[0] < 0 || b[1] < 0 || b[0] >= width || b[1] >= height) continue;
        const std::size_t j = static_cast<std::size_t>(b[1] * width + b[0]);
        const float jump = std::abs(surface.z(i) - surface.z(j));
        if (!free[j] || piece[j] >= 0 || jump > std::max(6.0f, 0.015f * surface.z(i))) continue;
        piece[j] = own;
        members.push_back(j);
      }
    }
    pieces.push_back(std::move(members));
  }
  return piece;
}

/// The largest plane of the points left, fitted; nothing when it is no wider than a limb's near side.
std::optional<Plane> find_plane(const FrameSurface& surface, const std::vector<std::size_t>& left,
                                std::mt19937_64& random) {
  constexpr int guesses = 200;
  const std::size_t step = std::max<std::size_t>(1, left.size() / 2000);
  Plane best;
  int best_count = 0;
  for (int guess = 0; guess < guesses; ++guess) {
    const std::size_t i = left[random() % left.size()];
    const Plane plane{surface.normal(i), surface.normal(i).dot(surface.point(i))};
    int count = 0;
    for (std::size_t k = 0; k < left.size(); k += step)
      count += holds(plane, surface.point(left[k])) && plane.normal.dot(surface.normal(left[k])) > 0.85f;
    if (count > best_count) best = plane, best_count = count;
  }
  if (best_count * 8 < static_cast<int>(left.size() / step)) return {};
  // Strips of two limbs side by side are no table: the plane's largest piece alone must be wide.
  std::vector<std::uint8_t> on_plane(surface.size(), 0);
  for (const std::size_t i : left)
    on_plane[i] = holds(best, surface.point(i)) && best.normal.dot(surface.normal(i)) > 0.85f;
  std::vector<std::vector<std::size_t>> pieces;
  pieces_of(surface, on_plane, pieces);
  const auto& largest =
      *std::max_element(pieces.begin(), pieces.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const std::size_t i : largest) {
    const Eigen::Vector3d p = surface.point(i).cast<double>();
    mean += p;
    spread += p * p.transpose();
  }
  const auto count = static_cast<double>(largest.size());
  mean /= count;
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread / count - mean * mean.transpose());
  if (std::sqrt(std::max(0.0, axes.eigenvalues()[1])) < widest_strip_mm) return {};
  Eigen::Vector3d normal = axes.eigenvectors().col(0);
  if (normal.dot(mean) > 0) normal = -normal;
  return Plane{normal.cast<float>(), static_cast<float>(normal.dot(mean))};
}

struct Piece {
  std::vector<std::size_t> members;
  double merit = 0.0;
};

/// The piece that is large, near, and near the middle of the image; or the one under the click.
Piece best_piece(const FrameSurface& surface, const std::vector<std::uint8_t>& mask,
                 const std::optional<std::array<int, 2>>& click_px) {
  std::vector<std::vector<std::size_t>> pieces;
  const std::vector<int> piece = pieces_of(surface, mask, pieces);
  const double middle_u = 0.5 * surface.grid.width, middle_v = 0.5 * surface.grid.height;
  const auto width = static_cast<std::size_t>(surface.box.width());
  Piece best;
  for (auto& members : pieces) {
    if (members.size() < fewest_points) continue;
    double merit = 0;
    for (const std::size_t i : members) {
      const double u = static_cast<double>(surface.box.left) + static_cast<double>(i % width) - middle_u;
      const double v = static_cast<double>(surface.box.top) + static_cast<double>(i / width) - middle_v;
      merit += std::exp(-(u * u + v * v) / (0.08 * middle_u * middle_u)) / static_cast<double>(surface.z(i));
    }
    if (click_px) {
      const int u = (*click_px)[0] / surface.pixels_a_point, v = (*click_px)[1] / surface.pixels_a_point;
      if (!surface.holds(u, v) || piece[surface.at(u, v)] != piece[members.front()]) continue;
    }
    if (merit > best.merit) best = {std::move(members), merit};
  }
  return best;
}

/// Around the points, with room for the far side that is not seen. Where they lie along a line, a rod along it: the
/// other leg beside a limb is left out.
SubjectRegion region_around(const FrameSurface& surface, const std::vector<std::size_t>& members) {
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  Eigen::Matrix3d spread = Eigen::Matrix3d::Zero();
  for (const std::size_t i : members) mean += surface.point(i).cast<double>();
  mean /= static_cast<double>(members.size());
  for (const std::size_t i : members) {
    const Eigen::Vector3d from = surface.point(i).cast<double>() - mean;
    spread += from * from.transpose();
  }
  const Eigen::SelfAdjointEigenSolver<Eigen::Matrix3d> axes(spread);
  const Eigen::Vector3d axis = axes.eigenvectors().col(2);
  const auto most = [&](const auto& measure) {
    std::vector<double> values;
    for (const std::size_t i : members) values.push_back(measure(surface.point(i).cast<double>() - mean));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 97 / 100);
    std::nth_element(values.begin(), at, values.end());
    return *at;
  };
  const double reach = most([](const Eigen::Vector3d& from) { return from.norm(); });
  const double across = most([&](const Eigen::Vector3d& from) { return from.cross(axis).norm(); });
  SubjectRegion region;
  region.center_mm = mean + mean.normalized() * std::min({0.35 * reach, 0.7 * across, 50.0});
  region.radius_mm = std::clamp(1.25 * reach + 40.0, smallest_radius_mm, largest_radius_mm);
  if (axes.eigenvalues()[2] < long_ratio * axes.eigenvalues()[1]) return region;
  region.axis = axis;
  region.rod_mm = 1.4 * across + 25.0;
  return region;
}

/// Large planes; their points are taken from `left` and from `mask`.
std::vector<Plane> take_planes(const FrameSurface& surface, std::vector<std::size_t>& left,
                               std::vector<std::uint8_t>& mask) {
  std::mt19937_64 random(1);
  std::vector<Plane> found;
  for (int planes = 0; planes < 3 && left.size() >= fewest_points; ++planes) {
    const auto plane = find_plane(surface, left, random);
    if (!plane) break;
    found.push_back(*plane);
    std::erase_if(left, [&](std::size_t i) {
      if (!holds(*plane, surface.point(i))) return false;
      mask[i] = 0;
      return true;
    });
  }
  return found;
}

/// The ball around a box, and where it is long the rod around its longest side.
SubjectRegion region_of_box(const Eigen::Vector3d& center, const Eigen::Vector3d& size) {
  Eigen::Index longest = 0;
  size.maxCoeff(&longest);
  const double across = 0.5 * std::sqrt(std::max(0.0, size.squaredNorm() - size[longest] * size[longest]));
  return {center, 0.5 * size.norm(), Eigen::Vector3d::Unit(longest), across};
}

}  // namespace

std::optional<ScanSubject> find_subject(const FrameSurface& surface,
                                        const std::optional<std::array<int, 2>>& click_px) {
  std::vector<std::uint8_t> free(surface.size(), 0);
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < free.size(); ++i)
    if (surface.sound(i)) free[i] = 1, left.push_back(i);
  const std::vector<std::uint8_t> all = free;
  if (left.size() < fewest_points) return {};
  const std::vector<Plane> found_planes = take_planes(surface, left, free);
  const Piece without_planes = best_piece(surface, free, click_px), with_planes = best_piece(surface, all, click_px);
  // Where next to nothing is left without the planes, a plane itself is the subject: a board, a wall.
  const bool flat = without_planes.merit < least_merit * with_planes.merit;
  const Piece& best = flat ? with_planes : without_planes;
  if (best.members.size() < fewest_points) return {};
  ScanSubject subject;
  subject.region = region_around(surface, best.members);
  subject.mask.assign(surface.size(), 0);
  for (const std::size_t i : best.members) subject.mask[i] = 1;
  if (!flat) subject.planes = found_planes;
  return subject;
}

std::optional<ScanSubject> subject_in_box(const FrameSurface& surface, const Eigen::Vector3d& center_mm,
                                          const Eigen::Vector3d& size_mm) {
  ScanSubject subject;
  subject.mask.assign(surface.size(), 0);
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < surface.size(); ++i) {
    if (surface.sound(i)) left.push_back(i);
    const Eigen::Vector3d from = (surface.point(i).cast<double>() - center_mm).cwiseAbs();
    subject.mask[i] = surface.sound(i) && (from.array() <= 0.5 * size_mm.array()).all();
  }
  const std::vector<std::uint8_t> all = subject.mask;
  subject.planes = take_planes(surface, left, subject.mask);
  const auto count = [](const std::vector<std::uint8_t>& mask) {
    return static_cast<std::size_t>(std::count(mask.begin(), mask.end(), 1));
  };
  // A box around a board or a wall means just that.
  if (count(subject.mask) < fewest_points) subject.mask = all, subject.planes.clear();
  if (count(subject.mask) < fewest_points) return {};
  subject.region = region_of_box(center_mm, size_mm);
  return subject;
}

}  // namespace fit
