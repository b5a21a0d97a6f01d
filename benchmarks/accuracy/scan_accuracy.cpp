#include "benchmarks/accuracy/scan_accuracy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <random>

#include "benchmarks/accuracy/scan_errors.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/fuse.h"
#include "scanners/synthetic.h"

namespace fit {

namespace {

constexpr double distance_mm = 400.0;

/// Skin with the blotches, veins and hair that a colour camera sees faintly.
void paint_skin(Mesh& limb, int seed) {
  std::mt19937 random(static_cast<unsigned>(seed) + 77);
  const auto draw = [&] { return static_cast<double>(random() >> 8) * 0x1p-24; };
  struct Wave {
    Eigen::Vector3d along;
    double phase;
  };
  std::vector<Wave> waves;
  for (int i = 0; i < 12; ++i) {
    const Eigen::Vector3d along(draw() - 0.5, draw() - 0.5, draw() - 0.5);
    waves.push_back({0.5 * along, 6.28 * draw()});
  }
  limb.colors.clear();
  for (const auto& v : limb.vertices) {
    double tone = 0;
    for (const Wave& wave : waves) tone += std::sin(wave.along.dot(v) + wave.phase) / 12.0;
    limb.colors.emplace_back(0.70 + 0.12 * tone, 0.55 + 0.12 * tone, 0.45 + 0.10 * tone);
  }
}

Mesh box(const Eigen::Vector3d& low, const Eigen::Vector3d& high, const Eigen::Vector3d& color) {
  constexpr int n = 30;
  Mesh mesh;
  const Eigen::Vector3d middle = 0.5 * (low + high), half = 0.5 * (high - low);
  for (int axis = 0; axis < 3; ++axis)
    for (const double side : {-1.0, 1.0}) {
      const int first = static_cast<int>(mesh.vertices.size());
      for (int i = 0; i <= n; ++i)
        for (int j = 0; j <= n; ++j) {
          Eigen::Vector3d p = middle;
          p[axis] += side * half[axis];
          p[(axis + 1) % 3] += half[(axis + 1) % 3] * (2.0 * i / n - 1.0);
          p[(axis + 2) % 3] += half[(axis + 2) % 3] * (2.0 * j / n - 1.0);
          mesh.vertices.push_back(p);
          mesh.colors.push_back(color *
                                (0.9 + 0.1 * std::sin(0.05 * p.x() + 0.3) * std::cos(0.04 * p.y() + 0.06 * p.z())));
        }
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < n; ++j) {
          const int a = first + i * (n + 1) + j;
          mesh.triangles.emplace_back(a, a + n + 1, a + 1);
          mesh.triangles.emplace_back(a + 1, a + n + 1, a + n + 2);
        }
    }
  return mesh;
}

struct Staged {
  std::vector<ScenePart> scene;  ///< the limb first
  std::vector<Eigen::Isometry3d> world_from_camera;
  SyntheticParams params;
};

void add_room(std::vector<ScenePart>& scene, const Box& limb) {
  const Eigen::Vector3d c = 0.5 * (limb.lowest + limb.highest);
  const double low = limb.lowest.z(), top = limb.highest.z();
  scene.push_back({box({c.x() - 500, c.y() - 500, low - 72}, {c.x() + 500, c.y() + 500, low - 70}, {.5, .4, .3}), {}});
  scene.push_back({box({c.x() - 160, c.y() - 160, top - 4}, {c.x() + 160, c.y() + 160, top + 80}, {.3, .3, .5}), {}});
  scene.push_back({box({c.x() - 40, c.y() + 120, low - 70}, {c.x() + 40, c.y() + 180, top - 20}, {.4, .5, .4}), {}});
}

Staged stage(const ScanCase& one, const Mesh& limb) {
  Staged staged;
  staged.scene.push_back({limb, {}});
  staged.params.seed = one.seed;
  staged.params.focal_error_percent = one.focal_error_percent;
  staged.params.bias_mm = one.bias_mm;
  const Box bounds = bounding_box(limb);
  const Eigen::Vector3d c = 0.5 * (bounds.lowest + bounds.highest);
  const bool few = one.motion == ScanMotion::three_degrees;
  const int frames = few ? 120 : one.motion == ScanMotion::fast || one.motion == ScanMotion::half ? 180 : 360;
  auto& poses = staged.world_from_camera;
  poses = walk_around(c, distance_mm, frames, one.motion == ScanMotion::half ? 0.5 : 1.0, 60.0);
  std::mt19937 random(static_cast<unsigned>(one.seed) + 5);
  if (one.motion == ScanMotion::dropped) std::erase_if(poses, [&](const auto&) { return random() % 100 < 30; });
  for (std::size_t i = 0; i < poses.size(); ++i) {
    // A hand shakes; a fast one swings up and down at 0.3 m a second as well.
    const double t = static_cast<double>(i) / 30.0;
    const double swing = one.motion == ScanMotion::fast ? 60.0 : 0.0;
    poses[i] = poses[i] *
               Eigen::Translation3d(3.0 * std::sin(5.1 * t), 3.0 * std::sin(6.3 * t + 1) + swing * std::sin(5.0 * t),
                                    5.0 * std::sin(3.7 * t)) *
               Eigen::AngleAxisd(0.01 * std::sin(7.0 * t), Eigen::Vector3d::UnitX()) *
               Eigen::AngleAxisd(0.01 * std::sin(5.7 * t + 2), Eigen::Vector3d::UnitZ());
  }
  if (one.motion == ScanMotion::dropout) staged.params.dropout_percent = 20.0;
  if (one.motion == ScanMotion::scene || one.motion == ScanMotion::sway) add_room(staged.scene, bounds);
  if (one.motion == ScanMotion::sway)
    for (std::size_t i = 0; i < poses.size(); ++i) {
      const double t = static_cast<double>(i) / 30.0;
      staged.scene[0].world_from_part.push_back(
          Eigen::Isometry3d(Eigen::Translation3d(5.0 * std::sin(3.0 * t), 4.0 * (std::cos(2.3 * t) - 1.0), 0.0)));
    }
  if (one.motion == ScanMotion::hand) {
    ScenePart hand{box({-45, -15, -30}, {45, 15, 30}, {.7, .5, .4}), {}};
    for (std::size_t i = 0; i < poses.size(); ++i)  // in front of the camera for 40 frames
      hand.world_from_part.push_back(poses[i] *
                                     Eigen::Translation3d(15.0 * (static_cast<double>(i) - 140.0), 20.0, 270.0));
    staged.scene.push_back(std::move(hand));
  }
  return staged;
}

KnownScan known_of(const ScanCase& one, const Staged& staged, const Limb& limb) {
  KnownScan known{limb, {}, 1.0 + one.focal_error_percent / 100.0};
  const auto& sway = staged.scene[0].world_from_part;
  for (std::size_t i = 0; i < staged.world_from_camera.size(); ++i)
    known.limb_from_camera.push_back(sway.empty() ? staged.world_from_camera[i]
                                                  : sway[i].inverse() * staged.world_from_camera[i]);
  return known;
}

double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

const std::vector<std::string>& scan_motion_names() {
  static const std::vector<std::string> names{"turn",    "three_degrees", "fast", "dropped", "half",
                                              "dropout", "sway",          "hand", "scene"};
  return names;
}

ScanError scan_error(const ScanCase& one) {
  GenerateParams person = draw_params(one.limb_seed);
  person.limb_length_mm = std::clamp(person.limb_length_mm, 120.0, 200.0);
  person.level = Level::transtibial;
  person.invaginations = 0;
  person.triangles = 100000;
  Limb limb = generate_limb(person).limb;
  if (one.colors) paint_skin(limb.surface, one.limb_seed);
  const Staged staged = stage(one, limb.surface);
  std::vector<ScenePart> scene = staged.scene;
  if (!one.colors)
    for (ScenePart& part : scene) part.mesh.colors.clear();
  const auto camera = look_at(scene, staged.world_from_camera, load_sensor(one.sensor), staged.params);
  ScanError error;
  Fusion fusion(camera->info());
  Frame frame;
  double spent = 0;
  while (camera->next(frame)) {
    const double begin = cpu_s();
    fusion.add(frame);
    spent += cpu_s() - begin;
    ++error.frames;
  }
  error.cpu_ms = 1000.0 * spent / static_cast<double>(error.frames);
  const double begin = cpu_s();
  Scan scan = fusion.finish();
  error.finish_cpu_s = cpu_s() - begin;
  compare(scan, known_of(one, staged, limb), error);
  error.lost = scan.quality.lost;
  error.losses = scan.quality.losses;
  error.unseen_percent = scan.quality.unseen_percent;
  auto& expected = scan.expected_error_mm;
  if (!expected.empty()) {
    std::nth_element(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(expected.size() / 2),
                     expected.end());
    error.expected_mm = expected[expected.size() / 2];
  }
  for (const Finding& finding : scan.findings) error.said += (error.said.empty() ? "" : " ") + finding.code;
  return error;
}

std::string scan_csv_header() {
  return "sensor,limb,motion,seed,focal_error_percent,bias_mm,colors,frames,lost,losses,mean_mm,p95_mm,radial_bias_mm,"
         "girth_percent,volume_percent,twist_deg,carried_mm,landmarks_mm,landmark_worst_mm,tape_percent,tape_graded_"
         "percent,unseen_percent,expected_mm,cpu_ms,finish_cpu_s,said\n";
}

std::string scan_csv_row(const ScanCase& one, const ScanError& e) {
  return fmt::format(
      "{},{},{},{},{:g},{:g},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{"
      ":.2f},{:.4f},{:.2f},{:.2f},{"
      "}\n",
      one.sensor, one.limb_seed, scan_motion_names()[static_cast<std::size_t>(one.motion)], one.seed,
      one.focal_error_percent, one.bias_mm, one.colors ? 1 : 0, e.frames, e.lost, e.losses, e.mean_mm, e.p95_mm,
      e.bias_mm, e.girth_percent, e.volume_percent, e.twist_deg, e.carried_mm, e.landmarks_mm, e.landmark_worst_mm,
      e.tape_percent, e.tape_graded_percent, e.unseen_percent, e.expected_mm, e.cpu_ms, e.finish_cpu_s, e.said);
}

}  // namespace fit
