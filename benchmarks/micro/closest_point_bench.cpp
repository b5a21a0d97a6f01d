// Closest points on a limb of 300,000 triangles, one thread, beside Open3D's distance (Embree) and CGAL's AABB tree.
// Ours tells the side too; the others are asked for the distance alone. Coherent queries are the corners of 1 mm cells
// within 9 mm of the surface, brick by brick; random ones lie anywhere in the box around the limb.

#include <CGAL/AABB_face_graph_triangle_primitive.h>
#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/Simple_cartesian.h>
#include <CGAL/Surface_mesh.h>
#include <benchmark/benchmark.h>
#include <open3d/core/Tensor.h>
#include <open3d/t/geometry/RaycastingScene.h>

#include <random>

#include "bench_limb.h"
#include "libfit/detail/closest_point.h"

namespace fit {
namespace {

using Points = std::vector<Eigen::Vector3d>;

const Mesh& limb() {
  static const Mesh mesh = bench_limb(300000);
  return mesh;
}

const detail::ClosestPoint& search() {
  static const detail::ClosestPoint search(limb());
  return search;
}

const Points& coherent() {
  static const Points points = [] {
    Points result;
    const Box box = bounding_box(limb());
    const Eigen::Array3i bricks = ((box.size().array() + 20.0) / 8.0).ceil().cast<int>();
    for (int z = 0; z < bricks.z(); ++z)
      for (int y = 0; y < bricks.y(); ++y)
        for (int x = 0; x < bricks.x(); ++x) {
          const Eigen::Vector3d corner = box.lowest + Eigen::Vector3d(x, y, z) * 8.0 - Eigen::Vector3d::Constant(10.0);
          if (std::abs(search().at(corner + Eigen::Vector3d::Constant(3.5)).signed_mm) > 8.0) continue;
          for (int i = 0; i < 512; ++i) result.push_back(corner + Eigen::Vector3d(i & 7, i >> 3 & 7, i >> 6) * 0.999);
        }
    return result;
  }();
  return points;
}

const Points& random_points() {
  static const Points points = [] {
    std::mt19937 engine(1);
    const auto number = [&] { return engine() / 4294967296.0; };
    const Box box = bounding_box(limb());
    Points result(200000);
    for (Eigen::Vector3d& point : result)
      point = box.lowest + Eigen::Vector3d(number(), number(), number()).cwiseProduct(box.size());
    return result;
  }();
  return points;
}

void said(benchmark::State& state, std::size_t queries) {
  state.counters["s_a_query"] = benchmark::Counter(
      static_cast<double>(queries), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void Fit_build(benchmark::State& state) {
  for (auto _ : state) detail::ClosestPoint built(limb());
}

void Fit_coherent(benchmark::State& state) {
  const Points& points = coherent();
  for (auto _ : state) {
    int hint = -1;
    for (const Eigen::Vector3d& point : points) {
      const detail::Closest closest = search().at(point, hint);
      hint = closest.triangle;
      benchmark::DoNotOptimize(closest.signed_mm);
    }
  }
  said(state, points.size());
}

void Fit_random(benchmark::State& state) {
  const Points& points = random_points();
  for (auto _ : state)
    for (const Eigen::Vector3d& point : points) benchmark::DoNotOptimize(search().at(point).signed_mm);
  said(state, points.size());
}

void add_limb(open3d::t::geometry::RaycastingScene& scene) {
  using open3d::core::Tensor;
  const Mesh& mesh = limb();
  Tensor vertices({static_cast<int64_t>(mesh.vertices.size()), 3}, open3d::core::Float32);
  Tensor triangles({static_cast<int64_t>(mesh.triangles.size()), 3}, open3d::core::UInt32);
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i)
    for (int k = 0; k < 3; ++k) vertices.GetDataPtr<float>()[3 * i + k] = static_cast<float>(mesh.vertices[i][k]);
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i)
    for (int k = 0; k < 3; ++k)
      triangles.GetDataPtr<uint32_t>()[3 * i + k] = static_cast<uint32_t>(mesh.triangles[i][k]);
  scene.AddTriangles(vertices, triangles);
}

void open3d_distances(benchmark::State& state, const Points& points) {
  open3d::t::geometry::RaycastingScene scene;
  add_limb(scene);
  open3d::core::Tensor queries({static_cast<int64_t>(points.size()), 3}, open3d::core::Float32);
  for (std::size_t i = 0; i < points.size(); ++i)
    for (int k = 0; k < 3; ++k) queries.GetDataPtr<float>()[3 * i + k] = static_cast<float>(points[i][k]);
  scene.ComputeDistance(queries, 1);  // the scene is built by the first question
  for (auto _ : state) benchmark::DoNotOptimize(scene.ComputeDistance(queries, 1));
  said(state, points.size());
}

void Open3D_build(benchmark::State& state) {
  const open3d::core::Tensor query = open3d::core::Tensor::Zeros({1, 3}, open3d::core::Float32);
  for (auto _ : state) {
    open3d::t::geometry::RaycastingScene scene;
    add_limb(scene);
    benchmark::DoNotOptimize(scene.ComputeDistance(query, 1));
  }
}
void Open3D_coherent(benchmark::State& state) { open3d_distances(state, coherent()); }
void Open3D_random(benchmark::State& state) { open3d_distances(state, random_points()); }

using Kernel = CGAL::Simple_cartesian<double>;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
using Tree = CGAL::AABB_tree<CGAL::AABB_traits<Kernel, CGAL::AABB_face_graph_triangle_primitive<Surface>>>;

void cgal_distances(benchmark::State& state, const Points& points) {
  Surface surface;
  for (const Eigen::Vector3d& v : limb().vertices) surface.add_vertex({v.x(), v.y(), v.z()});
  using Vertex = Surface::Vertex_index;
  for (const Eigen::Vector3i& t : limb().triangles) surface.add_face(Vertex(t[0]), Vertex(t[1]), Vertex(t[2]));
  Tree tree(faces(surface).first, faces(surface).second, surface);
  tree.accelerate_distance_queries();
  const std::size_t count = points.size() / 10;
  for (auto _ : state)
    for (std::size_t i = 0; i < count; ++i)
      benchmark::DoNotOptimize(tree.squared_distance({points[i].x(), points[i].y(), points[i].z()}));
  said(state, count);
}

void CGAL_coherent(benchmark::State& state) { cgal_distances(state, coherent()); }
void CGAL_random(benchmark::State& state) { cgal_distances(state, random_points()); }

BENCHMARK(Fit_build)->Unit(benchmark::kMillisecond);
BENCHMARK(Open3D_build)->Unit(benchmark::kMillisecond);
BENCHMARK(Fit_coherent)->Unit(benchmark::kMillisecond);
BENCHMARK(Open3D_coherent)->Unit(benchmark::kMillisecond);
BENCHMARK(CGAL_coherent)->Unit(benchmark::kMillisecond);
BENCHMARK(Fit_random)->Unit(benchmark::kMillisecond);
BENCHMARK(Open3D_random)->Unit(benchmark::kMillisecond);
BENCHMARK(CGAL_random)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fit

BENCHMARK_MAIN();
