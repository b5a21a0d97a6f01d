// Damaged files: seeds of every format, changed at random by a seeded mutator. A reader gives a mesh or throws Error;
// it does not crash, hang, or take more memory than the file's size allows. FIT_MUTATIONS says how many changes a
// reader gets (600 without it; 10,000 under the sanitizers before a release).

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <new>
#include <random>

#include "libfit/detail/mesh_formats.h"
#include "libfit/error.h"

namespace {

/// Bytes taken by `new` and not given back, and the most there were.
std::size_t taken = 0;
std::size_t most_taken = 0;

}  // namespace

// Counts memory: this test is single-threaded but for the pieces of large OBJ files, and its seeds are small.
void* operator new(std::size_t size) {
  auto* block = static_cast<std::size_t*>(std::malloc(size + 16));
  if (!block) throw std::bad_alloc();
  *block = size;
  taken += size;
  most_taken = std::max(most_taken, taken);
  return block + 2;
}
void operator delete(void* memory) noexcept {
  if (!memory) return;
  auto* block = static_cast<std::size_t*>(memory) - 2;
  taken -= *block;
  std::free(block);
}
void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

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

/// Changes bytes as damage and carelessness do.
class Mutator {
 public:
  explicit Mutator(unsigned seed) : random_(seed) {}

  std::string change(std::string bytes) {
    for (int changes = 1 + below(4); changes > 0 && !bytes.empty(); --changes) change_once(bytes);
    return bytes;
  }

  int below(std::size_t limit) { return static_cast<int>(random_() % limit); }

 private:
  void change_once(std::string& bytes) {
    static const std::vector<std::string> numbers{"-1",    "0",   "4294967295", "2147483648", "99999999999999999999",
                                                  "nan",   "inf", "1e999",      "-0",         "1e-320",
                                                  "0.1.2", "1,5", "",           " ",          "\n",
                                                  "\\\n",  "/",   "-"};
    const std::size_t at = random_() % bytes.size();
    switch (below(8)) {
      case 0:
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes[at] = static_cast<char>(below(256));
        break;
      case 2:
        bytes.resize(at);
        break;
      case 3:
        bytes.insert(random_() % bytes.size(), bytes.substr(at, 1 + random_() % 64));
        break;
      case 4:
        bytes.erase(at, 1 + random_() % 64);
        break;
      case 5:
        replace_number(bytes, numbers[random_() % numbers.size()]);
        break;
      case 6:  // the header, where the counts are
        bytes[random_() % std::min<std::size_t>(bytes.size(), 200)] = static_cast<char>(below(256));
        break;
      default: {
        const std::uint32_t values[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0x7f800000, 0x7fc00000, 1000000};
        if (at + 4 <= bytes.size()) std::memcpy(bytes.data() + at, &values[random_() % 8], 4);
      }
    }
  }

  void replace_number(std::string& bytes, const std::string& number) {
    const std::size_t begin = bytes.find_first_of("0123456789", random_() % bytes.size());
    if (begin == bytes.npos) return;
    const std::size_t end = std::min(bytes.find_first_not_of("0123456789.eE+-", begin), bytes.size());
    bytes.replace(begin, end - begin, number);
  }

  std::mt19937 random_;
};

TEST(MeshIoMutation, EveryReaderGivesAMeshOrARefusal) {
  const char* const asked = std::getenv("FIT_MUTATIONS");
  const int mutations = asked ? std::atoi(asked) : 600;
  for (const Reader& reader : readers()) {
    Mutator mutator(12345);
    int read = 0;
    for (int i = 0; i < mutations; ++i) {
      const std::string bytes =
          mutator.change(reader.seeds[static_cast<std::size_t>(mutator.below(reader.seeds.size()))]);
      const auto start = std::chrono::steady_clock::now();
      most_taken = taken;
      const std::size_t before = taken;
      try {
        const MeshFile file = detail::mesh_from_bytes(bytes, std::string("seed") + reader.ending);
        ++read;
        for (const Eigen::Vector3i& t : file.mesh.triangles)
          for (int corner : t) ASSERT_LT(static_cast<std::size_t>(corner), file.mesh.vertices.size());
        for (const Eigen::Vector3d& vertex : file.mesh.vertices) ASSERT_TRUE(vertex.allFinite());
      } catch (const Error& error) {
        ASSERT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
      }
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      ASSERT_LT(seconds, 2.0) << reader.name << " change " << i;
      ASSERT_LT(most_taken - before, 4'000'000 + 400 * bytes.size()) << reader.name << " change " << i;
    }
    EXPECT_GT(read, mutations / 200) << reader.name << ": too few survive to try what comes after the header";
  }
}

}  // namespace
}  // namespace fit
