#include "scanners/synthetic.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

#include "libfit/error.h"
#include "scanners/detail/noise_field.h"

namespace fit {

namespace {

constexpr double edge_mm = 20.0;  // a jump between neighbours that is an outline, not a slope
constexpr double nearest_mm = 20.0;

/// What a pixel sees without any error.
struct Sight {
  std::vector<float> depth_mm;    ///< 0: nothing
  std::vector<float> slant;       ///< cosine of the angle between the line of sight and the surface's normal
  std::vector<std::int32_t> hit;  ///< the triangle
};

class SyntheticCamera : public Camera {
 public:
  SyntheticCamera(const std::vector<ScenePart>& scene, const std::vector<Eigen::Isometry3d>& poses,
                  const SensorModel& sensor, const SyntheticParams& params)
      : poses_(poses),
        sensor_(sensor),
        params_(params),
        noise_(sensor.width, sensor.height, sensor.fine_px, sensor.coarse_px, sensor.fine_share) {
    for (const ScenePart& part : scene) add(part);
    info_.format = "synthetic camera";
    info_.device = "synthetic " + sensor.sensor_name;
    info_.depth = {
        sensor.width, sensor.height, sensor.fx_px, sensor.fx_px, (sensor.width - 1) / 2.0, (sensor.height - 1) / 2.0};
    if (!scene_.colors.empty()) info_.color = info_.depth;
    info_.frames_per_s = sensor.frames_per_s;
    info_.frames = poses.size();
    std::mt19937_64 random(static_cast<std::uint64_t>(params.seed) * 2 + 1);
    noise_.draw(random, fixed_);
    draw_bias(random);
  }

  const CameraInfo& info() const override { return info_; }

  bool next(Frame& frame) override {
    if (next_ == poses_.size()) return false;
    look(poses_[next_].inverse(), next_);
    std::mt19937_64 random((static_cast<std::uint64_t>(params_.seed) << 32) + 2 * next_);
    frame.time_s = static_cast<double>(next_) / sensor_.frames_per_s;
    frame.world_from_camera.reset();
    frame.depth.intrinsics = info_.depth;
    frame.depth.mm_per_count = sensor_.mm_per_count;
    frame.depth.counts.assign(sight_.depth_mm.size(), 0);
    if (params_.noise) noise_.draw(random, varying_);
    for (int v = 0; v < sensor_.height; ++v)
      for (int u = 0; u < sensor_.width; ++u) {
        const double count =
            (params_.noise ? measured(u, v, random) : sight_.depth_mm[at(u, v)]) / sensor_.mm_per_count;
        if (count >= 0.5 && count < 65535) frame.depth.counts[at(u, v)] = static_cast<std::uint16_t>(count + 0.5);
      }
    paint(frame);
    ++next_;
    return true;
  }

 private:
  std::size_t at(int u, int v) const {
    return static_cast<std::size_t>(v) * static_cast<std::size_t>(sensor_.width) + static_cast<std::size_t>(u);
  }
  double true_focal() const { return sensor_.fx_px * (1.0 + params_.focal_error_percent / 100.0); }

  /// Three slow waves over the image, the largest value as asked.
  void draw_bias(std::mt19937_64& random) {
    bias_.assign(fixed_.size(), 0.0f);
    if (params_.bias_mm <= 0) return;
    float largest = 1e-6f;
    for (int wave = 0; wave < 3; ++wave) {
      const double across = bell(random) * 6.0 / sensor_.width;
      const double down = bell(random) * 6.0 / sensor_.width;
      const double phase = 3.0 * bell(random);
      for (int v = 0; v < sensor_.height; ++v)
        for (int u = 0; u < sensor_.width; ++u)
          bias_[at(u, v)] += static_cast<float>(std::sin(across * u + down * v + phase));
    }
    for (const float value : bias_) largest = std::max(largest, std::abs(value));
    for (float& value : bias_) value *= static_cast<float>(params_.bias_mm) / largest;
  }

  void add(const ScenePart& part) {
    const int first = static_cast<int>(scene_.vertices.size());
    scene_.vertices.insert(scene_.vertices.end(), part.mesh.vertices.begin(), part.mesh.vertices.end());
    scene_.colors.insert(scene_.colors.end(), part.mesh.colors.begin(), part.mesh.colors.end());
    for (const Eigen::Vector3i& t : part.mesh.triangles) scene_.triangles.push_back(t.array() + first);
    ends_.push_back(scene_.vertices.size());
    motions_.push_back(part.world_from_part);
  }

