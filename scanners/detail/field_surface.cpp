#include "scanners/detail/field_surface.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"

namespace fit {

namespace {

constexpr int corner_step[8] = {0, 1, 8, 9, 64, 65, 72, 73};

/// Distances and weights at the eight corners of a cell; false where one was never seen.
bool corners_of(const FieldGrid& field, std::size_t brick, int local, float least_weight, float* d, float* w) {
  const int x = local & 7, y = local >> 3 & 7, z = local >> 6;
  if (x < 7 && y < 7 && z < 7) {
    const FieldGrid::Values& own = field.values(brick);
    for (int i = 0; i < 8; ++i) {
      d[i] = own.distance_mm[local + corner_step[i]];
      w[i] = own.weight[local + corner_step[i]];
      if (w[i] < least_weight) return false;
    }
    return true;
  }
  for (int i = 0; i < 8; ++i) {
    const int cx = x + (i & 1), cy = y + (i >> 1 & 1), cz = z + (i >> 2);
    const int other = field.next(brick)[static_cast<std::size_t>(cx >> 3 | (cy >> 3) << 1 | (cz >> 3) << 2)];
    if (other < 0) return false;
    const FieldGrid::Values& there = field.values(static_cast<std::size_t>(other));
    const int at = (cx & 7) | (cy & 7) << 3 | (cz & 7) << 6;
    d[i] = there.distance_mm[at];
    w[i] = there.weight[at];
    if (w[i] < least_weight) return false;
  }
  return true;
}

/// Within the cell, 0 to 1 along each axis: the mean of where its edges cross zero, moved onto the zero between.
Eigen::Vector3d place_in_cell(const float* d) {
  Eigen::Vector3d sum = Eigen::Vector3d::Zero();
  int crossings = 0;
  for (int a = 0; a < 8; ++a)
    for (int axis = 0; axis < 3; ++axis) {
      const int b = a | 1 << axis;
      if (b == a || (d[a] < 0) == (d[b] < 0)) continue;
      Eigen::Vector3d p(a & 1, a >> 1 & 1, a >> 2);
      p[axis] = static_cast<double>(d[a] / (d[a] - d[b]));
      sum += p;
      ++crossings;
    }
  Eigen::Vector3d p = sum / crossings;
  double value = 0;
  Eigen::Vector3d slope = Eigen::Vector3d::Zero();
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3d share((i & 1) ? p.x() : 1 - p.x(), (i & 2) ? p.y() : 1 - p.y(), (i & 4) ? p.z() : 1 - p.z());
    const double di = static_cast<double>(d[i]);
    value += di * share.prod();
    slope +=
        di * Eigen::Vector3d(((i & 1) ? 1 : -1) * share.y() * share.z(), ((i & 2) ? 1 : -1) * share.x() * share.z(),
                             ((i & 4) ? 1 : -1) * share.x() * share.y());
  }
  if (slope.squaredNorm() > 1e-12) p -= value / slope.squaredNorm() * slope;
  return p.cwiseMax(0.0).cwiseMin(1.0);
}

/// Vertices of cells: empty, or 512 a brick; -1 for none.
using CellVertices = std::vector<std::vector<int>>;

/// The vertex of the cell `local` + `step` (0 or 1 along each axis); -1 for none.
int vertex_at(const FieldGrid& field, const CellVertices& vertices, std::size_t brick, int local, int step) {
  const int x = (local & 7) + (step & 1), y = (local >> 3 & 7) + (step >> 1 & 1), z = (local >> 6) + (step >> 2);
  const int there = field.next(brick)[static_cast<std::size_t>(x >> 3 | (y >> 3) << 1 | (z >> 3) << 2)];
  if (there < 0 || vertices[static_cast<std::size_t>(there)].empty()) return -1;
  return vertices[static_cast<std::size_t>(there)][static_cast<std::size_t>((x & 7) | (y & 7) << 3 | (z & 7) << 6)];
}

void add_quad(const Mesh& mesh, const int* q, std::vector<Eigen::Vector3i>& triangles) {
  const auto length = [&](int a, int b) {
    return (mesh.vertices[static_cast<std::size_t>(a)] - mesh.vertices[static_cast<std::size_t>(b)]).squaredNorm();
  };
  if (length(q[0], q[2]) <= length(q[1], q[3])) {
    triangles.emplace_back(q[0], q[1], q[2]);
    triangles.emplace_back(q[0], q[2], q[3]);
  } else {
    triangles.emplace_back(q[0], q[1], q[3]);
    triangles.emplace_back(q[1], q[2], q[3]);
  }
}

/// The quads around edges that cross the zero: each edge is seen from the lowest of the four cells around it.
void add_triangles(const FieldGrid& field, const CellVertices& vertices, std::size_t brick, const Mesh& mesh,
                   std::vector<Eigen::Vector3i>& triangles) {
  float d[8], w[8];
  for (int local = 0; local < FieldGrid::nodes; ++local) {
    const int own = vertices[brick][static_cast<std::size_t>(local)];
    if (own < 0) continue;  // an edge that crosses has a vertex in each cell around it
    if (!corners_of(field, brick, local, 1e-30f, d, w)) continue;
    for (int axis = 0; axis < 3; ++axis) {
      const int u = 1 << (axis + 1) % 3, v = 1 << (axis + 2) % 3;
      const bool inside = d[u | v] < 0;
      if (inside == (d[7] < 0)) continue;
      int q[4] = {own, vertex_at(field, vertices, brick, local, u), vertex_at(field, vertices, brick, local, u | v),
                  vertex_at(field, vertices, brick, local, v)};
      if (q[1] < 0 || q[2] < 0 || q[3] < 0) continue;
      if (!inside) std::swap(q[1], q[3]);
      add_quad(mesh, q, triangles);
    }
  }
}

}  // namespace

