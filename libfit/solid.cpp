#include "libfit/solid.h"

#include <fmt/format.h>

#include <map>
#include <utility>

#include "libfit/detail/corners.h"
#include "libfit/error.h"

namespace fit {

namespace {

using detail::Corners;

[[noreturn]] void refuse(const std::string& what, const Eigen::Vector3d& place) {
  throw Error(ErrorKind::bad_input, fmt::format("The surface {} near ({:.1f}, {:.1f}, {:.1f}) mm, so it is not a "
                                                "solid that can be printed; repair it first.",
                                                what, place.x(), place.y(), place.z()));
}

void check_numbers(const Mesh& mesh) {
  if (mesh.triangles.empty()) throw Error(ErrorKind::bad_input, "The surface has no triangles, so it is not a solid.");
  const int count = static_cast<int>(mesh.vertices.size());
  for (const Eigen::Vector3d& vertex : mesh.vertices)
    if (!vertex.allFinite()) throw Error(ErrorKind::bad_input, "The surface has a vertex that is not a number.");
  for (const Eigen::Vector3i& t : mesh.triangles) {
    if (t.minCoeff() < 0 || t.maxCoeff() >= count)
      throw Error(ErrorKind::bad_input, "The surface has a triangle that names a vertex it does not have.");
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0])
      refuse("has a triangle with a repeated corner", mesh.vertices[t[0]]);
  }
}

/// Says what is wrong around a vertex whose corners are no single, closed fan.
[[noreturn]] void refuse_corners(const Mesh& mesh, const Corners& corners, int vertex) {
  const Eigen::Vector3d& place = mesh.vertices[vertex];
  const auto begin = corners.at.begin() + corners.first[vertex], end = corners.at.begin() + corners.first[vertex + 1];
  if (begin == end) refuse("has a vertex that no triangle uses", place);
  std::map<int, std::pair<int, int>> sides;  // to the vertex at the other end: how many leave, how many enter
  for (auto corner = begin; corner != end; ++corner) {
    ++sides[corner->next].first;
    ++sides[corner->before].second;
  }
  for (const auto& [other, count] : sides) {
    if (count.first + count.second == 1) refuse("is open", place);
    if (count.first + count.second > 2) refuse("has more than two triangles at an edge", place);
    if (count.first != 1) refuse("has neighbouring triangles that face opposite ways", place);
  }
  refuse("touches itself in a single point", place);
}

/// That the corners at every vertex follow each other in one closed fan, each side leaving the vertex once: then every
/// edge has two triangles that run along it in opposite directions.
void check_fans(const Mesh& mesh) {
  const Corners corners(mesh);
  std::vector<int> leaves(mesh.vertices.size(), -1);  // the corner whose side leaves the vertex looked at for another
  for (int vertex = 0; vertex < static_cast<int>(mesh.vertices.size()); ++vertex) {
    const int begin = corners.first[vertex], end = corners.first[vertex + 1];
    bool sound = begin < end;
    for (int i = begin; i < end; ++i) {
      int& corner = leaves[corners.at[i].next];
      sound = sound && corner < begin;
      corner = i;
    }
    int at = begin, passed = 0;
    do {
      if (!sound) refuse_corners(mesh, corners, vertex);
      at = leaves[corners.at[at].before];
      ++passed;
      sound = at >= begin && passed <= end - begin;
    } while (at != begin);
    if (passed != end - begin) refuse_corners(mesh, corners, vertex);
  }
}

}  // namespace

Solid::Solid(Mesh mesh) : mesh_(std::move(mesh)) {
  check_numbers(mesh_);
  check_fans(mesh_);
  if (!(volume_mm3(mesh_) > 0.0))
    throw Error(ErrorKind::bad_input, "The surface is inside out: its volume is not positive.");
}

}  // namespace fit
