#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <open3d/io/TriangleMeshIO.h>
#include <unistd.h>

#include "bench_limb.h"
#include "libfit/file.h"
#include "libfit/mesh_io.h"

/// Files of 300,000 triangles, read with exact weld and written, beside Open3D in the same run. Fit's times include all
/// of its checks; what it writes is also synced to the disk and read back, which Open3D does not do.
namespace fit {
namespace {

/// A folder of files, made once for the run and gone after it.
class Files {
 public:
  Files()
      : folder_(std::filesystem::temp_directory_path() / ("fit_bench_" + std::to_string(::getpid()))),
        limb_(bench_limb(300'000)) {
    std::filesystem::create_directories(folder_);
    for (const char* name : {"limb.stl", "limb.ply", "limb.obj", "limb.3mf"}) write_mesh(folder_ / name, limb_);
    std::string text = "solid limb\n";
    for (const Eigen::Vector3i& t : limb_.triangles) {
      text += "facet normal 0 0 0\nouter loop\n";
      for (int corner : t) {
        const Eigen::Vector3f v = limb_.vertices[corner].cast<float>();
        text += fmt::format("vertex {} {} {}\n", v.x(), v.y(), v.z());
      }
      text += "endloop\nendfacet\n";
    }
    write_file(folder_ / "ascii.stl", text + "endsolid limb\n");
  }
  ~Files() { std::filesystem::remove_all(folder_); }

  std::filesystem::path path(const char* name) const { return folder_ / name; }
  const Mesh& limb() const { return limb_; }

 private:
  std::filesystem::path folder_;
  Mesh limb_;
};

const Files& files() {
  static const Files made;
  return made;
}

void fit_read(benchmark::State& state, const char* name) {
  const std::filesystem::path path = files().path(name);
  for (auto _ : state) {
    const MeshFile file = read_mesh(path);
    if (file.mesh.vertices.size() != files().limb().vertices.size()) state.SkipWithError("not welded");
  }
}

void open3d_read(benchmark::State& state, const char* name, bool weld) {
  const std::string path = files().path(name).string();
  for (auto _ : state) {
    open3d::geometry::TriangleMesh mesh;
    if (!open3d::io::ReadTriangleMesh(path, mesh)) state.SkipWithError("not read");
    if (weld) mesh.RemoveDuplicatedVertices();
    benchmark::DoNotOptimize(mesh.triangles_.data());
  }
}

void fit_write(benchmark::State& state, const char* name) {
  const std::filesystem::path path = files().path(name);
  for (auto _ : state) write_mesh(path, files().limb());
}

void open3d_write(benchmark::State& state, const char* name) {
  open3d::geometry::TriangleMesh mesh(files().limb().vertices, files().limb().triangles);
  mesh.ComputeTriangleNormals();
  const std::string path = files().path(name).string();
  for (auto _ : state)
    if (!open3d::io::WriteTriangleMesh(path, mesh)) state.SkipWithError("not written");
}

const int registered = [] {
  const auto add = [](const std::string& name, auto run) {
    benchmark::RegisterBenchmark(name.c_str(), run)
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  };
  for (const char* name : {"limb.stl", "limb.ply", "limb.obj", "ascii.stl", "limb.3mf"})
    add(std::string("read/fit/") + name, [name](benchmark::State& state) { fit_read(state, name); });
  for (const char* name : {"limb.stl", "limb.ply", "limb.obj"})
    add(std::string("read/open3d/") + name,
        [name](benchmark::State& state) { open3d_read(state, name, std::string_view(name).ends_with(".stl")); });
  for (const char* name : {"out.stl", "out.ply", "out.obj", "out.3mf"})
    add(std::string("write/fit/") + name, [name](benchmark::State& state) { fit_write(state, name); });
  for (const char* name : {"out.stl", "out.ply", "out.obj"})
    add(std::string("write/open3d/") + name, [name](benchmark::State& state) { open3d_write(state, name); });
  return 0;
}();

}  // namespace
}  // namespace fit

BENCHMARK_MAIN();
