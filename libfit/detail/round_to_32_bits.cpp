#include <cmath>
#include <cstdint>
#include <unordered_set>

#include "libfit/detail/corner_weld.h"
#include "libfit/detail/mesh_formats.h"

namespace fit::detail {

namespace {

using Point = std::array<float, 3>;

/// The n-th of the places around `centre`, one step of 32-bit numbers after the other.
Point neighbour(const Point& centre, int n) {
  Point place = centre;
  const int steps = n / 6 + 1;
  float& coordinate = place[(n / 2) % 3];
  for (int step = 0; step < steps; ++step) coordinate = std::nextafter(coordinate, n % 2 == 0 ? INFINITY : -INFINITY);
  return place;
}

}  // namespace

void round_to_32_bits(Mesh& mesh) {
  // A vertex keeps its place when it is the first there; the others wait until all first ones have theirs.
  CornerWeld<float> taken(mesh.vertices.size());
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) {
    Eigen::Vector3d& vertex = mesh.vertices[i];
    // Not vertex.cast<float>().cast<double>(): g++ 12.2 -O3 leaves some coordinates as they were.
    const Point rounded = {static_cast<float>(vertex.x()), static_cast<float>(vertex.y()),
                           static_cast<float>(vertex.z())};
    const std::size_t before = taken.points().size();
    taken.index_of(rounded);
    if (taken.points().size() == before) waiting.push_back(i);
    vertex = {rounded[0], rounded[1], rounded[2]};
  }
  for (std::size_t i : waiting) {
    Eigen::Vector3d& vertex = mesh.vertices[i];
    const Point centre = {static_cast<float>(vertex.x()), static_cast<float>(vertex.y()),
                          static_cast<float>(vertex.z())};
    for (int n = 0;; ++n) {
      const Point place = neighbour(centre, n);
      const std::size_t before = taken.points().size();
      taken.index_of(place);
      if (taken.points().size() == before) continue;
      vertex = {place[0], place[1], place[2]};
      break;
    }
  }
}

}  // namespace fit::detail
