#include "libfit/detail/closest_point.h"

#include <gtest/gtest.h>

#include <Eigen/Geometry>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "libfit/detail/triangle_point.h"
#include "libfit/error.h"

namespace fit::detail {
namespace {

using Eigen::Vector3d;
using Eigen::Vector3i;

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  /// In [-1, 1), the same on every machine (std::uniform_real_distribution is not).
  double number() { return static_cast<double>(engine_()) / 2147483648.0 - 1.0; }
  Vector3d point() {
    const double x = number(), y = number(), z = number();
    return {x, y, z};
  }
  int below(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }

 private:
  std::mt19937 engine_;
};

/// A closed, bumpy tube with two poles: its radius goes with `bump`.
Mesh bumpy_capsule(int rings, int spokes, double bump, const Vector3d& middle = Vector3d::Zero()) {
  Mesh mesh;
  const double pi = std::numbers::pi;
  mesh.vertices.push_back(middle - 2.0 * Vector3d::UnitZ());
  for (int ring = 1; ring < rings; ++ring)
    for (int spoke = 0; spoke < spokes; ++spoke) {
      const double polar = pi * ring / rings, angle = 2.0 * pi * spoke / spokes;
      const double radius = std::sin(polar) * (1.0 + bump * std::sin(5.0 * polar) * std::cos(3.0 * angle));
      mesh.vertices.push_back(middle +
                              Vector3d(radius * std::cos(angle), radius * std::sin(angle), -2.0 * std::cos(polar)));
    }
  mesh.vertices.push_back(middle + 2.0 * Vector3d::UnitZ());
  const int top = static_cast<int>(mesh.vertices.size()) - 1;
  const auto at = [&](int ring, int spoke) { return 1 + (ring - 1) * spokes + spoke % spokes; };
  for (int spoke = 0; spoke < spokes; ++spoke) {
    mesh.triangles.push_back({0, at(1, spoke + 1), at(1, spoke)});
    mesh.triangles.push_back({top, at(rings - 1, spoke), at(rings - 1, spoke + 1)});
    for (int ring = 1; ring + 1 < rings; ++ring) {
      mesh.triangles.push_back({at(ring, spoke), at(ring, spoke + 1), at(ring + 1, spoke + 1)});
      mesh.triangles.push_back({at(ring, spoke), at(ring + 1, spoke + 1), at(ring + 1, spoke)});
    }
  }
  return mesh;
}

/// Full solid angle of the mesh seen from a point over 4 pi: 1 inside, 0 outside (van Oosterom and Strackee 1983, eq.
/// 8).
double winding_number(const Mesh& mesh, const Vector3d& query) {
  double sum = 0.0;
  for (const Vector3i& t : mesh.triangles) {
    const Vector3d a = mesh.vertices[t[0]] - query, b = mesh.vertices[t[1]] - query, c = mesh.vertices[t[2]] - query;
    const double la = a.norm(), lb = b.norm(), lc = c.norm();
    sum += 2.0 * std::atan2(a.dot(b.cross(c)), la * lb * lc + a.dot(b) * lc + b.dot(c) * la + c.dot(a) * lb);
  }
  return sum / (4.0 * std::numbers::pi);
}

struct BruteForce {
  double distance;
  int triangle;
};

BruteForce brute_force(const Mesh& mesh, const Vector3d& query) {
  BruteForce best{1e300, -1};
  for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
    const Vector3i& t = mesh.triangles[i];
    const double squared =
        closest_on_triangle(query, mesh.vertices[t[0]], mesh.vertices[t[1]], mesh.vertices[t[2]]).squared;
    if (squared < best.distance) best = {squared, static_cast<int>(i)};
  }
  best.distance = std::sqrt(best.distance);
  return best;
}

/// Random triangles, some of them needles, points or doubled, far from the origin when asked.
Mesh random_soup(Random& random, int count, const Vector3d& offset) {
  Mesh mesh;
  for (int i = 0; i < count; ++i) {
    const Vector3d place = offset + 10.0 * random.point();
    const double size = std::pow(10.0, 2.0 * random.number() - 1.0);
    Vector3d corner[3] = {place, place + size * random.point(), place + size * random.point()};
    const int kind = random.below(8);
    if (kind == 0) corner[1] = corner[2] = corner[0];
    if (kind == 1) corner[2] = 0.5 * (corner[0] + corner[1]);
    if (kind == 2) corner[2] = corner[1] + 1e-7 * size * random.point();
    if (kind == 3) corner[2] = 0.3 * corner[0] + 0.7 * corner[1] + 1e-9 * size * random.point();
    const int first = static_cast<int>(mesh.vertices.size());
    mesh.vertices.insert(mesh.vertices.end(), corner, corner + 3);
    mesh.triangles.push_back({first, first + 1, first + 2});
    if (kind == 4) mesh.triangles.push_back({first + 1, first + 2, first});
  }
  return mesh;
}

