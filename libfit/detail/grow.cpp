#include "libfit/detail/grow.h"

namespace fit::detail {

void grow(std::vector<std::uint8_t>& flagged, const Mesh& mesh, const Around& around, int rings) {
  std::vector<int> front;
  for (std::size_t t = 0; t < flagged.size(); ++t)
    if (flagged[t]) front.push_back(static_cast<int>(t));
  for (int ring = 0; ring < rings; ++ring) {
    std::vector<int> next;
    for (int t : front)
      for (int k = 0; k < 3; ++k) {
        const int v = mesh.triangles[t][k];
        for (int a = around.first[v]; a < around.first[v + 1]; ++a) {
          const int near = around.triangles[a];
          if (flagged[near]) continue;
          flagged[near] = 1;
          next.push_back(near);
        }
      }
    front = std::move(next);
  }
}

}  // namespace fit::detail
