#include "scanners/detail/field_grid.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"
#include "scanners/detail/integrate_kernel.h"

namespace fit {

namespace {

constexpr int bias = 1 << 20;

std::uint64_t key_of(const Eigen::Vector3i& place) {
  const auto part = [](int value) { return static_cast<std::uint64_t>(value + bias) & 0x1fffff; };
  return part(place.x()) | part(place.y()) << 21 | part(place.z()) << 42 | std::uint64_t{1} << 63;
}

}  // namespace

FieldGrid::FieldGrid(double voxel_mm, std::size_t most_bricks)
    : voxel_(voxel_mm), most_(most_bricks), keys_(1024, 0), bricks_(1024, -1) {}

std::size_t FieldGrid::slot_of(std::uint64_t key) const {
  std::size_t slot = (key * 0x9e3779b97f4a7c15u >> 20) & (keys_.size() - 1);
  while (keys_[slot] != 0 && keys_[slot] != key) slot = (slot + 1) & (keys_.size() - 1);
  return slot;
}

int FieldGrid::find(const Eigen::Vector3i& place) const { return bricks_[slot_of(key_of(place))]; }

void FieldGrid::grow() {
  std::vector<std::uint64_t> keys(2 * keys_.size(), 0);
  std::vector<int> bricks(2 * keys_.size(), -1);
  keys.swap(keys_);
  bricks.swap(bricks_);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == 0) continue;
    const std::size_t slot = slot_of(keys[i]);
    keys_[slot] = keys[i];
    bricks_[slot] = bricks[i];
  }
}

void FieldGrid::add(const Eigen::Vector3i& place) {
  const std::uint64_t key = key_of(place);
  std::size_t slot = slot_of(key);
  if (keys_[slot] == key) return;
  if (places_.size() >= most_) {
    full_ = true;
    return;
  }
  if (2 * (places_.size() + 1) > keys_.size()) {
    grow();
    slot = slot_of(key);
  }
  const int own = static_cast<int>(places_.size());
  keys_[slot] = key;
  bricks_[slot] = own;
  places_.push_back(place);
  if (places_.size() > chunks_.size() * chunk) chunks_.push_back(std::make_unique<Values[]>(chunk));
  next_.emplace_back();
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3i step(i & 1, i >> 1 & 1, i >> 2);
    next_.back()[static_cast<std::size_t>(i)] = find(place + step);
    if (const int before = find(place - step); before >= 0)
      next_[static_cast<std::size_t>(before)][static_cast<std::size_t>(i)] = own;
  }
}

bool FieldGrid::sample(const Eigen::Vector3f& point, Sample& result) const {
  const Eigen::Vector3f scaled = point / static_cast<float>(voxel_);
  const Eigen::Vector3f floor = scaled.array().floor();
  const Eigen::Vector3i node = floor.cast<int>();
  const Eigen::Vector3f t = scaled - floor;
  const Eigen::Vector3i wanted(node.x() >> 3, node.y() >> 3, node.z() >> 3);
  if (result.brick < 0 || places_[static_cast<std::size_t>(result.brick)] != wanted) result.brick = find(wanted);
  const int brick = result.brick;
  if (brick < 0) return false;
  const int x = node.x() & 7, y = node.y() & 7, z = node.z() & 7;
  float d[8];
  const Values& own = values(static_cast<std::size_t>(brick));
  if (x < 7 && y < 7 && z < 7) {
    const int at = x | y << 3 | z << 6;
    constexpr int step[8] = {0, 1, 8, 9, 64, 65, 72, 73};
    for (int i = 0; i < 8; ++i) {
      if (own.weight[at + step[i]] <= 0) return false;
      d[i] = own.distance_mm[at + step[i]];
    }
  } else {
    const auto& next = next_[static_cast<std::size_t>(brick)];
    for (int i = 0; i < 8; ++i) {
      const int cx = x + (i & 1), cy = y + (i >> 1 & 1), cz = z + (i >> 2);
      const int other = next[static_cast<std::size_t>(cx >> 3 | (cy >> 3) << 1 | (cz >> 3) << 2)];
      if (other < 0) return false;
      const Values& values_there = values(static_cast<std::size_t>(other));
      const int at = (cx & 7) | (cy & 7) << 3 | (cz & 7) << 6;
      if (values_there.weight[at] <= 0) return false;
      d[i] = values_there.distance_mm[at];
    }
  }
  const float x00 = d[0] + t.x() * (d[1] - d[0]), x10 = d[2] + t.x() * (d[3] - d[2]);
  const float x01 = d[4] + t.x() * (d[5] - d[4]), x11 = d[6] + t.x() * (d[7] - d[6]);
  const float y0 = x00 + t.y() * (x10 - x00), y1 = x01 + t.y() * (x11 - x01);
  result.distance_mm = y0 + t.z() * (y1 - y0);
  const auto mix = [](float a, float b, float s) { return a + s * (b - a); };
  const float per = 1.0f / static_cast<float>(voxel_);
  result.gradient = {per * mix(mix(d[1] - d[0], d[3] - d[2], t.y()), mix(d[5] - d[4], d[7] - d[6], t.y()), t.z()),
                     per * mix(x10 - x00, x11 - x01, t.z()), per * (y1 - y0)};
  return true;
}

