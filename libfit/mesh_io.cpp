#include "libfit/mesh_io.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "libfit/detail/file_bytes.h"
#include "libfit/detail/mesh_formats.h"
#include "libfit/file.h"

namespace fit {

namespace {

std::string ending_of(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return ending;
}

std::string bytes_of(const std::filesystem::path& path, const Mesh& mesh, const MeshExtras& extras) {
  const std::string ending = ending_of(path);
  if (ending == ".stl") return detail::binary_stl_of(mesh, extras);
  if (ending == ".ply") return detail::ply_of(mesh, extras);
  if (ending == ".obj") return detail::obj_of(mesh, extras);
  if (ending == ".3mf") return detail::threemf_of(mesh, extras);
  throw Error(
      ErrorKind::bad_params,
      fmt::format("'{}' has an ending that no mesh can be written as; use .stl, .ply, .obj or .3mf.", path.string()));
}

}  // namespace

namespace detail {

MeshFile mesh_from_bytes(std::string_view bytes, const std::filesystem::path& name, const Progress& progress) {
  try {
    progress(0.0);
    MeshFile file = read_by_content(bytes, ending_of(name), progress.part(0.05, 0.95));
    progress(0.95);
    drop_collapsed_triangles(file);
    if (file.mesh.triangles.empty()) {
      if (file.mesh.vertices.empty()) refuse("it holds no surface");
      refuse("it holds {} points and no triangles; export the scan as a surface", file.mesh.vertices.size());
    }
    return file;
  } catch (const Error& error) {
    throw Error(error.kind(), fmt::format("'{}' cannot be used: {}.", name.filename().string(), error.what()));
  }
}

void judge_steps_of_32_bits(MeshFile& file) {
  const Box box = bounding_box(file.mesh);
  const double size = box.size().maxCoeff();
  const auto farthest = static_cast<float>(std::max(box.highest.maxCoeff(), -box.lowest.minCoeff()));
  const double step = std::nextafter(farthest, INFINITY) - farthest;
  if (!(size > 0.0) || step > 1e-2 * size)
    refuse(
        "it lies so far from its origin that its 32-bit numbers lose the shape; move it to the origin before it is "
        "exported");
  if (step > 1e-5 * size)
    file.findings.push_back({"file_coarse_numbers",
                             Severity::warn,
                             {{"step_percent", 0.0, fmt::format("{:.2g}", 100.0 * step / size)}},
                             {}});
}

void drop_collapsed_triangles(MeshFile& file) {
  std::vector<Eigen::Vector3i>& triangles = file.mesh.triangles;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < triangles.size(); ++i) {
    const Eigen::Vector3i t = triangles[i];
    if (t[0] == t[1] || t[1] == t[2] || t[2] == t[0]) continue;
    triangles[kept] = t;
    for (auto& [name, values] : file.triangle_values) values[kept] = values[i];
    ++kept;
  }
  if (kept == triangles.size()) return;
  file.findings.push_back({"file_collapsed_triangles",
                           Severity::note,
                           {{"triangles", static_cast<double>(triangles.size() - kept), {}}},
                           {}});
  triangles.resize(kept);
  for (auto& [name, values] : file.triangle_values) values.resize(kept);
}

}  // namespace detail

MeshFile read_mesh(const std::filesystem::path& path, const Progress& progress) {
  const detail::LargeVector<char> bytes = detail::read_large_file(path);
  return detail::mesh_from_bytes(detail::view_of(bytes), path, progress);
}

Solid print_solid(const Solid& solid) {
  Mesh mesh = solid.mesh();
  detail::round_to_32_bits(mesh);
  return Solid(std::move(mesh));
}

void write_print(const std::filesystem::path& path, const Solid& solid, const MeshExtras& extras) {
  const std::string bytes = bytes_of(path, print_solid(solid).mesh(), extras);
  double volume = 0.0;
  try {
    volume = volume_mm3(Solid(detail::mesh_from_bytes(bytes, path).mesh).mesh());
  } catch (const Error& error) {
    throw Error(ErrorKind::no_solution, fmt::format("'{}' was not written, because it would not be a solid: {}",
                                                    path.filename().string(), error.what()));
  }
  const double expected = volume_mm3(solid.mesh());
  if (std::abs(volume - expected) > 1e-4 * expected)
    throw Error(ErrorKind::no_solution,
                fmt::format("'{}' was not written, because its volume would be {:.1f} mm3 in place of {:.1f} mm3.",
                            path.filename().string(), volume, expected));
  write_file(path, bytes);
}

void write_mesh(const std::filesystem::path& path, const Mesh& mesh, const MeshExtras& extras) {
  write_file(path, bytes_of(path, mesh, extras));
}

}  // namespace fit
