#include "scanners/synthetic.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "models/load.h"
#include "tests/scanners/recording_files.h"

namespace fit::test {

namespace {

/// A square of 4 m across, at z = 0 in the world, seen from `distance_mm` straight on.
Mesh wall() {
  Mesh mesh;
  for (const double x : {-2000.0, 2000.0})
    for (const double y : {-2000.0, 2000.0}) mesh.vertices.emplace_back(x, y, 0.0);
  mesh.triangles = {{0, 1, 2}, {1, 3, 2}};
  return mesh;
}

std::vector<Eigen::Isometry3d> straight_on(double distance_mm, int frames, double tilt_rad = 0.0) {
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose = Eigen::AngleAxisd(tilt_rad, Eigen::Vector3d::UnitY()) * Eigen::Translation3d(0, 0, -distance_mm);
  return std::vector<Eigen::Isometry3d>(static_cast<std::size_t>(frames), pose);
}

struct Statistics {
  double sigma_mm = 0.0;
  double mean_mm = 0.0;
  double agree[6] = {};  ///< correlation of pixels that many apart along a row
  double fixed_share = 0.0;
};

Statistics statistics_of(const SensorModel& sensor, double distance_mm) {
  // Where the wall lies between two steps of the sensor matters; real walls lie everywhere.
  std::vector<Eigen::Isometry3d> poses;
  std::vector<double> distances_mm;
  for (int i = 0; i < 12; ++i) {
    distances_mm.push_back(distance_mm + 0.25 * (i % 4) * sensor.step_at_1m_mm * distance_mm * distance_mm / 1e6);
    poses.push_back(straight_on(distances_mm.back(), 1).front());
  }
  const auto frames = frames_of(*look_at(wall(), poses, sensor));
  const int w = sensor.width;
  const int h = sensor.height;
  Statistics s;
  double sum = 0, squares = 0, count = 0;
  double products[6] = {};
  std::vector<double> means(static_cast<std::size_t>(w * h));
  for (std::size_t i = 0; i < frames.size(); ++i)
    for (int v = 0; v < h; ++v)
      for (int u = 0; u + 5 < w; ++u) {
        const double e = frames[i].depth.depth_mm(u, v) - distances_mm[i];
        sum += e;
        squares += e * e;
        ++count;
        means[static_cast<std::size_t>(v * w + u)] += e / static_cast<double>(frames.size());
        for (int d = 1; d < 6; ++d) products[d] += e * (frames[i].depth.depth_mm(u + d, v) - distances_mm[i]);
      }
  s.mean_mm = sum / count;
  s.sigma_mm = std::sqrt(squares / count);
  for (int d = 1; d < 6; ++d) s.agree[d] = products[d] / squares;
  double fixed = 0;
  for (const double mean : means) fixed += mean * mean;
  // The mean over N frames keeps all of what is fixed and 1/N of the rest.
  const double kept = fixed / (count / static_cast<double>(frames.size())) / (s.sigma_mm * s.sigma_mm);
  const double n = static_cast<double>(frames.size());
  s.fixed_share = (kept - 1 / n) / (1 - 1 / n);
  return s;
}

}  // namespace

struct Measured {
  const char* sensor;
  double distance_mm, sigma_mm, at_1_px, at_3_px, at_5_px;
};

class SensorNoise : public ::testing::TestWithParam<Measured> {};

TEST_P(SensorNoise, IsWhatWasMeasuredOnPlanes) {
  const Measured& measured = GetParam();
  const Statistics s = statistics_of(load_sensor(measured.sensor), measured.distance_mm);
  EXPECT_NEAR(s.sigma_mm, measured.sigma_mm, 0.12 * measured.sigma_mm);
  EXPECT_NEAR(s.agree[1], measured.at_1_px, 0.06);
  EXPECT_NEAR(s.agree[3], measured.at_3_px, 0.06);
  EXPECT_NEAR(s.agree[5], measured.at_5_px, 0.06);
  EXPECT_NEAR(s.mean_mm, 0.0, 0.2 * measured.sigma_mm);
}

INSTANTIATE_TEST_SUITE_P(Sensors, SensorNoise,
                         ::testing::Values(Measured{"truedepth", 200, 0.25, .84, .53, .27},
                                           Measured{"realsense_d4xx", 500, 0.95, .90, .70, .46},
                                           Measured{"realsense_d4xx", 1000, 3.6, .90, .70, .46},
                                           Measured{"kinect_v1", 1100, 1.8, .61, .33, .13},
                                           Measured{"kinect_v1", 2000, 5.5, .61, .33, .13},
                                           Measured{"primesense", 1370, 2.84, .19, .11, .05}));

TEST(SyntheticCamera, RepeatsItsFixedPatternInEveryFrame) {
  const SensorModel sensor = load_sensor("truedepth");
  EXPECT_NEAR(statistics_of(sensor, 250).fixed_share, sensor.fixed_share, 0.05);
}

TEST(SyntheticCamera, WithoutNoiseGivesTheExactDepthOfATiltedWall) {
  SensorModel sensor;
  sensor.mm_per_count = 0.05;
  SyntheticParams params;
  params.noise = false;
  const double tilt = 0.4;
  const auto frames = frames_of(*look_at(wall(), straight_on(800, 1, tilt), sensor, params));
  ASSERT_EQ(frames.size(), 1u);
  // The camera stands 800 mm off the origin, looking at it, turned about y: the wall's normal is (-sin, 0, cos) to it.
  for (const int u : {10, 200, 320, 630}) {
    const double x = (u - 319.5) / 575.8;
    const double expected = 800 * std::cos(tilt) / (std::cos(tilt) - x * std::sin(tilt));
    EXPECT_NEAR(frames[0].depth.depth_mm(u, 240), expected, 0.03) << u;
  }
}

TEST(SyntheticCamera, GivesNothingOfSurfacesSeenTooAskew) {
  const auto frames = frames_of(*look_at(wall(), straight_on(800, 1, 1.35), SensorModel{}));
  EXPECT_EQ(frames[0].depth.depth_mm(320, 240), 0.0);
}

TEST(SyntheticCamera, SaysAnotherFocalLengthThanItHas) {
  SyntheticParams params;
  params.noise = false;
  params.focal_error_percent = 2.0;
  Mesh square = wall();
  for (Eigen::Vector3d& vertex : square.vertices) vertex *= 0.05;  // 200 mm across
  const auto camera = look_at(square, straight_on(500, 1), SensorModel{}, params);
  EXPECT_EQ(camera->info().depth.fx_px, 575.8);
  const auto frames = frames_of(*camera);
  int across = 0;
  for (int u = 0; u < 640; ++u) across += frames[0].depth.depth_mm(u, 240) > 0;
  EXPECT_NEAR(across, 1.02 * 575.8 * 200 / 500, 1.5);
}

TEST(SyntheticCamera, IsTheSameForTheSameSeedAndAnotherForAnother) {
  SyntheticParams other;
  other.seed = 2;
  const auto counts = [&](const SyntheticParams& params) {
    return frames_of(*look_at(wall(), straight_on(500, 2), SensorModel{}, params))[1].depth.counts;
  };
  EXPECT_EQ(counts({}), counts({}));
  EXPECT_NE(counts({}), counts(other));
}

TEST(SyntheticCamera, WalksAroundLookingAtTheMiddle) {
  const Eigen::Vector3d centre(10, 20, 30);
  for (const Eigen::Isometry3d& pose : walk_around(centre, 400, 7, 1.0, 50)) {
    const Eigen::Vector3d seen = pose.inverse() * centre;
    EXPECT_NEAR(seen.head<2>().norm(), 0.0, 1e-9);
    EXPECT_GE(seen.z(), 400 - 1e-9);
    EXPECT_LT((pose.linear() * Eigen::Vector3d::UnitY()).z(), 0);  // y is down
  }
}

TEST(SyntheticCamera, RefusesAModelOutOfRange) {
  SensorModel sensor;
  sensor.width = 0;
  EXPECT_THROW(look_at(wall(), {}, sensor), Error);
}

TEST(SyntheticCamera, SeesAPartWhereItsMotionPutsIt) {
  ScenePart moving{wall(), {Eigen::Isometry3d::Identity(), Eigen::Isometry3d(Eigen::Translation3d(0, 0, 30))}};
  SyntheticParams exact;
  exact.noise = false;
  const auto frames = frames_of(*look_at({moving}, straight_on(500, 2), load_sensor("truedepth"), exact));
  EXPECT_NEAR(frames[0].depth.depth_mm(320, 240), 500, 0.05);
  EXPECT_NEAR(frames[1].depth.depth_mm(320, 240), 530, 0.05);
}

TEST(SyntheticCamera, DropsTheShareOfPixelsThatItIsTold) {
  SyntheticParams params;
  params.dropout_percent = 20.0;
  const auto frames = frames_of(*look_at(wall(), straight_on(500, 1), load_sensor("kinect_v1"), params));
  const auto& counts = frames[0].depth.counts;
  EXPECT_NEAR(static_cast<double>(std::count(counts.begin(), counts.end(), 0)) / static_cast<double>(counts.size()),
              0.2, 0.01);
}

TEST(SyntheticCamera, RefusesAMotionOfTheWrongLengthAndColoursOfSomePartsAlone) {
  ScenePart moving{wall(), {Eigen::Isometry3d::Identity()}};
  EXPECT_THROW(look_at({moving}, straight_on(500, 2), load_sensor("kinect_v1")), Error);
  ScenePart colored{wall(), {}};
  colored.mesh.colors.assign(4, Eigen::Vector3d(1, 0, 0));
  EXPECT_THROW(look_at({colored, {wall(), {}}}, straight_on(500, 2), load_sensor("kinect_v1")), Error);
}

}  // namespace fit::test
