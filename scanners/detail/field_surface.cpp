#include "scanners/detail/field_surface.h"

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

struct CellVertices {
  std::vector<std::vector<int>> of_brick;  ///< empty, or 512 a brick; -1 for none

  int at(const FieldGrid& field, const Eigen::Vector3i& cell) const {
    const int brick = field.find({cell.x() >> 3, cell.y() >> 3, cell.z() >> 3});
    if (brick < 0 || of_brick[static_cast<std::size_t>(brick)].empty()) return -1;
    return of_brick[static_cast<std::size_t>(brick)]
                   [static_cast<std::size_t>((cell.x() & 7) | (cell.y() & 7) << 3 | (cell.z() & 7) << 6)];
  }
};

void add_quad(Mesh& mesh, const int* q) {
  const auto length = [&](int a, int b) {
    return (mesh.vertices[static_cast<std::size_t>(a)] - mesh.vertices[static_cast<std::size_t>(b)]).squaredNorm();
  };
  if (length(q[0], q[2]) <= length(q[1], q[3])) {
    mesh.triangles.emplace_back(q[0], q[1], q[2]);
    mesh.triangles.emplace_back(q[0], q[2], q[3]);
  } else {
    mesh.triangles.emplace_back(q[0], q[1], q[3]);
    mesh.triangles.emplace_back(q[1], q[2], q[3]);
  }
}

void add_triangles(const FieldGrid& field, const CellVertices& vertices, std::size_t brick, Mesh& mesh) {
  const Eigen::Vector3i lowest = FieldGrid::side * field.place(brick);
  float d[8], w[8];
  for (int local = 0; local < FieldGrid::nodes; ++local) {
    const std::vector<int>& own = vertices.of_brick[brick];
    if (own[static_cast<std::size_t>(local)] < 0) continue;  // an edge that crosses has a vertex in each cell around it
    if (!corners_of(field, brick, local, 1e-30f, d, w)) continue;
    const Eigen::Vector3i cell = lowest + Eigen::Vector3i(local & 7, local >> 3 & 7, local >> 6);
    for (int axis = 0; axis < 3; ++axis) {
      const bool inside = d[0] < 0;
      if (inside == (d[1 << axis] < 0)) continue;
      Eigen::Vector3i u = Eigen::Vector3i::Zero(), v = Eigen::Vector3i::Zero();
      u[(axis + 1) % 3] = 1;
      v[(axis + 2) % 3] = 1;
      int q[4] = {vertices.at(field, cell - u - v), vertices.at(field, cell - v), own[static_cast<std::size_t>(local)],
                  vertices.at(field, cell - u)};
      if (q[0] < 0 || q[1] < 0 || q[3] < 0) continue;
      if (!inside) std::swap(q[1], q[3]);
      add_quad(mesh, q);
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
  vertices.of_brick.resize(field.size());
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
        if (vertices.of_brick[b].empty()) vertices.of_brick[b].assign(FieldGrid::nodes, -1);
        vertices.of_brick[b][static_cast<std::size_t>(local)] = static_cast<int>(found[b].places.size());
        const Eigen::Vector3d cell =
            (FieldGrid::side * field.place(b) + Eigen::Vector3i(local & 7, local >> 3 & 7, local >> 6)).cast<double>();
        found[b].places.push_back(field.voxel_mm() * (cell + place_in_cell(d)));
        found[b].weights.push_back(weight);
      }
  });
  FieldSurface surface;
  for (std::size_t b = 0; b < field.size(); ++b) {
    const int first = static_cast<int>(surface.mesh.vertices.size());
    for (int& v : vertices.of_brick[b])
      if (v >= 0) v += first;
    surface.mesh.vertices.insert(surface.mesh.vertices.end(), found[b].places.begin(), found[b].places.end());
    surface.weight.insert(surface.weight.end(), found[b].weights.begin(), found[b].weights.end());
  }
  for (std::size_t b = 0; b < field.size(); ++b)
    if (!vertices.of_brick[b].empty()) add_triangles(field, vertices, b, surface.mesh);
  return surface;
}

}  // namespace fit