TEST(ClosestPoint, IsExactOnACube) {
  Mesh cube;
  for (int i = 0; i < 8; ++i) cube.vertices.push_back(Vector3d(i & 1, i >> 1 & 1, i >> 2));
  cube.triangles = {{0, 2, 3}, {0, 3, 1}, {4, 5, 7}, {4, 7, 6}, {0, 1, 5}, {0, 5, 4},
                    {2, 6, 7}, {2, 7, 3}, {0, 4, 6}, {0, 6, 2}, {1, 3, 7}, {1, 7, 5}};
  const ClosestPoint search(cube);
  EXPECT_DOUBLE_EQ(search.at({0.5, 0.4, 0.9}).signed_mm, -0.1);
  EXPECT_DOUBLE_EQ(search.at({0.5, 0.4, 3.0}).signed_mm, 2.0);
  EXPECT_DOUBLE_EQ(search.at({2.0, 2.0, 0.5}).signed_mm, std::sqrt(2.0));
  EXPECT_DOUBLE_EQ(search.at({-1.0, 2.0, 2.0}).signed_mm, std::sqrt(3.0));
  EXPECT_EQ(search.at({-1.0, 2.0, 2.0}).point_mm, Vector3d(0, 1, 1));
}

TEST(ClosestPoint, AnswersAsBruteForceOnNeedlesPointsAndDoubledTriangles) {
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    const Vector3d offset = std::pow(10.0, round % 5) * random.point();
    const Mesh mesh = random_soup(random, 1 + random.below(300), offset);
    const ClosestPoint search(mesh);
    for (int i = 0; i < 60; ++i) {
      const Vector3d query = offset + std::pow(10.0, 1.0 + 2.0 * random.number()) * random.point();
      const BruteForce truth = brute_force(mesh, query);
      const Closest found = search.at(query);
      ASSERT_EQ(std::abs(found.signed_mm), truth.distance);
      ASSERT_EQ(found.triangle, truth.triangle);
      ASSERT_NEAR((found.point_mm - query).norm(), truth.distance, 1e-12 * (1.0 + truth.distance + offset.norm()));
    }
  }
}

TEST(ClosestPoint, IsOnTheTriangleAndNoSampleOfItIsNearer) {
  Random random(2);
  for (int round = 0; round < 2000; ++round) {
    const double height = std::pow(10.0, -5.0 + 5.0 * random.number());
    const Vector3d a = random.point(), b = random.point();
    const Vector3d c = a + 0.4 * (b - a) + height * random.point();
    const Vector3d query = 2.0 * random.point();
    const TrianglePoint found = closest_on_triangle(query, a, b, c);
    for (int i = 0; i <= 20; ++i)
      for (int k = 0; i + k <= 20; ++k) {
        const Vector3d sample = a + (b - a) * (i / 20.0) + (c - a) * (k / 20.0);
        ASSERT_LE(std::sqrt(found.squared), (sample - query).norm() + 2e-8);
      }
    ASSERT_LE(std::sqrt(closest_on_triangle(found.point, a, b, c).squared), 2e-8);
  }
}

TEST(ClosestPoint, HasTheSignOfTheWindingNumber) {
  Random random(3);
  for (const double bump : {0.0, 0.3, 0.8})
    for (const double far : {0.0, 1e4}) {
      const Vector3d offset = far * Vector3d(1.0, -0.7, 0.3);
      Mesh mesh = bumpy_capsule(14, 17, bump, offset);
      for (Vector3d& vertex : mesh.vertices) vertex += 0.01 * random.point();
      const ClosestPoint search(mesh);
      for (int i = 0; i < 1500; ++i) {
        const Vector3d query = offset + 2.5 * random.point();
        const Closest found = search.at(query);
        if (std::abs(found.signed_mm) < 1e-9) continue;
        const bool inside = winding_number(mesh, query) > 0.5;
        ASSERT_EQ(found.signed_mm < 0.0, inside) << query.transpose();
      }
    }
}

