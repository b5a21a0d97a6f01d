#pragma once

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "libfit/detail/mesh_formats.h"
#include "libfit/error.h"

/// Meshes to write, and what a reader makes of bytes.
namespace fit {

inline Mesh tetrahedron() {
  Mesh mesh;
  mesh.vertices = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {1, 2, 3}, {0, 3, 2}};
  return mesh;
}

/// A closed ball of `rings` x 2 `rings` cells whose numbers are not short.
inline Mesh ball(int rings, double radius_mm) {
  Mesh mesh;
  const int around = 2 * rings;
  mesh.vertices.emplace_back(0, 0, -radius_mm);
  for (int i = 1; i < rings; ++i)
    for (int k = 0; k < around; ++k) {
      const double polar = std::numbers::pi * i / rings;
      const double turn = 2.0 * std::numbers::pi * k / around;
      mesh.vertices.emplace_back(radius_mm * std::sin(polar) * std::cos(turn),
                                 radius_mm * std::sin(polar) * std::sin(turn), -radius_mm * std::cos(polar));
    }
  mesh.vertices.emplace_back(0, 0, radius_mm);
  const int last = static_cast<int>(mesh.vertices.size()) - 1;
  const auto at = [&](int ring, int k) { return 1 + (ring - 1) * around + k % around; };
  for (int k = 0; k < around; ++k) {
    mesh.triangles.emplace_back(0, at(1, k + 1), at(1, k));
    mesh.triangles.emplace_back(last, at(rings - 1, k), at(rings - 1, k + 1));
    for (int i = 1; i + 1 < rings; ++i) {
      mesh.triangles.emplace_back(at(i, k), at(i, k + 1), at(i + 1, k));
      mesh.triangles.emplace_back(at(i, k + 1), at(i + 1, k + 1), at(i + 1, k));
    }
  }
  return mesh;
}

inline MeshFile read(std::string_view bytes, const char* name = "a") { return detail::mesh_from_bytes(bytes, name); }

inline std::string refusal(std::string_view bytes, const char* name = "a") {
  try {
    read(bytes, name);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  ADD_FAILURE() << "it was read";
  return {};
}

inline std::vector<std::string> codes(const MeshFile& file) {
  std::vector<std::string> result;
  for (const Finding& finding : file.findings) {
    EXPECT_EQ(sentence(finding).find('{'), std::string::npos) << sentence(finding);
    result.push_back(finding.code);
  }
  return result;
}

}  // namespace fit