FieldSurface surface_of(const FieldGrid& field, double least_weight) {
  struct Found {
    std::vector<Eigen::Vector3d> places;
    std::vector<float> weights;
  };
  std::vector<Found> found(field.size());
  CellVertices vertices;
  vertices.resize(field.size());
  parallel_for(field.size(), 64, [&](std::size_t begin, std::size_t end) {
    float d[8], w[8];
    for (std::size_t b = begin; b < end; ++b)
      for (int local = 0; local < FieldGrid::nodes; ++local) {
        if (field.values(b).weight[local] <= 0 || !corners_of(field, b, local, static_cast<float>(least_weight), d, w))
          continue;
        int inside = 0;
        float weight = 0;
        for (int i = 0; i < 8; ++i) inside += d[i] < 0, weight += w[i] / 8.0f;
        if (inside == 0 || inside == 8) continue;
        if (vertices[b].empty()) vertices[b].assign(FieldGrid::nodes, -1);
        vertices[b][static_cast<std::size_t>(local)] = static_cast<int>(found[b].places.size());
        const Eigen::Vector3d cell =
            (FieldGrid::side * field.place(b) + Eigen::Vector3i(local & 7, local >> 3 & 7, local >> 6)).cast<double>();
        found[b].places.push_back(field.voxel_mm() * (cell + place_in_cell(d)));
        found[b].weights.push_back(weight);
      }
  });
  FieldSurface surface;
  for (std::size_t b = 0; b < field.size(); ++b) {
    const int first = static_cast<int>(surface.mesh.vertices.size());
    for (int& v : vertices[b])
      if (v >= 0) v += first;
    surface.mesh.vertices.insert(surface.mesh.vertices.end(), found[b].places.begin(), found[b].places.end());
    surface.weight.insert(surface.weight.end(), found[b].weights.begin(), found[b].weights.end());
  }
  std::vector<std::vector<Eigen::Vector3i>> triangles(field.size());
  parallel_for(field.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b)
      if (!vertices[b].empty()) add_triangles(field, vertices, b, surface.mesh, triangles[b]);
  });
  for (const auto& of_brick : triangles)
    surface.mesh.triangles.insert(surface.mesh.triangles.end(), of_brick.begin(), of_brick.end());
  return surface;
}

double typical_weight(const FieldGrid& field) {
  std::vector<float> weights;
  const auto near = static_cast<float>(0.5 * field.voxel_mm());
  for (std::size_t b = 0; b < field.size(); ++b)
    for (int i = 0; i < FieldGrid::nodes; ++i)
      if (std::abs(field.values(b).distance_mm[i]) < near) weights.push_back(field.values(b).weight[i]);
  if (weights.empty()) return 0.0;
  const auto middle = weights.begin() + static_cast<std::ptrdiff_t>(weights.size() / 2);
  std::nth_element(weights.begin(), middle, weights.end());
  return static_cast<double>(*middle);
}

}  // namespace fit
