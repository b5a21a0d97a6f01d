#include "libfit/solid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <utility>

#include "libfit/error.h"

namespace fit {

namespace {

[[noreturn]] void refuse(const std::string& what, const Eigen::Vector3d& place) {
  throw Error(ErrorKind::bad_input, fmt::format("The surface {} near ({:.1f}, {:.1f}, {:.1f}) mm, so it is not a "
                                                "solid that can be printed; repair it first.",
                                                what, place.x(), place.y(), place.z()));
}

struct Edge {
  std::uint64_t ends;  ///< lower index in the high half
  int triangle_side;   ///< 4 * triangle + side; the sign of the direction is `forward`
  bool forward;
  bool operator<(const Edge& other) const {
    return ends != other.ends ? ends < other.ends : triangle_side < other.triangle_side;
  }
};

void check_numbers(const Mesh& mesh) {
  if (mesh.triangles.empty()) throw Error(ErrorKind::bad_input, "The surface has no triangles, so it is not a solid.");
  const int count = static_cast<int>(mesh.vertices.size());
  for (const Eigen::Vector3d& vertex : mesh.vertices)
    if (!vertex.allFinite()) throw Error(ErrorKind::bad_input, "The surface has a vertex that is not a number.");
  for (const Eigen::Vector3i& t : mesh.triangles) {
    if (t.minCoeff() < 0 || t.maxCoeff() >= count)
      throw Error(ErrorKind::bad_input, "The surface has a triangle that names a vertex it does not have.");
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0]) refuse("has a triangle with a repeated corner", mesh.vertices[t[0]]);
  }
}

/// Twin of each triangle side, as 4 * triangle + side.
std::vector<int> check_edges(const Mesh& mesh) {
  std::vector<Edge> edges;
  edges.reserve(3 * mesh.triangles.size());
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int side = 0; side < 3; ++side) {
      const int from = mesh.triangles[i][side];
      const int to = mesh.triangles[i][(side + 1) % 3];
      const std::uint64_t low = static_cast<std::uint64_t>(std::min(from, to));
      edges.push_back({(low << 32) | static_cast<std::uint32_t>(std::max(from, to)), static_cast<int>(4 * i) + side, from < to});
    }
  std::sort(edges.begin(), edges.end());
  std::vector<int> twin(4 * mesh.triangles.size(), -1);
  for (std::size_t i = 0; i < edges.size();) {
    std::size_t end = i + 1;
    while (end < edges.size() && edges[end].ends == edges[i].ends) ++end;
    const Eigen::Vector3d& place = mesh.vertices[edges[i].ends >> 32];
    if (end - i == 1) refuse("is open", place);
    if (end - i > 2) refuse("has more than two triangles at an edge", place);
    if (edges[i].forward == edges[i + 1].forward) refuse("has neighbouring triangles that face opposite ways", place);
    twin[edges[i].triangle_side] = edges[i + 1].triangle_side;
    twin[edges[i + 1].triangle_side] = edges[i].triangle_side;
    i = end;
  }
  return twin;
}

void check_fans(const Mesh& mesh, const std::vector<int>& twin) {
  std::vector<int> triangles_at(mesh.vertices.size(), 0);
  std::vector<int> first_at(mesh.vertices.size(), -1);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int corner = 0; corner < 3; ++corner) {
      const int vertex = mesh.triangles[i][corner];
      if (triangles_at[vertex]++ == 0) first_at[vertex] = static_cast<int>(4 * i) + corner;
    }
  for (std::size_t vertex = 0; vertex < mesh.vertices.size(); ++vertex) {
    if (first_at[vertex] < 0) refuse("has a vertex that no triangle uses", mesh.vertices[vertex]);
    // Around the vertex: the side that ends in it is the twin of the next one that starts in it.
    int fan = 0;
    int at = first_at[vertex];
    do {
      const int side_before = (at & ~3) | ((at & 3) + 2) % 3;
      at = twin[side_before];
      ++fan;
    } while (at != first_at[vertex]);
    if (fan != triangles_at[vertex]) refuse("touches itself in a single point", mesh.vertices[vertex]);
  }
}

}  // namespace

Solid::Solid(Mesh mesh) : mesh_(std::move(mesh)) {
  check_numbers(mesh_);
  check_fans(mesh_, check_edges(mesh_));
  if (!(volume_mm3(mesh_) > 0.0))
    throw Error(ErrorKind::bad_input, "The surface is inside out: its volume is not positive.");
}

}  // namespace fit
