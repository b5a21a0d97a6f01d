#include "libfit/detail/proximal_extension.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "libfit/error.h"

namespace fit::detail {

ClosedPositive extended_and_closed(const Mesh& positive, double top_mm) {
  if (positive.triangles.empty()) throw Error(ErrorKind::bad_input, "The positive has no triangles.");
  std::vector<std::vector<int>> loops = boundary_loops(positive);
  if (loops.size() > 1) {
    const Eigen::Vector3d& place = positive.vertices[loops.back().front()];
    throw Error(
        ErrorKind::bad_input,
        fmt::format("The positive has {} openings (one near ({:.0f}, {:.0f}, {:.0f}) mm) where it must have one, "
                    "above; repair it first.",
                    loops.size(), place.x(), place.y(), place.z()));
  }
  ClosedPositive closed{{positive.vertices, positive.triangles, {}}, {}};
  if (!loops.empty()) {
    closed.opening = std::move(loops[0]);
    Mesh& mesh = closed.mesh;
    const std::vector<int>& loop = closed.opening;
    const int count = static_cast<int>(loop.size());
    const int first = static_cast<int>(mesh.vertices.size());
    const int middle = first + count;
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    for (const int vertex : loop) {
      mesh.vertices.emplace_back(mesh.vertices[vertex].x(), mesh.vertices[vertex].y(), top_mm);
      sum += mesh.vertices.back();
    }
    mesh.vertices.push_back(sum / count);
    for (int i = 0; i < count; ++i) {
      const int j = (i + 1) % count;
      // The surface lies on the left of the loop, so the wall that goes on from it lies on the right.
      mesh.triangles.emplace_back(loop[j], loop[i], first + i);
      mesh.triangles.emplace_back(loop[j], first + i, first + j);
      mesh.triangles.emplace_back(first + j, first + i, middle);
    }
  }
  if (!(volume_mm3(closed.mesh) > 0.0))
    throw Error(ErrorKind::bad_input, "The positive is inside out: its triangles face the inside; turn them about.");
  return closed;
}

}  // namespace fit::detail
