#include "libfit/detail/proximal_extension.h"

#include <fmt/format.h>

#include <algorithm>

#include "libfit/error.h"

namespace fit::detail {

Mesh extended_and_closed(const Mesh& positive, double top_mm) {
  const std::vector<std::vector<int>> loops = boundary_loops(positive);
  Mesh closed{positive.vertices, positive.triangles, {}};
  if (loops.empty()) return closed;
  if (loops.size() > 1) {
    const Eigen::Vector3d& place = positive.vertices[loops.back().front()];
    throw Error(
        ErrorKind::bad_input,
        fmt::format("The positive has {} openings (one near ({:.0f}, {:.0f}, {:.0f}) mm) where it must have one, "
                    "above; repair it first.",
                    loops.size(), place.x(), place.y(), place.z()));
  }
  const std::vector<int>& loop = loops[0];
  const int count = static_cast<int>(loop.size());
  const int first = static_cast<int>(closed.vertices.size());
  const int middle = first + count;
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  for (const int vertex : loop) {
    closed.vertices.emplace_back(closed.vertices[vertex].x(), closed.vertices[vertex].y(), top_mm);
    sum += closed.vertices.back();
  }
  closed.vertices.push_back(sum / count);
  for (int i = 0; i < count; ++i) {
    const int j = (i + 1) % count;
    // The surface lies on the left of the loop, so the wall that goes on from it lies on the right.
    closed.triangles.emplace_back(loop[j], loop[i], first + i);
    closed.triangles.emplace_back(loop[j], first + i, first + j);
    closed.triangles.emplace_back(first + j, first + i, middle);
  }
  return closed;
}

}  // namespace fit::detail
