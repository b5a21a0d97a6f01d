#include "apps/slicing/shrinkage.h"

#include <cmath>
#include <numbers>

#include "libfit/error.h"

namespace fit {

namespace {

constexpr double largest_percent = 10.0;

double percent_off(const char* what, double drawn_mm, const std::optional<double>& measured_mm) {
  if (!measured_mm) throw Error(ErrorKind::bad_params, fmt::format("{} is missing.", what));
  const double percent = 100.0 * (1.0 - *measured_mm / drawn_mm);
  if (std::abs(percent) > largest_percent)
    throw Error(ErrorKind::bad_params,
                fmt::format("{} is {:g} and {:g} was drawn: {:.1f} % is no shrinkage; measure again.", what,
                            *measured_mm, drawn_mm, percent));
  return percent;
}

}  // namespace

Solid calibration_ring(const RingParams& ring) {
  validate(ring);
  if (ring.ring_outer_mm - ring.ring_inner_mm < 4.0)
    throw Error(ErrorKind::bad_params, "The ring has no wall: ring_outer_mm must be 4 mm more than ring_inner_mm.");
  constexpr int sides = 360;
  Mesh mesh;
  for (int i = 0; i < sides; ++i) {
    const double angle = 2.0 * std::numbers::pi * i / sides;
    for (double diameter_mm : {ring.ring_outer_mm, ring.ring_inner_mm})
      for (double z_mm : {0.0, ring.ring_height_mm})
        mesh.vertices.emplace_back(diameter_mm / 2 * std::cos(angle), diameter_mm / 2 * std::sin(angle), z_mm);
  }
  const auto quad = [&](int a, int b, int c, int d) {
    mesh.triangles.emplace_back(a, b, c);
    mesh.triangles.emplace_back(a, c, d);
  };
  for (int i = 0; i < sides; ++i) {
    // Outer below, outer above, inner below, inner above, of this side and of the next.
    const int a = 4 * i, b = 4 * ((i + 1) % sides);
    quad(a, b, b + 1, a + 1);
    quad(a + 3, b + 3, b + 2, a + 2);
    quad(a + 1, b + 1, b + 3, a + 3);
    quad(a + 2, b + 2, b, a);
  }
  return Solid(std::move(mesh));
}

Shrinkage shrinkage_of(const RingParams& ring, const RingMeasured& measured) {
  percent_off("measured_outer_mm", ring.ring_outer_mm, measured.measured_outer_mm);
  percent_off("measured_inner_mm", ring.ring_inner_mm, measured.measured_inner_mm);
  const double drawn_mm = ring.ring_outer_mm + ring.ring_inner_mm;
  return {percent_off("The sum of the diameters", drawn_mm, *measured.measured_outer_mm + *measured.measured_inner_mm),
          percent_off("measured_height_mm", ring.ring_height_mm, measured.measured_height_mm)};
}

Mesh compensated(const Material& material, Mesh part) {
  if (material.shrinkage_xy_percent == 0.0 && material.shrinkage_z_percent == 0.0) return part;
  const double xy = 1.0 / (1.0 - material.shrinkage_xy_percent / 100.0);
  const double z = 1.0 / (1.0 - material.shrinkage_z_percent / 100.0);
  for (Eigen::Vector3d& vertex : part.vertices) vertex = vertex.cwiseProduct(Eigen::Vector3d(xy, xy, z));
  return part;
}

}  // namespace fit
