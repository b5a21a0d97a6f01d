#include "libfit/detail/print_checks.h"
#include "libfit/self_crossing.h"

namespace fit::detail {

Findings check_crossing(const Mesh& socket, const Progress& progress) {
  constexpr std::size_t kMost = 1000;
  const auto pairs = self_crossings(socket, kMost, progress);
  if (pairs.empty()) return {};
  const Eigen::Vector3i& t = socket.triangles[pairs.front()[0]];
  const Eigen::Vector3d place = (socket.vertices[t[0]] + socket.vertices[t[1]] + socket.vertices[t[2]]) / 3.0;
  const std::string many = pairs.size() < kMost ? "" : "at least 1000";
  return {{"self_crossing", Severity::forbid, {{"pairs", static_cast<double>(pairs.size()), many}}, place}};
}

}  // namespace fit::detail
