// Does a mesh cross itself? Beside CGAL's does_self_intersect. The limb is a skin that
// does not; the sheets are what is hard for exact arithmetic: flat faces along the axes and askew.

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Surface_mesh.h>
#include <benchmark/benchmark.h>

#include "bench_limb.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"

namespace fit {
namespace {

const Mesh& limb() {
  static const Mesh mesh = bench_limb(300000);
  return mesh;
}

/// A flat square of 100,000 triangles, turned by `slope`.
Mesh sheet(double slope) {
  constexpr int count = 224;
  Mesh mesh;
  for (int y = 0; y <= count; ++y)
    for (int x = 0; x <= count; ++x) mesh.vertices.push_back({1.0 * x, 1.0 * y, 3.0 + slope * (0.3 * x + 0.7 * y)});
  for (int y = 0; y < count; ++y)
    for (int x = 0; x < count; ++x) {
      const int a = y * (count + 1) + x, b = a + 1, c = a + count + 2, d = a + count + 1;
      mesh.triangles.push_back({a, b, c});
      mesh.triangles.push_back({a, c, d});
    }
  return mesh;
}

void fit_crosses(benchmark::State& state, const Mesh& mesh) {
  for (auto _ : state) benchmark::DoNotOptimize(self_crossings(mesh, 1).empty());
}

void cgal_crosses(benchmark::State& state, const Mesh& mesh) {
  using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
  using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
  Surface surface;
  for (const Eigen::Vector3d& v : mesh.vertices) surface.add_vertex({v.x(), v.y(), v.z()});
  using Vertex = Surface::Vertex_index;
  for (const Eigen::Vector3i& t : mesh.triangles) surface.add_face(Vertex(t[0]), Vertex(t[1]), Vertex(t[2]));
  for (auto _ : state) benchmark::DoNotOptimize(CGAL::Polygon_mesh_processing::does_self_intersect(surface));
}

void Fit_limb_1_thread(benchmark::State& state) {
  set_threads(1);
  fit_crosses(state, limb());
  set_threads(2);
}
void Fit_limb_2_threads(benchmark::State& state) { fit_crosses(state, limb()); }
void CGAL_limb(benchmark::State& state) { cgal_crosses(state, limb()); }
void Fit_flat(benchmark::State& state) { fit_crosses(state, sheet(0.0)); }
void CGAL_flat(benchmark::State& state) { cgal_crosses(state, sheet(0.0)); }
void Fit_flat_askew(benchmark::State& state) { fit_crosses(state, sheet(0.1)); }
void CGAL_flat_askew(benchmark::State& state) { cgal_crosses(state, sheet(0.1)); }

BENCHMARK(Fit_limb_1_thread)->Unit(benchmark::kMillisecond);
BENCHMARK(Fit_limb_2_threads)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(CGAL_limb)->Unit(benchmark::kMillisecond);
BENCHMARK(Fit_flat)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(CGAL_flat)->Unit(benchmark::kMillisecond);
BENCHMARK(Fit_flat_askew)->Unit(benchmark::kMillisecond)->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(CGAL_flat_askew)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fit

BENCHMARK_MAIN();
