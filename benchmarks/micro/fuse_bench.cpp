// How fast frames become a surface: 640 x 480, a limb at 0.4 m, 1 mm voxels, 1 degree a frame. Beside two chains of
// Open3D on the same frames: point-to-plane ICP of its legacy half from frame to frame, then ScalableTSDFVolume, or the
// tensor half's VoxelBlockGrid on the CPU. (Of Debian's Open3D 0.16 the tensor odometry and slam::Model throw, for it
// is built without IPP, and tensor ICP takes seconds a frame: legacy ICP is what both chains can run on.) `fuse_*`: one
// core, reading left out, frames a second of CPU. `end_to_end`: two threads, from a recording on disk, with a preview
// of the surface twice a second, then `finish_s` for the final one; peak memory beyond what was there.
#include <benchmark/benchmark.h>
#include <open3d/camera/PinholeCameraIntrinsic.h>
#include <open3d/core/EigenConverter.h>
#include <open3d/geometry/Image.h>
#include <open3d/geometry/PointCloud.h>
#include <open3d/geometry/RGBDImage.h>
#include <open3d/pipelines/integration/ScalableTSDFVolume.h>
#include <open3d/pipelines/registration/Registration.h>
#include <open3d/pipelines/registration/TransformationEstimation.h>
#include <open3d/t/geometry/Image.h>
#include <open3d/t/geometry/VoxelBlockGrid.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>

#include "libfit/parallel.h"
#include "models/load.h"
#include "models/shapes/generate_limb.h"
#include "scanners/fuse.h"
#include "scanners/read_ahead.h"
#include "scanners/recording.h"
#include "scanners/synthetic.h"

