#include <cmath>
#include <cstdio>
#include <numbers>

#include "libfit/error.h"
#include "libfit/measure.h"
#include "libfit/solid.h"

/// Measures a tube of radius 50 mm that is closed below: its girth is known.
int main() {
  constexpr int sides = 360;
  fit::Mesh tube;
  tube.vertices.emplace_back(0, 0, 0);
  for (double z_mm : {0.0, 200.0})
    for (int i = 0; i < sides; ++i) {
      const double angle = 2 * std::numbers::pi * i / sides;
      tube.vertices.emplace_back(50 * std::cos(angle), 50 * std::sin(angle), z_mm);
    }
  for (int i = 0; i < sides; ++i) {
    const int a = 1 + i, b = 1 + (i + 1) % sides;
    tube.triangles.emplace_back(0, b, a);
    tube.triangles.emplace_back(a, b, b + sides);
    tube.triangles.emplace_back(a, b + sides, a + sides);
  }
  const double girth_mm = fit::measure_at(tube, {100.0}).at(0).girth_mm;
  std::printf("girth %.3f mm\n", girth_mm);
  return std::abs(girth_mm - 100 * std::numbers::pi) < 0.02 ? 0 : 1;
}
