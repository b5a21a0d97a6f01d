// All checks before a socket is printed, on the socket around a limb of 300,000 triangles.

#include "libfit/check_print.h"

#include <benchmark/benchmark.h>

#include "libfit/parallel.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

void fit_check(benchmark::State& state) {
  AnalyticLimb shape;
  shape.groove_depth_mm = 7.0;
  shape.around = 405;
  Limb limb;
  limb.surface = shape.mesh();
  Rectified rectified;
  rectified.positive = limb.surface;
  rectified.change_mm.assign(limb.surface.vertices.size(), 0.0);
  const Trimline trimline = wavy_trimline(250.0, 8.0);
  const Hardware hardware = plate_block();
  const Solid socket = solidify(rectified.positive, trimline, hardware).socket;
  set_threads(static_cast<int>(state.range(0)));
  for (auto _ : state)
    benchmark::DoNotOptimize(check_print({limb, rectified, trimline, hardware, socket}, SolidifyParams{}));
  set_threads(2);
  state.counters["triangles"] = static_cast<double>(socket.mesh().triangles.size());
}

BENCHMARK(fit_check)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(2)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace fit

BENCHMARK_MAIN();
