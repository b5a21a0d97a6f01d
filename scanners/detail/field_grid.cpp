#include "scanners/detail/field_grid.h"

#include <algorithm>
#include <cmath>

#include "libfit/parallel.h"
#include "scanners/detail/integrate_kernel.h"

namespace fit {

namespace {

constexpr int bias = 1 << 20;
constexpr float bend_mm = 2.0f;  // by which a surface may leave its plane within a brick

std::uint64_t key_of(const Eigen::Vector3i& place) {
  const auto part = [](int value) { return static_cast<std::uint64_t>(value + bias) & 0x1fffff; };
  return part(place.x()) | part(place.y()) << 21 | part(place.z()) << 42 | std::uint64_t{1} << 63;
}

int floor_of(float x) {
  const int whole = static_cast<int>(x);
  return whole - (static_cast<float>(whole) > x);
}

/// A camera before the bricks of a field.
struct BrickCamera {
  IntegrationView view;
  Eigen::Matrix3f turn;  ///< from the field to the camera
  Eigen::Vector3f shift;
  float brick_mm, half_diagonal, middle;  ///< of a brick; the middle from its first node

  BrickCamera(const PosedSurface& seen, double voxel_mm, const Integration& how) {
    const FrameSurface& surface = *seen.surface;
    const Eigen::Isometry3d camera_from_world = seen.world_from_camera.inverse();
    turn = camera_from_world.linear().cast<float>();
    shift = camera_from_world.translation().cast<float>();
    brick_mm = static_cast<float>(FieldGrid::side * voxel_mm);
    half_diagonal = 0.87f * brick_mm;
    middle = 0.5f * (brick_mm - static_cast<float>(voxel_mm));
    view.planes = surface.planes.data();
    view.left = surface.box.left;
    view.top = surface.box.top;
    view.width = surface.box.width();
    view.height = surface.box.height();
    view.fx = static_cast<float>(surface.grid.fx_px);
    view.fy = static_cast<float>(surface.grid.fy_px);
    view.cx = static_cast<float>(surface.grid.cx_px) + 0.5f;
    view.cy = static_cast<float>(surface.grid.cy_px) + 0.5f;
    view.band = static_cast<float>(how.band_mm);
    view.reference = static_cast<float>(how.reference_mm);
    Eigen::Map<Eigen::Matrix3f>(view.step) = (camera_from_world.linear() * voxel_mm).cast<float>();
  }

