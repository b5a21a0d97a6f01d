#pragma once

#include <cmath>
#include <numbers>

#include "libfit/solid.h"

namespace fit {

/// A ring about z whose inside is a cylinder or a cone, in place of a socket, and the positive that it stands round.
struct RoundSocket {
  double radius_mm = 40.0;  ///< of the inside at z = 0
  double wider_a_mm = 0.0;  ///< how much its radius grows with each mm of height
  double wall_mm = 6.0;
  double height_mm = 30.0;

  double inner_radius_mm(double z_mm) const { return radius_mm + wider_a_mm * z_mm; }

  /// Reaches 20 mm beyond the ring at both ends, and is closed.
  Mesh positive() const {
    Mesh mesh = profile({{0.0, -20.0},
                         {inner_radius_mm(-20.0), -20.0},
                         {inner_radius_mm(height_mm + 20.0), height_mm + 20.0},
                         {0.0, height_mm + 20.0}});
    return mesh;
  }

  Solid solid() const {
    const double low = radius_mm, high = inner_radius_mm(height_mm);
    return Solid(
        profile({{low, 0.0}, {low + wall_mm, 0.0}, {high + wall_mm, height_mm}, {high, height_mm}, {low, 0.0}}));
  }

 private:
  static constexpr int sides = 720;

  /// A line of radius and height turned about z; its ends lie on the axis or are the same place.
  static Mesh profile(const std::vector<Eigen::Vector2d>& line) {
    Mesh mesh;
    const auto add_ring = [&](const Eigen::Vector2d& at) {
      const int first = static_cast<int>(mesh.vertices.size());
      for (int i = 0; i < (at.x() > 0.0 ? sides : 1); ++i) {
        const double angle = 2.0 * std::numbers::pi * i / sides;
        mesh.vertices.emplace_back(at.x() * std::cos(angle), at.x() * std::sin(angle), at.y());
      }
      return first;
    };
    const auto add = [&](int a, int b, int c) {
      if (a != b && b != c && c != a) mesh.triangles.emplace_back(a, b, c);
    };
    const bool round = line.front() == line.back();
    const int first = add_ring(line.front());
    int below = first;
    for (std::size_t k = 1; k < line.size(); ++k) {
      const int above = round && k + 1 == line.size() ? first : add_ring(line[k]);
      const auto at = [&](int ring, const Eigen::Vector2d& place, int i) {
        return place.x() > 0.0 ? ring + i % sides : ring;
      };
      for (int i = 0; i < sides; ++i) {
        add(at(below, line[k - 1], i), at(below, line[k - 1], i + 1), at(above, line[k], i + 1));
        add(at(below, line[k - 1], i), at(above, line[k], i + 1), at(above, line[k], i));
      }
      below = above;
    }
    return mesh;
  }
};

}  // namespace fit
