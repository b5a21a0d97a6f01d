// A positive becomes a socket that was checked: beside the best chain of Debian's libraries, an OpenVDB offset and
// CGAL's corefinement. Both end with the question whether the result crosses itself. The peer has one wall and a sharp
// rim: it does less. Needs OpenVDB (libopenvdb-dev); without it only ours is timed.

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/corefinement.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Surface_mesh.h>
#include <benchmark/benchmark.h>
#ifdef FIT_HAS_OPENVDB
#include <openvdb/openvdb.h>
#include <openvdb/tools/MeshToVolume.h>
#include <openvdb/tools/VolumeToMesh.h>
#endif

#include "libfit/detail/proximal_extension.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"
#include "libfit/solidify.h"
#include "tests/libfit/analytic_limb.h"

namespace fit {
namespace {

Mesh positive_of(int triangles) {
  AnalyticLimb limb;
  limb.groove_depth_mm = 7.0;
  // Two triangles a square: those around times those along.
  const double meridian = limb.length_mm + 0.57 * limb.radius_mm;
  limb.around = static_cast<int>(std::sqrt(triangles / 2.0 * 2.0 * std::numbers::pi * limb.radius_mm / meridian));
  return limb.mesh();
}

constexpr double kTrimMm = 250.0;

void fit_socket(benchmark::State& state) {
  const Mesh positive = positive_of(static_cast<int>(state.range(0)) * 1000);
  const Trimline trimline = wavy_trimline(kTrimMm, 8.0);
  const Hardware hardware = plate_block();
  set_threads(static_cast<int>(state.range(1)));
  for (auto _ : state) {
    const Solidified made = solidify(positive, trimline, hardware);
    if (!self_crossings(made.socket.mesh(), 1).empty()) state.SkipWithError("it crosses itself");
    state.counters["triangles"] = static_cast<double>(made.socket.mesh().triangles.size());
  }
  set_threads(2);
}

#ifdef FIT_HAS_OPENVDB

using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
namespace processing = CGAL::Polygon_mesh_processing;

Surface to_surface(const Mesh& mesh) {
  Surface surface;
  for (const Eigen::Vector3d& v : mesh.vertices) surface.add_vertex({v.x(), v.y(), v.z()});
  for (const Eigen::Vector3i& t : mesh.triangles)
    surface.add_face(Surface::Vertex_index(t[0]), Surface::Vertex_index(t[1]), Surface::Vertex_index(t[2]));
  return surface;
}

/// A solid between two regular polygons with an even number of corners: a block, a hole, or what is above the trim.
Mesh prism(int corners, double radius_mm, double low_mm, double high_mm, const Eigen::Vector2d& middle, double turn) {
  Mesh mesh;
  for (int i = 0; i < corners; ++i) {
    const double angle = turn + 2.0 * std::numbers::pi * i / corners;
    const Eigen::Vector2d at = middle + radius_mm * Eigen::Vector2d(std::cos(angle), std::sin(angle));
    mesh.vertices.emplace_back(at.x(), at.y(), low_mm);
    mesh.vertices.emplace_back(at.x(), at.y(), high_mm);
  }
  const auto at = [&](int corner, int top) { return 2 * (corner % corners) + top; };
  for (int i = 0; i < corners; ++i) {
    mesh.triangles.emplace_back(at(i, 0), at(i + 1, 0), at(i + 1, 1));
    mesh.triangles.emplace_back(at(i, 0), at(i + 1, 1), at(i, 1));
    if (i == 0 || i + 1 == corners) continue;
    mesh.triangles.emplace_back(at(0, 1), at(i, 1), at(i + 1, 1));
    mesh.triangles.emplace_back(at(0, 0), at(i + 1, 0), at(i, 0));
  }
  return mesh;
}

Surface offset_by_openvdb(const Mesh& closed, double wall_mm) {
  std::vector<openvdb::Vec3s> points;
  std::vector<openvdb::Vec3I> triangles;
  for (const Eigen::Vector3d& v : closed.vertices) points.emplace_back(v.x(), v.y(), v.z());
  for (const Eigen::Vector3i& t : closed.triangles) triangles.emplace_back(t[0], t[1], t[2]);
  const auto transform = openvdb::math::Transform::createLinearTransform(1.0);
  for (openvdb::Vec3s& point : points) point = transform->worldToIndex(point);
  openvdb::tools::QuadAndTriangleDataAdapter<openvdb::Vec3s, openvdb::Vec3I> adapter(points, triangles);
  const auto grid = openvdb::tools::meshToVolume<openvdb::FloatGrid>(adapter, *transform, wall_mm + 2.0f, 2.0f);
  std::vector<openvdb::Vec3s> out;
  std::vector<openvdb::Vec4I> quads;
  openvdb::tools::volumeToMesh(*grid, out, quads, wall_mm);
  Mesh mesh;
  for (const openvdb::Vec3s& v : out) mesh.vertices.emplace_back(v.x(), v.y(), v.z());
  for (const openvdb::Vec4I& q : quads) {
    mesh.triangles.emplace_back(q[2], q[1], q[0]);
    mesh.triangles.emplace_back(q[3], q[2], q[0]);
  }
  return to_surface(volume_mm3(mesh) < 0.0 ? flipped(mesh) : mesh);
}

void debian_chain_socket(benchmark::State& state) {
  openvdb::initialize();
  const Mesh positive = positive_of(static_cast<int>(state.range(0)) * 1000);
  for (auto _ : state) {
    const Mesh closed = detail::extended_and_closed(positive, 320.0).mesh;
    Surface solid = offset_by_openvdb(closed, 6.0);
    Surface block = to_surface(prism(4, 45.0, -28.5, 12.0, {0.1, 0.2}, std::numbers::pi / 4.0));
    bool done = processing::corefine_and_compute_union(solid, block, solid);
    Surface cavity = to_surface(closed);
    done = done && processing::corefine_and_compute_difference(solid, cavity, solid);
    for (int i = 0; i < 5 && done; ++i) {
      const Eigen::Vector2d middle(i & 1 ? 18.0 : -18.0, i & 2 ? 18.0 : -18.0);
      Surface cut = to_surface(i < 4 ? prism(32, 3.3, -35.0, 31.0, middle, 0.05)
                                     : prism(4, 300.0, kTrimMm, 400.0, {0.0, 0.0}, 0.1));
      done = processing::corefine_and_compute_difference(solid, cut, solid);
    }
    if (!done || processing::does_self_intersect(solid)) state.SkipWithError("the chain did not give a socket");
    state.counters["triangles"] = static_cast<double>(solid.number_of_faces());
  }
}

BENCHMARK(debian_chain_socket)
    ->ArgName("thousand")
    ->Arg(300)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

#endif

BENCHMARK(fit_socket)
    ->ArgNames({"thousand", "threads"})
    ->Args({50, 2})
    ->Args({100, 2})
    ->Args({300, 1})
    ->Args({300, 2})
    ->Args({1000, 2})
    ->Args({2000, 2})
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime()
    ->MeasureProcessCPUTime();

}  // namespace
}  // namespace fit

BENCHMARK_MAIN();
