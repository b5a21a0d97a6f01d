// How fast Fit's recordings are written and read: 640 x 480, a noisy surface, with and without colour.
#include <benchmark/benchmark.h>

#include <cmath>
#include <filesystem>
#include <random>

#include "scanners/recording.h"

namespace {

constexpr int frames = 60;

fit::Frame noisy_frame(bool color) {
  fit::Frame frame;
  frame.depth.intrinsics = {640, 480, 575.8, 575.8, 319.5, 239.5};
  frame.depth.counts.resize(640 * 480);
  std::mt19937 random(3);
  std::normal_distribution<double> noise(0.0, 1.5);
  for (int v = 0; v < 480; ++v)
    for (int u = 0; u < 640; ++u) {
      const double bump = 400 + 60 * std::sin(u / 50.0) * std::cos(v / 70.0);
      frame.depth.counts[static_cast<std::size_t>(v * 640 + u)] =
          (u * u + v) % 37 == 0 ? std::uint16_t{0} : static_cast<std::uint16_t>(bump + noise(random));
    }
  if (!color) return frame;
  frame.color.intrinsics = frame.depth.intrinsics;
  frame.color.rgb.resize(3 * 640 * 480);
  for (std::size_t i = 0; i < frame.color.rgb.size(); ++i)
    frame.color.rgb[i] = static_cast<std::uint8_t>(120 + 60 * std::sin(static_cast<double>(i) / 900.0) + noise(random));
  return frame;
}

std::filesystem::path recording(bool color) {
  const auto path =
      std::filesystem::temp_directory_path() / (color ? "fit_bench_color.fitrec" : "fit_bench_depth.fitrec");
  std::filesystem::remove(path);
  const fit::Frame frame = noisy_frame(color);
  fit::CameraInfo info;
  info.depth = frame.depth.intrinsics;
  fit::RecordingWriter writer(path, info);
  for (int i = 0; i < frames; ++i) writer.write(frame);
  writer.finish();
  return path;
}

void write_frames(benchmark::State& state) {
  for (auto _ : state) recording(state.range(0) != 0);
  state.SetItemsProcessed(state.iterations() * frames);
}

void read_frames(benchmark::State& state) {
  const auto path = recording(state.range(0) != 0);
  fit::Frame frame;
  for (auto _ : state) {
    const auto camera = fit::open_recording(path);
    while (camera->next(frame)) benchmark::DoNotOptimize(frame.depth.counts.data());
  }
  state.SetItemsProcessed(state.iterations() * frames);
  state.counters["kB_a_frame"] = static_cast<double>(std::filesystem::file_size(path)) / frames / 1e3;
  std::filesystem::remove(path);
}

}  // namespace

BENCHMARK(write_frames)->ArgName("color")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);
BENCHMARK(read_frames)->ArgName("color")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

BENCHMARK_MAIN();