void allocate(FieldGrid& field, const FrameSurface& surface, const Eigen::Isometry3d& world_from_camera,
              const Integration& how) {
  const Eigen::Matrix3f turn = world_from_camera.linear().cast<float>();
  const Eigen::Vector3f shift = world_from_camera.translation().cast<float>();
  const InRegion in_region(how.region);
  const auto per_brick = static_cast<float>(1.0 / (FieldGrid::side * field.voxel_mm()));
  const int steps = std::max(1, static_cast<int>(std::ceil(how.band_mm / (FieldGrid::side * field.voxel_mm()))));
  Eigen::Vector3i last = Eigen::Vector3i::Constant(-(1 << 19));
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left + (v & 1); u < surface.box.right; u += 2) {
      const std::size_t i = surface.at(u, v);
      if (!surface.sound(i)) continue;
      const Eigen::Vector3f point = turn * surface.points[i] + shift;
      if (!in_region(point)) continue;
      const Eigen::Vector3f away = (turn * surface.normals[i]) * static_cast<float>(how.band_mm);
      for (int step = -steps; step <= steps; ++step) {
        const Eigen::Vector3i place =
            ((point + static_cast<float>(step) / static_cast<float>(steps) * away) * per_brick)
                .array()
                .floor()
                .cast<int>();
        if (place == last) continue;
        last = place;
        field.add(place);
      }
    }
}

void integrate(FieldGrid& field, const PixelPlanes& planes, const Intrinsics& k,
               const Eigen::Isometry3d& world_from_camera, const Integration& how) {
  if (planes.box.empty()) return;
  const Eigen::Isometry3d camera_from_world = world_from_camera.inverse();
  IntegrationView view;
  view.planes = planes.values.data();
  view.left = planes.box.left;
  view.top = planes.box.top;
  view.width = planes.box.width();
  view.height = planes.box.height();
  view.fx = static_cast<float>(k.fx_px);
  view.fy = static_cast<float>(k.fy_px);
  view.cx = static_cast<float>(k.cx_px) + 0.5f;
  view.cy = static_cast<float>(k.cy_px) + 0.5f;
  view.band = static_cast<float>(how.band_mm);
  view.reference = static_cast<float>(how.reference_mm);
  const Eigen::Matrix3f steps = (camera_from_world.linear() * field.voxel_mm()).cast<float>();
  Eigen::Map<Eigen::Matrix3f>(view.step) = steps;
  const double brick_mm = FieldGrid::side * field.voxel_mm();
  const double half_diagonal = 0.87 * brick_mm;
  const auto integrate_here = __builtin_cpu_supports("avx2") ? integrate_brick_avx2 : integrate_brick_portable;
  parallel_for(field.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b) {
      const Eigen::Vector3d lowest = brick_mm * field.place(b).cast<double>();
      const Eigen::Vector3d middle =
          camera_from_world * (lowest + Eigen::Vector3d::Constant(0.5 * (brick_mm - field.voxel_mm())));
      if (middle.z() < half_diagonal + 1.0) continue;
      const double u = k.fx_px * middle.x() / middle.z() + k.cx_px, v = k.fy_px * middle.y() / middle.z() + k.cy_px;
      const double reach = half_diagonal * k.fx_px / (middle.z() - half_diagonal);
      if (u < planes.box.left - reach || v < planes.box.top - reach || u > planes.box.right + reach ||
          v > planes.box.bottom + reach)
        continue;
      // Far behind what its middle's pixel saw, nothing of the brick is seen.
      const int pu = static_cast<int>(u + 0.5) - planes.box.left, pv = static_cast<int>(v + 0.5) - planes.box.top;
      if (pu >= 0 && pv >= 0 && pu < view.width && pv < view.height) {
        const float* plane = &view.planes[4 * (static_cast<std::size_t>(pv) * static_cast<std::size_t>(view.width) +
                                               static_cast<std::size_t>(pu))];
        if (plane[3] > 0) {
          const double distance =
              (1.0 - (static_cast<double>(plane[0]) * middle.x() + static_cast<double>(plane[1]) * middle.y() +
                      static_cast<double>(plane[2]) * middle.z())) *
              static_cast<double>(plane[3]);
          if (distance < -(how.band_mm + half_diagonal + 2.0)) continue;
        }
      }
      const Eigen::Vector3f origin = (camera_from_world * lowest).cast<float>();
      FieldGrid::Values& values = field.values(b);
      integrate_here(view, origin.data(), values.distance_mm, values.weight);
    }
  });
}

}  // namespace fit