namespace {

namespace o3d = open3d;

constexpr int frame_count = 120;
constexpr int frames_a_preview = 15;

struct Recorded {
  fit::CameraInfo info;
  std::vector<fit::Frame> frames;
};

const Recorded& recorded() {
  static const Recorded made = [] {
    fit::Mesh limb = fit::generate_limb().limb.surface;
    for (const auto& v : limb.vertices) {
      const double spot = std::sin(0.21 * v.x() + 1.0) * std::sin(0.17 * v.y()) * std::sin(0.12 * v.z() + 0.5);
      limb.colors.emplace_back(0.6 + 0.1 * spot, 0.5 + 0.1 * spot, 0.4);
    }
    const fit::Box box = fit::bounding_box(limb);
    const auto camera =
        fit::look_at(limb, fit::walk_around(0.5 * (box.lowest + box.highest), 400, frame_count, frame_count / 360.0),
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
  fit::set_threads(1);
  const Recorded& from = recorded();
  fit::Frame frame;
  for (auto _ : state) {
    fit::Fusion fusion(from.info);
    for (const fit::Frame& one : from.frames) {
      if (state.range(0)) {
        benchmark::DoNotOptimize(fusion.add(one));
        continue;
      }
      frame.time_s = one.time_s;
      frame.depth = one.depth;
      benchmark::DoNotOptimize(fusion.add(frame));
    }
  }
  per_frame(state);
}
BENCHMARK(fuse_fit)->ArgName("color")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

const fit::Fusion& fused() {
  static const auto fusion = [] {
    auto made = std::make_unique<fit::Fusion>(recorded().info);
    for (const fit::Frame& frame : recorded().frames) made->add(frame);
    return made;
  }();
  return *fusion;
}

void preview_fit(benchmark::State& state) {
  fit::set_threads(1);
  fused();
  for (auto _ : state) state.counters["triangles"] = static_cast<double>(fused().preview().triangles.size());
}
BENCHMARK(preview_fit)->Unit(benchmark::kMillisecond);

double memory_mb(const std::string& which) {
  std::ifstream status("/proc/self/status");
  std::string word;
  while (status >> word)
    if (double kb = 0; word == which && status >> kb) return kb / 1024.0;
  return 0.0;
}

/// The peak counts anew from what is there now (Linux 4.0 and later).
double begin_peak() {
  std::ofstream("/proc/self/clear_refs") << "5";
  return memory_mb("VmRSS:");
}

double seconds_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void end_to_end(benchmark::State& state) {
  fit::set_threads(2);
  const auto path = std::filesystem::temp_directory_path() / "fit_fuse_bench.fitrec";
  std::filesystem::remove(path);
  {
    fit::RecordingWriter writer(path, recorded().info);
    for (int round = 0; round < 3; ++round)  // a turn's number of frames: there, back and there again
      for (int i = 0; i < frame_count; ++i)
        writer.write(recorded().frames[static_cast<std::size_t>(round == 1 ? frame_count - 1 - i : i)]);
    writer.finish();
  }
  double frames = 0, reading = 0, finishing = 0, finishing_cpu = 0, peak = 0;
  for (auto _ : state) {
    const double before = begin_peak();
    const auto camera = fit::open_recording(path);
    fit::ReadAhead ahead(*camera);
    fit::Fusion fusion(camera->info());
    fit::Frame frame;
    int number = 0;
    reading += seconds_of([&] {
      while (ahead.next(frame)) {
        fusion.add(frame);
        if (++number % frames_a_preview == 0) benchmark::DoNotOptimize(fusion.preview().triangles.data());
      }
    });
    const std::clock_t begin = std::clock();
    finishing += seconds_of([&] { benchmark::DoNotOptimize(fusion.finish().surface.triangles.data()); });
    finishing_cpu += static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    frames += number;
    peak = std::max(peak, memory_mb("VmHWM:") - before);
  }
  state.counters["frames_a_s"] = frames / reading;
  state.counters["finish_s"] = finishing / static_cast<double>(state.iterations());
  state.counters["finish_cpu_s"] = finishing_cpu / static_cast<double>(state.iterations());
  state.counters["peak_mb"] = peak;
  std::filesystem::remove(path);
}
BENCHMARK(end_to_end)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();

o3d::geometry::Image depth_image(const fit::Frame& frame) {
  o3d::geometry::Image image;
  image.Prepare(frame.depth.intrinsics.width, frame.depth.intrinsics.height, 1, 4);
  auto* out = reinterpret_cast<float*>(image.data_.data());
  for (std::size_t i = 0; i < frame.depth.counts.size(); ++i)
    out[i] = static_cast<float>(frame.depth.mm_per_count * frame.depth.counts[i] / 1000.0);
  return image;
}

/// Follows frame to frame by ICP; `integrate(depth, camera_from_world)` takes each.
void follow_open3d(const o3d::camera::PinholeCameraIntrinsic& lens, const auto& integrate) {
  fit::set_threads(1);
  Eigen::Matrix4d pose = Eigen::Matrix4d::Identity();
  std::shared_ptr<o3d::geometry::PointCloud> last;
  for (const fit::Frame& frame : recorded().frames) {
    const o3d::geometry::Image depth = depth_image(frame);
    const auto cloud =
        o3d::geometry::PointCloud::CreateFromDepthImage(depth, lens, Eigen::Matrix4d::Identity(), 1.0, 1.0, 4);
    cloud->EstimateNormals();
    if (last)
      pose = pose * o3d::pipelines::registration::RegistrationICP(
                        *cloud, *last, 0.02, Eigen::Matrix4d::Identity(),
                        o3d::pipelines::registration::TransformationEstimationPointToPlane())
                        .transformation_;
    integrate(depth, pose.inverse());
    last = cloud;
  }
}

o3d::camera::PinholeCameraIntrinsic lens_of(const fit::Intrinsics& k) {
  return {k.width, k.height, k.fx_px, k.fy_px, k.cx_px, k.cy_px};
}

void fuse_open3d_legacy(benchmark::State& state) {
  const auto lens = lens_of(recorded().info.depth);
  for (auto _ : state) {
    o3d::pipelines::integration::ScalableTSDFVolume volume(0.001, 0.004,
                                                           o3d::pipelines::integration::TSDFVolumeColorType::NoColor);
    follow_open3d(lens, [&](const o3d::geometry::Image& depth, const Eigen::Matrix4d& camera_from_world) {
      o3d::geometry::RGBDImage image;
      image.depth_ = depth;
      image.color_.Prepare(lens.width_, lens.height_, 3, 1);
      volume.Integrate(image, lens, camera_from_world);
    });
  }
  per_frame(state);
}
BENCHMARK(fuse_open3d_legacy)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

void fuse_open3d_voxel_block_grid(benchmark::State& state) {
  const auto lens = lens_of(recorded().info.depth);
  const o3d::core::Device cpu("CPU:0");
  const auto matrix = [](const auto& m) { return o3d::core::eigen_converter::EigenMatrixToTensor(m); };
  const o3d::core::Tensor intrinsic = matrix(Eigen::Matrix3d(lens.intrinsic_matrix_));
  for (auto _ : state) {
    try {
      o3d::t::geometry::VoxelBlockGrid grid({"tsdf", "weight"}, {o3d::core::Float32, o3d::core::Float32}, {{1}, {1}},
                                            0.001f, 8, 20000, cpu);
      follow_open3d(lens, [&](const o3d::geometry::Image& depth, const Eigen::Matrix4d& camera_from_world) {
        const o3d::t::geometry::Image image = o3d::t::geometry::Image::FromLegacy(depth, cpu);
        const o3d::core::Tensor extrinsic = matrix(camera_from_world);
        const auto blocks = grid.GetUniqueBlockCoordinates(image, intrinsic, extrinsic, 1.0f, 1.0f, 4.0f);
        grid.Integrate(blocks, image, intrinsic, extrinsic, 1.0f, 1.0f, 4.0f);
      });
    } catch (const std::exception& error) {
      state.SkipWithError((std::string("this Open3D cannot: ") + error.what()).c_str());
      return;
    }
  }
  per_frame(state);
}
BENCHMARK(fuse_open3d_voxel_block_grid)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime();

}  // namespace

int main(int count, char** arguments) {
  // Open3D spreads over all cores unless OpenMP is told before it is loaded.
  if (!std::getenv("OMP_NUM_THREADS")) {
    setenv("OMP_NUM_THREADS", "1", 1);
    execv("/proc/self/exe", arguments);
  }
  benchmark::Initialize(&count, arguments);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
