// How fast frames become a surface, beside Open3D's legacy chain (point-to-plane ICP from frame to frame, then
// ScalableTSDFVolume): 640 x 480, a limb at 0.4 m, 1 mm voxels, one core. Reading and decoding frames is left out.
#include <benchmark/benchmark.h>
#include <open3d/camera/PinholeCameraIntrinsic.h>
#include <open3d/geometry/Image.h>
#include <open3d/geometry/PointCloud.h>
#include <open3d/geometry/RGBDImage.h>
#include <open3d/pipelines/integration/ScalableTSDFVolume.h>
#include <open3d/pipelines/registration/Registration.h>
#include <open3d/pipelines/registration/TransformationEstimation.h>

#include <cstring>

#include "libfit/parallel.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/fuse.h"
#include "scanners/synthetic.h"

namespace {

namespace o3d = open3d;

struct Recorded {
  fit::CameraInfo info;
  std::vector<fit::Frame> frames;
};

const Recorded& recorded() {
  static const Recorded made = [] {
    fit::set_threads(1);
    const fit::Mesh limb = fit::generate_limb().limb.surface;
    const fit::Box box = fit::bounding_box(limb);
    const auto camera = fit::look_at(limb, fit::walk_around(0.5 * (box.lowest + box.highest), 400, 60, 60.0 / 360.0),
                                     fit::load_sensor("kinect_v1"));
    Recorded result{camera->info(), {}};
    fit::Frame frame;
    while (camera->next(frame)) result.frames.push_back(frame);
    return result;
  }();
  return made;
}

void per_frame(benchmark::State& state) {
  state.counters["frames"] = benchmark::Counter(static_cast<double>(state.iterations() * recorded().frames.size()),
                                                benchmark::Counter::kIsRate);
}

void fuse_fit(benchmark::State& state) {
  const Recorded& from = recorded();
  for (auto _ : state) {
    fit::Fusion fusion(from.info);
    for (const fit::Frame& frame : from.frames) benchmark::DoNotOptimize(fusion.add(frame));
  }
  per_frame(state);
}
BENCHMARK(fuse_fit)->Unit(benchmark::kMillisecond);

o3d::geometry::Image depth_image(const fit::Frame& frame) {
  o3d::geometry::Image image;
  image.Prepare(frame.depth.intrinsics.width, frame.depth.intrinsics.height, 1, 4);
  auto* out = reinterpret_cast<float*>(image.data_.data());
  for (std::size_t i = 0; i < frame.depth.counts.size(); ++i)
    out[i] = static_cast<float>(frame.depth.mm_per_count * frame.depth.counts[i] / 1000.0);
  return image;
}

void fuse_open3d(benchmark::State& state) {
  const Recorded& from = recorded();
  const fit::Intrinsics& k = from.info.depth;
  const o3d::camera::PinholeCameraIntrinsic lens(k.width, k.height, k.fx_px, k.fy_px, k.cx_px, k.cy_px);
  for (auto _ : state) {
    o3d::pipelines::integration::ScalableTSDFVolume volume(0.001, 0.004,
                                                           o3d::pipelines::integration::TSDFVolumeColorType::NoColor);
    Eigen::Matrix4d pose = Eigen::Matrix4d::Identity();
    std::shared_ptr<o3d::geometry::PointCloud> last;
    for (const fit::Frame& frame : from.frames) {
      o3d::geometry::RGBDImage image;
      image.depth_ = depth_image(frame);
      image.color_.Prepare(k.width, k.height, 3, 1);
      const auto cloud =
          o3d::geometry::PointCloud::CreateFromDepthImage(image.depth_, lens, Eigen::Matrix4d::Identity(), 1.0, 1.0, 4);
      cloud->EstimateNormals();
      if (last)
        pose = pose * o3d::pipelines::registration::RegistrationICP(
                          *cloud, *last, 0.02, Eigen::Matrix4d::Identity(),
                          o3d::pipelines::registration::TransformationEstimationPointToPlane())
                          .transformation_;
      volume.Integrate(image, lens, pose.inverse());
      last = cloud;
    }
  }
  per_frame(state);
}
BENCHMARK(fuse_open3d)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