  /// Draws the scene into `sight_` by a z-buffer: 1/z is linear over the image of a plane.
  void look(const Eigen::Isometry3d& camera_from_world, std::size_t frame) {
    const auto pixels = fixed_.size();
    sight_.depth_mm.assign(pixels, 0.0f);
    sight_.slant.assign(pixels, 0.0f);
    sight_.hit.assign(pixels, -1);
    seen_.resize(scene_.vertices.size());
    std::size_t i = 0;
    for (std::size_t part = 0; part < ends_.size(); ++part) {
      const auto& motion = motions_[part];
      const Eigen::Isometry3d pose = motion.empty() ? camera_from_world : camera_from_world * motion[frame];
      for (; i < ends_[part]; ++i) seen_[i] = pose * scene_.vertices[i];
    }
    for (std::size_t t = 0; t < scene_.triangles.size(); ++t) draw(t);
  }

  /// Triangles that reach behind the camera are left out: no scan is taken from so near.
  void draw(std::size_t t) {
    const Eigen::Vector3i& corners = scene_.triangles[t];
    const Eigen::Vector3d& a = seen_[static_cast<std::size_t>(corners[0])];
    const Eigen::Vector3d& b = seen_[static_cast<std::size_t>(corners[1])];
    const Eigen::Vector3d& c = seen_[static_cast<std::size_t>(corners[2])];
    if (std::min({a.z(), b.z(), c.z()}) < nearest_mm) return;
    const Eigen::Vector3d normal = (b - a).cross(c - a);
    const double offset = normal.dot(a);
    if (offset == 0.0) return;  // seen edge on
    const double f = true_focal();
    const auto project = [&](const Eigen::Vector3d& p) {
      return Eigen::Vector2d(f * p.x() / p.z() + info_.depth.cx_px, f * p.y() / p.z() + info_.depth.cy_px);
    };
    const Eigen::Vector2d pa = project(a), pb = project(b), pc = project(c);
    const Eigen::Vector2d low = pa.cwiseMin(pb).cwiseMin(pc);
    const Eigen::Vector2d high = pa.cwiseMax(pb).cwiseMax(pc);
    const auto side = [](const Eigen::Vector2d& p, const Eigen::Vector2d& q, double x, double y) {
      return (q.x() - p.x()) * (y - p.y()) - (q.y() - p.y()) * (x - p.x());
    };
    const double turn = side(pa, pb, pc.x(), pc.y()) < 0 ? -1.0 : 1.0;
    const int u0 = static_cast<int>(std::ceil(std::max(low.x(), 0.0)));
    const int v0 = static_cast<int>(std::ceil(std::max(low.y(), 0.0)));
    for (int v = v0; v <= std::min(high.y(), sensor_.height - 1.0); ++v)
      for (int u = u0; u <= std::min(high.x(), sensor_.width - 1.0); ++u) {
        if (turn * side(pa, pb, u, v) < 0 || turn * side(pb, pc, u, v) < 0 || turn * side(pc, pa, u, v) < 0) continue;
        const Eigen::Vector3d ray((u - info_.depth.cx_px) / f, (v - info_.depth.cy_px) / f, 1.0);
        const double z = offset / normal.dot(ray);
        const std::size_t i = at(u, v);
        if (!(z > 0) || (sight_.hit[i] >= 0 && z >= static_cast<double>(sight_.depth_mm[i]))) continue;
        sight_.depth_mm[i] = static_cast<float>(z);
        sight_.hit[i] = static_cast<std::int32_t>(t);
        sight_.slant[i] = static_cast<float>(std::abs(normal.dot(ray)) / (normal.norm() * ray.norm()));
      }
  }

  /// Depth as the sensor would give it, mm; 0 where it gives none.
  double measured(int u, int v, std::mt19937_64& random) {
    const int ju =
        std::clamp(u + static_cast<int>(std::lround(sensor_.edge_jitter_px * bell(random))), 0, sensor_.width - 1);
    const int jv =
        std::clamp(v + static_cast<int>(std::lround(sensor_.edge_jitter_px * bell(random))), 0, sensor_.height - 1);
    // A jittered sight matters at outlines; on a smooth surface the noise already holds it.
    const double own = sight_.depth_mm[at(u, v)];
    const double other = sight_.depth_mm[at(ju, jv)];
    const bool edge = std::abs(own - other) > edge_mm;
    double z = edge ? other : own;
    const std::size_t i = edge ? at(ju, jv) : at(u, v);
    if (z <= 0 || sight_.slant[i] < std::cos(sensor_.steepest_deg * std::numbers::pi / 180.0)) return 0.0;
    const double chance = static_cast<double>(random() >> 11) * 0x1p-53;
    if (params_.dropout_percent > 0 && static_cast<double>(random() >> 11) * 0x1p-53 < params_.dropout_percent / 100.0)
      return 0.0;
    if (edge && own > 0 && chance < sensor_.flying_share) z = own + (other - own) * chance / sensor_.flying_share;
    const double square = z * z / 1e6;
    const double sigma = sensor_.noise_floor_mm + sensor_.noise_at_1m_mm * square;
    const double fixed = std::sqrt(sensor_.fixed_share) * fixed_[at(u, v)];
    const double varying = std::sqrt(1.0 - sensor_.fixed_share) * varying_[at(u, v)];
    z += sigma * (fixed + varying) + bias_[at(u, v)];
    if (z <= nearest_mm || sensor_.step_at_1m_mm <= 0) return std::max(z, 0.0);
    const double step = sensor_.step_at_1m_mm * 1e-6;  // of 1/z
    const double places = std::max(1.0, std::round(1.0 / z / step));
    return 1.0 / (places * step);
  }

