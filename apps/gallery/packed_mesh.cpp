#include "apps/gallery/packed_mesh.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace fit {

namespace {

void append(std::uint32_t value, std::string& bytes) {
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(value | 0x80);
  bytes += static_cast<char>(value);
}

std::uint32_t zigzag(std::int32_t value) {
  return static_cast<std::uint32_t>(value) << 1 ^ static_cast<std::uint32_t>(value >> 31);
}

}  // namespace

PackedMesh packed_mesh(const Mesh& mesh) {
  PackedMesh packed;
  packed.vertices = mesh.vertices.size();
  packed.triangles = mesh.triangles.size();
  if (mesh.vertices.empty()) return packed;
  packed.lowest_mm = bounding_box(mesh).lowest;
  Eigen::Vector3i before = Eigen::Vector3i::Zero();
  for (const Eigen::Vector3d& vertex : mesh.vertices) {
    const Eigen::Vector3i at = ((vertex - packed.lowest_mm) / packed.step_mm).array().round().cast<int>();
    for (int k = 0; k < 3; ++k) append(zigzag(at[k] - before[k]), packed.bytes);
    before = at;
  }
  int next = 0;
  for (const Eigen::Vector3i& triangle : mesh.triangles)
    for (int k = 0; k < 3; ++k) {
      append(static_cast<std::uint32_t>(next - triangle[k]), packed.bytes);
      if (triangle[k] == next) ++next;
    }
  return packed;
}

std::string packed_values(const Values& values) {
  std::string bytes;
  std::int32_t before = 0;
  for (double value : values) {
    if (!std::isfinite(value)) {
      append(zigzag(INT32_MIN), bytes);
      continue;
    }
    const auto step = static_cast<std::int32_t>(std::lround(std::clamp(value, -1e5, 1e5) * 100.0));
    append(zigzag(step - before), bytes);
    before = step;
  }
  return bytes;
}

}  // namespace fit
