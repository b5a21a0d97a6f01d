// Damaged mesh files of every format.

#include <fstream>

#include "libfit/detail/mesh_formats.h"
#include "tests/libfit/damaged_files.h"

namespace fit {
namespace {

Mesh small_mesh() {
  Mesh mesh;
  for (int i = 0; i < 24; ++i)
    mesh.vertices.emplace_back(40.0 * std::cos(i * 0.7), 40.0 * std::sin(i * 0.7), 10.1 * (i / 3));
  for (int i = 0; i + 2 < 24; ++i) mesh.triangles.emplace_back(i, i + 1 + i % 2, i + 2 - i % 2);
  return mesh;
}

std::string as_text(std::string_view header, std::string_view face, int first_index, std::string_view end) {
  const Mesh mesh = small_mesh();
  std::string text(header);
  for (const Eigen::Vector3d& v : mesh.vertices)
    text += fmt::format("{}{:.5g} {:.5g} {:.5g}\n", face.starts_with("f") ? "v " : "", v.x(), v.y(), v.z());
  for (const Eigen::Vector3i& t : mesh.triangles)
    text += fmt::format("{} {} {} {}\n", face, t[0] + first_index, t[1] + first_index, t[2] + first_index);
  return text + std::string(end);
}

std::string as_ascii_stl() {
  const Mesh mesh = small_mesh();
  std::string text = "solid a\n";
  for (const Eigen::Vector3i& t : mesh.triangles) {
    text += "facet normal 0 0 1\nouter loop\n";
    for (int corner : t)
      text += fmt::format("vertex {:.5g} {:.5g} {:.5g}\n", mesh.vertices[corner].x(), mesh.vertices[corner].y(),
                          mesh.vertices[corner].z());
    text += "endloop\nendfacet\n";
  }
  return text + "endsolid a\n";
}

struct Reader {
  const char* name;
  const char* ending;
  std::vector<std::string> seeds;
};

std::vector<std::string> of_others(std::string_view ending) {
  std::vector<std::string> seeds;
  const std::filesystem::path folder = std::filesystem::path(FIT_SHARED_DATA) / "malformed";
  if (!std::filesystem::exists(folder)) return seeds;
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    if (entry.path().extension() == ending && entry.file_size() <= 20'000) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  for (const std::filesystem::path& path : paths) {
    std::ifstream in(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return seeds;
}

std::vector<Reader> readers() {
  const std::string ply_header =
      "ply\nformat ascii 1.0\nelement vertex 24\nproperty float x\nproperty float y\nproperty float z\n"
      "element face 22\nproperty list uchar int vertex_indices\nend_header\n";
  std::vector<Reader> all{
      {"binary STL", ".stl", {detail::binary_stl_of(small_mesh(), {})}},
      {"ascii STL", ".stl", {as_ascii_stl()}},
      {"PLY", ".ply", {detail::ply_of(small_mesh(), {}), as_text(ply_header, "3", 0, "")}},
      {"OBJ", ".obj", {as_text("o a\n", "f", 1, "f 1 5 9 12 20\n")}},
      {"OFF", ".off", {as_text("OFF\n24 22 0\n", "3", 0, "")}},
      {"3MF", ".3mf", {detail::threemf_of(small_mesh(), {})}},
  };
  for (Reader& reader : all)
    for (std::string& seed : of_others(reader.ending)) reader.seeds.push_back(std::move(seed));
  return all;
}

TEST(MeshIoMutation, EveryReaderGivesAMeshOrARefusal) {
  for (const Reader& reader : readers())
    expect_no_harm(reader.name, reader.seeds, [&](const std::string& bytes) {
      const MeshFile file = detail::mesh_from_bytes(bytes, std::string("seed") + reader.ending);
      for (const Eigen::Vector3i& t : file.mesh.triangles)
        for (int corner : t) ASSERT_LT(static_cast<std::size_t>(corner), file.mesh.vertices.size());
      for (const Eigen::Vector3d& vertex : file.mesh.vertices) ASSERT_TRUE(vertex.allFinite());
    });
}

}  // namespace
}  // namespace fit