  /// Whether the brick may be in sight; `origin` is its first node in the camera.
  bool sees(const Eigen::Vector3i& place, float* origin, RowRange& rows) const {
    const Eigen::Vector3f lowest = brick_mm * place.cast<float>();
    const Eigen::Vector3f at = turn * (lowest + Eigen::Vector3f::Constant(middle)) + shift;
    if (at.z() < half_diagonal + 1.0f) return false;
    const float per_z = 1.0f / at.z();
    const float u = view.fx * at.x() * per_z + view.cx - static_cast<float>(view.left),
                v = view.fy * at.y() * per_z + view.cy - static_cast<float>(view.top);
    const float around = half_diagonal * view.fx / (at.z() - half_diagonal);
    if (u < -around || v < -around || u > static_cast<float>(view.width) + around ||
        v > static_cast<float>(view.height) + around)
      return false;
    const Eigen::Vector3f first = turn * lowest + shift;
    Eigen::Map<Eigen::Vector3f>{origin} = first;
    rows = {0.0f, 0.0f, 0.0f};
    const int pu = static_cast<int>(u), pv = static_cast<int>(v);
    if (u < 0 || v < 0 || pu >= view.width || pv >= view.height) return true;
    // Far behind the surface that its middle's pixel saw, nothing of the brick is seen.
    const float* plane = view.planes + 4 * (static_cast<std::ptrdiff_t>(pv) * view.width + pu);
    if (!(plane[3] > 0)) return true;
    const Eigen::Vector3f inward = plane[3] * Eigen::Vector3f(plane[0], plane[1], plane[2]);
    const Eigen::Vector3f step = -Eigen::Map<const Eigen::Matrix3f>(view.step).transpose() * inward;
    rows = {plane[3] - inward.dot(first) + 7.0f * std::max(step.x(), 0.0f) + bend_mm, step.y(), step.z()};
    return rows.first + 7.0f * (std::max(step.y(), 0.0f) + std::max(step.z(), 0.0f)) >= -view.band;
  }
};

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
  std::fill_n(values(static_cast<std::size_t>(own)).distance_mm, nodes, unseen_mm);
  next_.emplace_back();
  for (int i = 0; i < 8; ++i) {
    const Eigen::Vector3i step(i & 1, i >> 1 & 1, i >> 2);
    next_.back()[static_cast<std::size_t>(i)] = find(place + step);
    if (const int before = find(place - step); before >= 0)
      next_[static_cast<std::size_t>(before)][static_cast<std::size_t>(i)] = own;
  }
}

bool FieldGrid::sample(const Eigen::Vector3f& point, Sample& result) const {
  const float per = 1.0f / static_cast<float>(voxel_);
  const Eigen::Vector3f scaled = point * per;
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
    for (int i = 0; i < 8; ++i) d[i] = own.distance_mm[at + step[i]];
  } else {
    const auto& next = next_[static_cast<std::size_t>(brick)];
    for (int i = 0; i < 8; ++i) {
      const int cx = x + (i & 1), cy = y + (i >> 1 & 1), cz = z + (i >> 2);
      const int other = next[static_cast<std::size_t>(cx >> 3 | (cy >> 3) << 1 | (cz >> 3) << 2)];
      if (other < 0) return false;
      d[i] = values(static_cast<std::size_t>(other)).distance_mm[(cx & 7) | (cy & 7) << 3 | (cz & 7) << 6];
    }
  }
  const float largest = std::max(std::max(std::max(d[0], d[1]), std::max(d[2], d[3])),
                                 std::max(std::max(d[4], d[5]), std::max(d[6], d[7])));
  if (largest == unseen_mm) return false;
  const float x00 = d[0] + t.x() * (d[1] - d[0]), x10 = d[2] + t.x() * (d[3] - d[2]);
  const float x01 = d[4] + t.x() * (d[5] - d[4]), x11 = d[6] + t.x() * (d[7] - d[6]);
  const float y0 = x00 + t.y() * (x10 - x00), y1 = x01 + t.y() * (x11 - x01);
  result.distance_mm = y0 + t.z() * (y1 - y0);
  const auto mix = [](float a, float b, float s) { return a + s * (b - a); };
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
  const int places = 2 * steps + 1;
  std::vector<Eigen::Vector3i> last(static_cast<std::size_t>(places), Eigen::Vector3i::Constant(-(1 << 19)));
  for (int v = surface.box.top; v < surface.box.bottom; ++v)
    for (int u = surface.box.left + (v & 1); u < surface.box.right; u += 2) {
      const std::size_t i = surface.at(u, v);
      if (!surface.sound(i)) continue;
      const Eigen::Vector3f point = turn * surface.point(u, v) + shift;
      if (!in_region(point)) continue;
      const Eigen::Vector3f away = (turn * surface.normal(i)) * (per_brick * static_cast<float>(how.band_mm / steps));
      Eigen::Vector3f at = per_brick * point - static_cast<float>(steps) * away;
      for (Eigen::Vector3i& last_place : last) {
        const Eigen::Vector3i place(floor_of(at.x()), floor_of(at.y()), floor_of(at.z()));
        at += away;
        if (place == last_place) continue;
        last_place = place;
        field.add(place);
      }
    }
}

void integrate(FieldGrid& field, const std::vector<PosedSurface>& seen, const Integration& how) {
  std::vector<BrickCamera> cameras;
  for (const PosedSurface& one : seen)
    if (!one.surface->box.empty()) cameras.emplace_back(one, field.voxel_mm(), how);
  const auto lay = __builtin_cpu_supports("avx2") ? integrate_brick_avx2 : integrate_brick_portable;
  parallel_for(field.size(), 64, [&](std::size_t begin, std::size_t end) {
    for (std::size_t b = begin; b < end; ++b)
      for (const BrickCamera& camera : cameras) {
        float origin[3];
        RowRange rows;
        if (camera.sees(field.place(b), origin, rows))
          lay(camera.view, origin, rows, field.values(b).distance_mm, field.values(b).weight);
      }
  });
}

}  // namespace fit