  void paint(Frame& frame) const {
    frame.color.rgb.clear();
    if (!info_.color) return;
    frame.color.intrinsics = *info_.color;
    frame.color.time_s = frame.time_s;
    frame.color.rgb.assign(3 * sight_.hit.size(), 0);
    for (std::size_t i = 0; i < sight_.hit.size(); ++i) {
      if (sight_.hit[i] < 0) continue;
      const Eigen::Vector3i& corners = scene_.triangles[static_cast<std::size_t>(sight_.hit[i])];
      Eigen::Vector3d color = Eigen::Vector3d::Zero();
      for (int k = 0; k < 3; ++k) color += scene_.colors[static_cast<std::size_t>(corners[k])] / 3.0;
      for (int k = 0; k < 3; ++k)
        frame.color.rgb[3 * i + static_cast<std::size_t>(k)] =
            static_cast<std::uint8_t>(255.0 * std::clamp(color[k], 0.0, 1.0) + 0.5);
    }
  }

  Mesh scene_;                     ///< all parts, as they are without their motions
  std::vector<std::size_t> ends_;  ///< of each part's vertices
  std::vector<std::vector<Eigen::Isometry3d>> motions_;
  std::vector<Eigen::Isometry3d> poses_;
  SensorModel sensor_;
  SyntheticParams params_;
  CameraInfo info_;
  NoiseField noise_;
  std::vector<float> fixed_, varying_, bias_;
  std::vector<Eigen::Vector3d> seen_;
  Sight sight_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<Camera> look_at(const Mesh& scene, const std::vector<Eigen::Isometry3d>& world_from_camera,
                                const SensorModel& sensor, const SyntheticParams& params) {
  return look_at(std::vector<ScenePart>{{scene, {}}}, world_from_camera, sensor, params);
}

std::unique_ptr<Camera> look_at(const std::vector<ScenePart>& scene,
                                const std::vector<Eigen::Isometry3d>& world_from_camera, const SensorModel& sensor,
                                const SyntheticParams& params) {
  validate(sensor);
  validate(params);
  bool any = false, all = true;
  for (const ScenePart& part : scene) {
    if (!part.world_from_part.empty() && part.world_from_part.size() != world_from_camera.size())
      throw Error(ErrorKind::bad_params, "A part that moves needs one pose for every frame of the camera.");
    any |= !part.mesh.colors.empty();
    all &= part.mesh.colors.size() == part.mesh.vertices.size();
  }
  if (any && !all) throw Error(ErrorKind::bad_params, "Either all parts of a scene have colours, or none has.");
  return std::make_unique<SyntheticCamera>(scene, world_from_camera, sensor, params);
}

std::vector<Eigen::Isometry3d> walk_around(const Eigen::Vector3d& centre_mm, double distance_mm, int frames,
                                           double turns, double rise_mm) {
  std::vector<Eigen::Isometry3d> poses;
  for (int i = 0; i < frames; ++i) {
    const double angle = 2.0 * std::numbers::pi * turns * i / frames;
    const double height = frames > 1 ? rise_mm * (2.0 * i / (frames - 1) - 1.0) : 0.0;
    const Eigen::Vector3d from =
        centre_mm + Eigen::Vector3d(distance_mm * std::cos(angle), distance_mm * std::sin(angle), height);
    Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
    const Eigen::Vector3d forward = (centre_mm - from).normalized();
    const Eigen::Vector3d right = forward.cross(Eigen::Vector3d::UnitZ()).normalized();
    pose.linear().col(0) = right;
    pose.linear().col(1) = forward.cross(right);
    pose.linear().col(2) = forward;
    pose.translation() = from;
    poses.push_back(pose);
  }
  return poses;
}

}  // namespace fit