TEST(ClosestPoint, HasTheSameAnswerWithAnyHint) {
  Random random(4);
  const Mesh mesh = bumpy_capsule(20, 30, 0.4);
  const ClosestPoint search(mesh);
  for (int i = 0; i < 3000; ++i) {
    const Vector3d query = 3.0 * random.point();
    const Closest plain = search.at(query);
    const Closest hinted = search.at(query, random.below(static_cast<int>(mesh.triangles.size())));
    ASSERT_EQ(plain.triangle, hinted.triangle);
    ASSERT_EQ(plain.signed_mm, hinted.signed_mm);
    ASSERT_EQ(plain.point_mm, hinted.point_mm);
  }
}

TEST(ClosestPoint, GivesTheSameBitsWithoutAvx2AndWithoutSides) {
  Random random(6);
  for (int round = 0; round < 20; ++round) {
    const Mesh mesh = round % 2 ? random_soup(random, 1 + random.below(2000), Vector3d::Zero())
                                : bumpy_capsule(5 + 2 * round, 40, 0.05 * round);
    const ClosestPoint best(mesh), portable(mesh, Sides::told, Instructions::portable);
    const ClosestPoint plain(mesh, Sides::left_out);
    for (int i = 0; i < 500; ++i) {
      const Vector3d query = 12.0 * random.point();
      const Closest a = best.at(query), b = portable.at(query);
      ASSERT_EQ(a.triangle, b.triangle);
      ASSERT_EQ(a.signed_mm, b.signed_mm);
      ASSERT_EQ(a.point_mm, b.point_mm);
      ASSERT_EQ(plain.at(query).signed_mm, std::abs(a.signed_mm));
    }
  }
}

TEST(ClosestPoint, AnswersWhereEveryTriangleIsAboutEquallyNear) {
  Mesh sphere = bumpy_capsule(60, 80, 0.0);
  for (Vector3d& vertex : sphere.vertices) vertex.z() *= 0.5;
  const ClosestPoint search(sphere);
  for (const Vector3d& query : {Vector3d(0, 0, 0), Vector3d(1e-9, 0, 0), Vector3d(1e9, 0, 0), Vector3d(0, 1e30, 0)}) {
    const BruteForce truth = brute_force(sphere, query);
    const Closest found = search.at(query);
    ASSERT_EQ(std::abs(found.signed_mm), truth.distance);
    ASSERT_EQ(found.triangle, truth.triangle);
  }
}

TEST(ClosestPoint, IsNotMisledByAVertexThatNoTriangleUses) {
  Mesh mesh = bumpy_capsule(20, 30, 0.4);
  const Closest before = ClosestPoint(mesh).at({0.3, 0.2, 0.1});
  mesh.vertices.push_back({1e30, 0, 0});
  EXPECT_EQ(ClosestPoint(mesh).at({0.3, 0.2, 0.1}).signed_mm, before.signed_mm);
}

TEST(ClosestPoint, WithinAnswersUpToItsBoundAndNotBeyond) {
  Random random(5);
  const Mesh mesh = bumpy_capsule(20, 30, 0.4);
  const ClosestPoint search(mesh);
  for (int i = 0; i < 1000; ++i) {
    const Vector3d query = 3.0 * random.point();
    const double distance = std::abs(search.at(query).signed_mm);
    const auto reached = search.within(query, distance * 1.0001);
    ASSERT_TRUE(reached.has_value());
    ASSERT_EQ(std::abs(reached->signed_mm), distance);
    ASSERT_FALSE(search.within(query, distance * 0.9999).has_value());
    ASSERT_FALSE(search.within(query, distance * 0.9999, reached->triangle).has_value());
  }
}

TEST(ClosestPoint, RefusesAMeshWithoutTriangles) { EXPECT_THROW(ClosestPoint{Mesh{}}, Error); }

TEST(ClosestPoint, RefusesAnIndexOutOfRange) {
  Mesh mesh = bumpy_capsule(4, 4, 0.0);
  mesh.triangles[3][1] = static_cast<int>(mesh.vertices.size());
  EXPECT_THROW(ClosestPoint{mesh}, Error);
}

TEST(ClosestPoint, RefusesAQueryThatIsNotANumber) {
  EXPECT_THROW(ClosestPoint(bumpy_capsule(4, 4, 0.0)).at({0, std::nan(""), 0}), Error);
}

TEST(ClosestPoint, RefusesACoordinateThatIsNotANumber) {
  Mesh mesh = bumpy_capsule(4, 4, 0.0);
  mesh.vertices[3].y() = std::numeric_limits<double>::infinity();
  EXPECT_THROW(ClosestPoint{mesh}, Error);
}

}  // namespace
}  // namespace fit::detail
