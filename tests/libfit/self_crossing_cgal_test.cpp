// Verdicts against CGAL's, in exact rational numbers; on files with its filtered predicates, which are as exact.

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Exact_rational.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Simple_cartesian.h>
#include <CGAL/Surface_mesh.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <random>
#include <vector>

#include "libfit/error.h"
#include "libfit/mesh_io.h"
#include "libfit/self_crossing.h"

namespace fit {
namespace {

using Kernel = CGAL::Simple_cartesian<CGAL::Exact_rational>;
using Point = Kernel::Point_3;
using Pair = std::array<int, 2>;
using Pairs = std::vector<Pair>;

constexpr std::size_t kAll = 1u << 30;

Point exact(const Mesh& mesh, int vertex) {
  const Eigen::Vector3d& v = mesh.vertices[vertex];
  return {v.x(), v.y(), v.z()};
}

/// CGAL's own answer: for meshes whose sides have at most two triangles and whose fans are whole.
Pairs cgal_on_a_surface(const Mesh& mesh) {
  using Surface = CGAL::Surface_mesh<Point>;
  Surface surface;
  for (std::size_t i = 0; i < mesh.vertices.size(); ++i) surface.add_vertex(exact(mesh, static_cast<int>(i)));
  using Vertex = Surface::Vertex_index;
  for (const Eigen::Vector3i& t : mesh.triangles)
    EXPECT_NE(surface.add_face(Vertex(t[0]), Vertex(t[1]), Vertex(t[2])), Surface::null_face());
  std::vector<std::pair<Surface::Face_index, Surface::Face_index>> found;
  CGAL::Polygon_mesh_processing::self_intersections(surface, std::back_inserter(found));
  Pairs pairs;
  for (const auto& [first, second] : found) {
    const int a = static_cast<int>(first), b = static_cast<int>(second);
    pairs.push_back({std::min(a, b), std::max(a, b)});
  }
  std::sort(pairs.begin(), pairs.end());
  return pairs;
}

/// What CGAL asks of a pair of triangles (do_faces_intersect in self_intersections.h), on any soup.
bool cgal_on_a_pair(const Mesh& mesh, const Eigen::Vector3i& t, const Eigen::Vector3i& u) {
  std::vector<int> shared, of_t, of_u;
  for (int i = 0; i < 3; ++i) {
    const bool in_u = t[i] == u[0] || t[i] == u[1] || t[i] == u[2];
    (in_u ? shared : of_t).push_back(t[i]);
    if (t[0] != u[i] && t[1] != u[i] && t[2] != u[i]) of_u.push_back(u[i]);
  }
  const auto at = [&](int vertex) { return exact(mesh, vertex); };
  const Kernel::Triangle_3 a(at(t[0]), at(t[1]), at(t[2])), b(at(u[0]), at(u[1]), at(u[2]));
  if (shared.size() == 3) return true;
  if (shared.size() == 2)
    return CGAL::coplanar(at(shared[0]), at(shared[1]), at(of_t[0]), at(of_u[0])) &&
           CGAL::coplanar_orientation(at(shared[0]), at(shared[1]), at(of_t[0]), at(of_u[0])) == CGAL::POSITIVE;
  if (shared.size() == 1)
    return CGAL::do_intersect(a, Kernel::Segment_3(at(of_u[0]), at(of_u[1]))) ||
           CGAL::do_intersect(b, Kernel::Segment_3(at(of_t[0]), at(of_t[1])));
  return CGAL::do_intersect(a, b);
}

Pairs cgal_on_a_soup(const Mesh& mesh) {
  const int count = static_cast<int>(mesh.triangles.size());
  std::vector<bool> line(count);
  for (int i = 0; i < count; ++i) {
    const Eigen::Vector3i& t = mesh.triangles[i];
    line[i] = CGAL::collinear(exact(mesh, t[0]), exact(mesh, t[1]), exact(mesh, t[2]));
  }
  Pairs pairs;
  for (int i = 0; i < count; ++i) {
    if (line[i]) pairs.push_back({i, i});
    for (int k = i + 1; k < count; ++k)
      if (!line[i] && !line[k] && cgal_on_a_pair(mesh, mesh.triangles[i], mesh.triangles[k])) pairs.push_back({i, k});
  }
  return pairs;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  double number() { return static_cast<double>(engine_()) / 2147483648.0 - 1.0; }
  int below(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }

 private:
  std::mt19937 engine_;
};

/// Triangles among few vertices: on a coarse grid, on a plane askew whose points are rounded, or anywhere.
Mesh soup(Random& random, int kind) {
  Mesh mesh;
  const int vertices = 4 + random.below(14);
  for (int i = 0; i < vertices; ++i) {
    Eigen::Vector3d v(random.below(4), random.below(4), random.below(kind == 0 ? 4 : 2));
    if (kind == 1) v = Eigen::Vector3d(0.1 * v.x() + 0.3, v.y() / 3.0, 0.0);
    if (kind == 2) v.z() = 0.3 * v.x() + 0.7 * v.y();
    if (kind == 3) v = Eigen::Vector3d(random.number(), random.number(), random.number());
    if (kind == 4) v += 1e-15 * Eigen::Vector3d(random.number(), random.number(), random.number());
    if (kind == 5) v = 1000.0 * Eigen::Vector3d(1, 2, 3) + v / 7.0;
    mesh.vertices.push_back(v);
  }
  for (int i = 0; i < 12; ++i) {
    const int a = random.below(vertices), b = random.below(vertices), c = random.below(vertices);
    if (a != b && b != c && c != a) mesh.triangles.push_back({a, b, c});
  }
  return mesh;
}

/// A tube without ends, pushed about until it crosses itself.
Mesh tube(Random& random, int kind) {
  constexpr int rings = 7, spokes = 6;
  Mesh mesh;
  const double push = kind == 0 ? 0.1 : 0.6;
  for (int ring = 0; ring < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const double angle = 6.283185307179586 * spoke / spokes;
      Eigen::Vector3d v(std::cos(angle), std::sin(angle), 0.5 * ring);
      v += push * Eigen::Vector3d(random.number(), random.number(), random.number());
      if (kind == 2) v = (2.0 * v).array().round();
      mesh.vertices.push_back(v);
    }
  for (int ring = 0; ring + 1 < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const int a = ring * spokes + spoke, b = ring * spokes + (spoke + 1) % spokes;
      mesh.triangles.push_back({a, b, b + spokes});
      mesh.triangles.push_back({a, b + spokes, a + spokes});
    }
  return mesh;
}

TEST(SelfCrossing, TellsThePairsThatCgalTellsOnAnySoup) {
  Random random(1);
  int crossing = 0;
  for (int round = 0; round < 3000; ++round) {
    const Mesh mesh = soup(random, round % 6);
    const Pairs expected = cgal_on_a_soup(mesh);
    crossing += static_cast<int>(expected.size());
    ASSERT_EQ(self_crossings(mesh, kAll), expected) << "round " << round;
  }
  EXPECT_GT(crossing, 10000);
}

TEST(SelfCrossing, TellsThePairsThatCgalTellsOnSurfaces) {
  Random random(2);
  for (int round = 0; round < 300; ++round) {
    const Mesh mesh = tube(random, round % 3);
    ASSERT_EQ(self_crossings(mesh, kAll), cgal_on_a_surface(mesh)) << "round " << round;
  }
}

/// CGAL's verdict; nothing when its surfaces cannot hold the mesh.
std::optional<bool> cgal_crosses(const Mesh& mesh) {
  using Surface = CGAL::Surface_mesh<CGAL::Exact_predicates_inexact_constructions_kernel::Point_3>;
  Surface surface;
  for (const Eigen::Vector3d& v : mesh.vertices) surface.add_vertex({v.x(), v.y(), v.z()});
  using Vertex = Surface::Vertex_index;
  for (const Eigen::Vector3i& t : mesh.triangles)
    if (surface.add_face(Vertex(t[0]), Vertex(t[1]), Vertex(t[2])) == Surface::null_face()) return std::nullopt;
  return CGAL::Polygon_mesh_processing::does_self_intersect(surface);
}

TEST(SelfCrossing, TellsWhatCgalTellsOfEveryFile) {
  const std::filesystem::path data = FIT_SHARED_DATA;
  if (!std::filesystem::exists(data)) GTEST_SKIP() << "there is no " << data;
  int compared = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(data)) {
    if (!entry.is_regular_file()) continue;
    Mesh mesh;
    try {
      mesh = read_mesh(entry.path()).mesh;
    } catch (const Error&) {
      continue;
    }
    const std::optional<bool> expected = cgal_crosses(mesh);
    if (!expected) continue;
    ++compared;
    EXPECT_EQ(!self_crossings(mesh, 1).empty(), *expected) << entry.path();
  }
  EXPECT_GT(compared, 20);
}

TEST(SelfCrossing, AmongSomeTrianglesTellsThePairsOfThose) {
  Random random(3);
  for (int round = 0; round < 300; ++round) {
    const Mesh mesh = tube(random, round % 3);
    std::vector<int> among;
    for (int i = 0; i < 1 + round % 20; ++i) among.push_back(random.below(static_cast<int>(mesh.triangles.size())));
    Pairs expected;
    for (const Pair& pair : self_crossings(mesh, kAll))
      if (std::count(among.begin(), among.end(), pair[0]) + std::count(among.begin(), among.end(), pair[1]))
        expected.push_back(pair);
    ASSERT_EQ(self_crossings(mesh, among, kAll), expected) << "round " << round;
  }
}

}  // namespace
}  // namespace fit
