#include "libfit/detail/normal_flow.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>

#include "libfit/parallel.h"

namespace fit::detail {

namespace {

constexpr double kLongestStepMm = 3.0;
constexpr double kFineMm = 3.5;
constexpr double kCoarseMm = 12.0;
constexpr int kBlurPasses = 2;  // with [1 2 1] / 4, and the hats of splat and sample: sigma 1.15 cells
constexpr double kCoarseShare = 0.5;
constexpr std::size_t kGrain = 8192;

/// Vectors on a lattice whose nodes lie at whole multiples of its cell: a mirrored surface finds a mirrored lattice.
class Lattice {
 public:
  Lattice(const Box& box, double cell_mm) {
    // A surface of any size gets a lattice of bounded size: a scan in the wrong units must not take all memory.
    constexpr double kMostNodes = 6e6;
    const Eigen::Vector3d size = box.size().array() + 2.0 * kMargin * cell_mm;
    cell_ = std::max(cell_mm, std::cbrt(size.prod() / kMostNodes));
    for (int axis = 0; axis < 3; ++axis) {
      first_[axis] = static_cast<int>(std::floor(box.lowest[axis] / cell_)) - kMargin;
      count_[axis] = static_cast<int>(std::ceil(box.highest[axis] / cell_)) + kMargin + 1 - first_[axis];
    }
    nodes_.assign(static_cast<std::size_t>(count_[0]) * count_[1] * count_[2], Eigen::Vector3d::Zero());
  }

  void splat(const Eigen::Vector3d& at, const Eigen::Vector3d& value) {
    for (const auto& [node, weight] : corners(at)) nodes_[node] += weight * value;
  }

  Eigen::Vector3d sample(const Eigen::Vector3d& at) const {
    Eigen::Vector3d sum = Eigen::Vector3d::Zero();
    for (const auto& [node, weight] : corners(at)) sum += weight * nodes_[node];
    return sum;
  }

  double cell_volume() const { return cell_ * cell_ * cell_; }

  void blur() {
    const std::size_t stride[3] = {1, static_cast<std::size_t>(count_[0]),
                                   static_cast<std::size_t>(count_[0]) * count_[1]};
    for (int axis = 0; axis < 3; ++axis) {
      const int a = (axis + 1) % 3;
      const int b = (axis + 2) % 3;
      const std::size_t lines = static_cast<std::size_t>(count_[a]) * count_[b];
      parallel_for(lines, 1024, [&](std::size_t begin, std::size_t end) {
        for (std::size_t line = begin; line < end; ++line)
          blur_line(line % count_[a] * stride[a] + line / count_[a] * stride[b], stride[axis], count_[axis]);
      });
    }
  }

 private:
  static constexpr int kMargin = kBlurPasses + 1;

  void blur_line(std::size_t start, std::size_t stride, int count) {
    Eigen::Vector3d before = Eigen::Vector3d::Zero();
    for (int i = 0; i + 1 < count; ++i) {
      Eigen::Vector3d& node = nodes_[start + i * stride];
      const Eigen::Vector3d here = node;
      node = 0.25 * (before + nodes_[start + (i + 1) * stride]) + 0.5 * here;
      before = here;
    }
  }

  std::array<std::pair<std::size_t, double>, 8> corners(const Eigen::Vector3d& at) const {
    std::size_t base[3];
    double along[3];
    for (int axis = 0; axis < 3; ++axis) {
      const double place = at[axis] / cell_ - first_[axis];
      const int low = std::clamp(static_cast<int>(std::floor(place)), 0, count_[axis] - 2);
      base[axis] = static_cast<std::size_t>(low);
      along[axis] = place - low;
    }
    std::array<std::pair<std::size_t, double>, 8> result;
    for (int corner = 0; corner < 8; ++corner) {
      const int x = corner & 1, y = corner >> 1 & 1, z = corner >> 2;
      const std::size_t node = ((base[2] + z) * count_[1] + base[1] + y) * count_[0] + base[0] + x;
      const double weight =
          (x ? along[0] : 1.0 - along[0]) * (y ? along[1] : 1.0 - along[1]) * (z ? along[2] : 1.0 - along[2]);
      result[corner] = {node, weight};
    }
    return result;
  }

  double cell_;
  int first_[3];
  int count_[3];
  std::vector<Eigen::Vector3d> nodes_;
};

}  // namespace

std::vector<Eigen::Vector3d> smooth_normals(const Mesh& surface) {
  const Box box = bounding_box(surface);
  Lattice fine(box, kFineMm);
  Lattice coarse(box, kCoarseMm);
  std::vector<Eigen::Vector3d> twice_areas(surface.triangles.size());
  parallel_for(twice_areas.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3i& t = surface.triangles[i];
      const Eigen::Vector3d& a = surface.vertices[t[0]];
      twice_areas[i] = (surface.vertices[t[1]] - a).cross(surface.vertices[t[2]] - a);
    }
  });
  for (std::size_t i = 0; i < twice_areas.size(); ++i) {
    const Eigen::Vector3i& t = surface.triangles[i];
    const Eigen::Vector3d sum = surface.vertices[t[0]] + surface.vertices[t[1]] + surface.vertices[t[2]];
    coarse.splat(sum / 3.0, twice_areas[i]);
    if (twice_areas[i].squaredNorm() < std::pow(2.0 * kFineMm * kFineMm, 2)) {
      fine.splat(sum / 3.0, twice_areas[i]);
    } else {
      // Spread towards its corners: else the field would have holes between the middles of large triangles.
      for (int corner = 0; corner < 3; ++corner)
        fine.splat((2.0 * surface.vertices[t[corner]] + sum) / 5.0, twice_areas[i] / 3.0);
    }
  }
  for (int pass = 0; pass < kBlurPasses; ++pass) {
    fine.blur();
    coarse.blur();
  }

  // Deep in a narrow fold the walls' normals cancel each other; there the surface at large says what is outward.
  const double share = kCoarseShare * fine.cell_volume() / coarse.cell_volume();
  std::vector<Eigen::Vector3d> normals(surface.vertices.size());
  parallel_for(normals.size(), kGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const Eigen::Vector3d normal = fine.sample(surface.vertices[i]) + share * coarse.sample(surface.vertices[i]);
      const double length = normal.norm();
      normals[i] = length > 0.0 ? Eigen::Vector3d(normal / length) : Eigen::Vector3d(Eigen::Vector3d::Zero());
    }
  });
  return normals;
}

void move_along_normals(Mesh& surface, const Values& amounts_mm, const Progress& progress) {
  double most = 0.0;
  for (double amount : amounts_mm) most = std::max(most, std::abs(amount));
  const int steps = static_cast<int>(std::ceil(most / kLongestStepMm));
  for (int step = 0; step < steps; ++step) {
    progress(static_cast<double>(step) / steps);
    const std::vector<Eigen::Vector3d> normals = smooth_normals(surface);
    parallel_for(surface.vertices.size(), kGrain, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) surface.vertices[i] += amounts_mm[i] / steps * normals[i];
    });
  }
}

}  // namespace fit::detail
