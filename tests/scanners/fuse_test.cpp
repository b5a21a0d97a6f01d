#include "scanners/fuse.h"

#include <gmock/gmock.h>

#include <cmath>
#include <map>

#include "libfit/detail/closest_point.h"
#include "libfit/parallel.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/synthetic.h"

namespace fit {

using ::testing::Contains;
using ::testing::Field;

namespace {

/// A limb whose skin has blotches that a colour camera sees.
const Mesh& painted_limb() {
  static const Mesh limb = [] {
    GenerateParams params;
    params.triangles = 30000;
    Mesh mesh = generate_limb(params).limb.surface;
    for (const auto& v : mesh.vertices) {
      const double spot = std::sin(0.21 * v.x() + 1.0) * std::sin(0.17 * v.y()) * std::sin(0.12 * v.z() + 0.5);
      mesh.colors.emplace_back(0.6 + 0.25 * spot, 0.45 + 0.25 * spot, 0.4);
    }
    return mesh;
  }();
  return limb;
}

Eigen::Vector3d middle() {
  const Box box = bounding_box(painted_limb());
  return 0.5 * (box.lowest + box.highest);
}

SensorModel small_sensor(const std::string& name) {
  SensorModel sensor = load_sensor(name);
  sensor.width = 320;
  sensor.height = 240;
  sensor.fx_px *= 0.5;
  return sensor;
}

FuseParams coarse() {
  FuseParams params;
  params.voxel_mm = 2.0;
  return params;
}

struct Off {
  double mean_mm = 0.0;
  double bias_mm = 0.0;
};

/// Of the scan from the true limb, without any fit: the scan's world is the first camera.
Off off_truth(const Scan& scan, const Eigen::Isometry3d& first_camera) {
  const detail::ClosestPoint truth(painted_limb());
  const double top = bounding_box(painted_limb()).highest.z() - 5.0;
  Off off;
  double count = 0;
  for (const auto& vertex : scan.surface.vertices) {
    const Eigen::Vector3d p = first_camera * vertex;
    if (p.z() > top) continue;
    const double d = truth.at(p).signed_mm;
    off.mean_mm += std::abs(d);
    off.bias_mm += d;
    ++count;
  }
  return {off.mean_mm / count, off.bias_mm / count};
}

}  // namespace

TEST(Fuse, GivesTheLimbThatANoisyCameraWalkedAround) {
  const auto poses = walk_around(middle(), 400, 90, 1.0, 30);
  auto camera = look_at(painted_limb(), poses, small_sensor("kinect_v1"));
  const Scan scan = fuse(*camera, coarse());
  EXPECT_EQ(scan.quality.frames, 90u);
  EXPECT_EQ(scan.quality.lost, 0u);
  const Off off = off_truth(scan, poses.front());
  EXPECT_LT(off.mean_mm, 0.25);
  EXPECT_LT(std::abs(off.bias_mm), 0.15);
  EXPECT_LT(scan.quality.unseen_percent, 8.0);
  ASSERT_EQ(scan.coverage.size(), scan.surface.vertices.size());
  ASSERT_EQ(scan.expected_error_mm.size(), scan.surface.vertices.size());
  for (const double error : scan.expected_error_mm) EXPECT_TRUE(error > 0.0 && error < 5.0);
}

TEST(Fuse, KeepsTheColoursOfTheSkinWhereTheyWere) {
  const auto poses = walk_around(middle(), 400, 40, 0.3);
  SyntheticParams exact;
  exact.noise = false;
  auto camera = look_at(painted_limb(), poses, small_sensor("kinect_v1"), exact);
  const Scan scan = fuse(*camera, coarse());
  ASSERT_EQ(scan.surface.colors.size(), scan.surface.vertices.size());
  const detail::ClosestPoint truth(painted_limb());
  double sum = 0, count = 0;
  for (std::size_t i = 0; i < scan.surface.vertices.size(); i += 7) {
    const auto there = truth.at(poses.front() * scan.surface.vertices[i]);
    const auto& corners = painted_limb().triangles[static_cast<std::size_t>(there.triangle)];
    sum += std::abs(scan.surface.colors[i].x() - painted_limb().colors[static_cast<std::size_t>(corners[0])].x());
    ++count;
  }
  EXPECT_LT(sum / count, 0.02);
}

// A line drawn across the skin, 3 mm wide: what a prosthetist marks before the scan must be found on it.
TEST(Fuse, KeepsAPenMarkWithinOneAndAHalfMillimetresOfItsPlace) {
  Mesh limb = painted_limb();
  const double mark = middle().z();
  limb.colors.clear();
  for (const auto& v : limb.vertices) {
    const bool pen = std::abs(v.z() - mark) < 1.5;
    limb.colors.push_back(pen ? Eigen::Vector3d(0.1, 0.1, 0.3) : Eigen::Vector3d(0.75, 0.6, 0.5));
  }
  const auto poses = walk_around(middle(), 300, 60, 1.0, 30);
  auto camera = look_at(limb, poses, load_sensor("kinect_v1"));
  FuseParams fine;
  fine.voxel_mm = 1.0;
  const Scan scan = fuse(*camera, fine);
  ASSERT_EQ(scan.surface.colors.size(), scan.surface.vertices.size());
  std::map<int, Eigen::Vector2d> sectors;  // darkness times height, and darkness, of each 10 degrees
  for (std::size_t i = 0; i < scan.surface.vertices.size(); ++i) {
    const Eigen::Vector3d p = poses.front() * scan.surface.vertices[i];
    const double dark = 0.75 - scan.surface.colors[i].x();
    EXPECT_TRUE(dark < 0.2 || std::abs(p.z() - mark) < 5.0) << "dark at " << p.z() - mark;
    if (std::abs(p.z() - mark) > 8.0 || dark < 0.15) continue;
    const Eigen::Vector3d from = p - middle();
    const int sector = static_cast<int>(std::floor(std::atan2(from.y(), from.x()) * 18.0 / M_PI));
    sectors.try_emplace(sector, Eigen::Vector2d::Zero()).first->second += dark * Eigen::Vector2d(p.z() - mark, 1.0);
  }
  EXPECT_GE(sectors.size(), 34u);
  for (const auto& [sector, sum] : sectors) EXPECT_LT(std::abs(sum.x() / sum.y()), 1.5) << "sector " << sector;
}

TEST(Fuse, ScansWhatABoxSaysAndNotWhatIsLarger) {
  const auto poses = walk_around(middle(), 400, 10, 0.1);
  Mesh ball = painted_limb();
  for (auto& v : ball.vertices) v = middle() + 0.35 * (v - middle()) + Eigen::Vector3d(0, 150, 0);  // a smaller one
  auto camera = look_at({{painted_limb(), {}}, {ball, {}}}, poses, small_sensor("kinect_v1"));
  const Eigen::Vector3d there = poses.front().inverse() * (middle() + Eigen::Vector3d(0, 150, 0));
  FuseParams params = coarse();
  params.box_center_mm = there;
  params.box_size_mm = {110, 110, 110};
  const Scan scan = fuse(*camera, params);
  ASSERT_GT(scan.surface.vertices.size(), 100u);
  for (const auto& v : scan.surface.vertices) EXPECT_LT((v - there).norm(), 100.0);
  params.box_center_mm = Eigen::Vector3d(0, 0, 5000);
  auto again = look_at(painted_limb(), poses, small_sensor("kinect_v1"));
  EXPECT_THROW(fuse(*again, params), Error);
}

TEST(Fuse, SaysThatTheBackWasNotSeen) {
  auto camera = look_at(painted_limb(), walk_around(middle(), 400, 30, 0.3), small_sensor("kinect_v1"));
  const Scan scan = fuse(*camera, coarse());
  EXPECT_GT(scan.quality.unseen_percent, 20.0);
  EXPECT_THAT(scan.findings, Contains(Field(&Finding::code, "scan_unseen")));
}

TEST(Fuse, FindsItsPlaceAgainAfterTheCameraLookedAway) {
  auto poses = walk_around(middle(), 400, 90, 0.5);
  for (std::size_t i = 40; i < 50; ++i)
    poses[i].linear() = poses[i].linear() * Eigen::AngleAxisd(1.5, Eigen::Vector3d::UnitY()).toRotationMatrix();
  auto camera = look_at(painted_limb(), poses, small_sensor("kinect_v1"));
  const Scan scan = fuse(*camera, coarse());
  EXPECT_GE(scan.quality.lost, 10u);
  EXPECT_LE(scan.quality.lost, 14u);
  EXPECT_EQ(scan.quality.losses, 1u);
  EXPECT_FALSE(scan.world_from_camera[45]);
  EXPECT_TRUE(scan.world_from_camera[80]);
  EXPECT_LT(off_truth(scan, poses.front()).mean_mm, 0.35);
  EXPECT_THAT(scan.findings, Contains(Field(&Finding::code, "scan_lost")));
}

TEST(Fuse, IsTheSameToTheLastBitOnAnyNumberOfThreads) {
  const auto scan_with = [](int threads) {
    set_threads(threads);
    auto camera = look_at(painted_limb(), walk_around(middle(), 400, 16, 0.15), small_sensor("truedepth"));
    Scan scan = fuse(*camera, coarse());
    set_threads(2);
    return scan;
  };
  const Scan one = scan_with(1), four = scan_with(4);
  EXPECT_TRUE(one.surface == four.surface);
  EXPECT_EQ(one.expected_error_mm, four.expected_error_mm);
}

TEST(Fuse, RefusesFramesWithoutAnythingToScan) {
  Mesh crumb;
  crumb.vertices = {{0, 0, 400}, {2, 0, 400}, {0, 2, 400}};
  crumb.triangles = {{0, 2, 1}};
  auto camera = look_at(crumb, {Eigen::Isometry3d::Identity()}, small_sensor("kinect_v1"));
  try {
    fuse(*camera);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_THAT(error.what(), ::testing::HasSubstr("No frame"));
  }
}

TEST(Fuse, StopsInTheMiddle) {
  auto camera = look_at(painted_limb(), walk_around(middle(), 400, 20, 0.2), small_sensor("kinect_v1"));
  int reports = 0;
  const Progress progress([&](double, std::string_view) { return ++reports < 10; });
  EXPECT_THROW(fuse(*camera, coarse(), progress), Cancelled);
}

TEST(Fuse, RefusesAGridThatIsTooFine) {
  FuseParams params;
  params.voxel_mm = 0.01;
  EXPECT_THROW(Fusion(CameraInfo{}, params), Error);
}

}  // namespace fit
