#include "models/shapes/generate_limb.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "libfit/error.h"
#include "libfit/solid.h"
#include "models/shapes/seeded.h"

namespace fit {
namespace {

GenerateParams small(int seed = 1) {
  GenerateParams params;
  params.seed = seed;
  params.triangles = 8000;
  return params;
}

/// Distance of a point to the nearest triangle, by brute force.
double distance_mm(const Mesh& mesh, const Eigen::Vector3d& p) {
  double nearest = 1e300;
  for (const Eigen::Vector3i& t : mesh.triangles) {
    const Eigen::Vector3d corner[3] = {mesh.vertices[static_cast<std::size_t>(t[0])],
                                       mesh.vertices[static_cast<std::size_t>(t[1])],
                                       mesh.vertices[static_cast<std::size_t>(t[2])]};
    const Eigen::Vector3d n = (corner[1] - corner[0]).cross(corner[2] - corner[0]).normalized();
    bool inside = true;
    for (int i = 0; i < 3; ++i) {
      const Eigen::Vector3d edge = corner[(i + 1) % 3] - corner[i], w = p - corner[i];
      inside = inside && n.dot(edge.cross(w)) >= 0.0;
      const double along = std::clamp(w.dot(edge) / edge.squaredNorm(), 0.0, 1.0);
      nearest = std::min(nearest, (w - along * edge).norm());
    }
    if (inside) nearest = std::min(nearest, std::abs(n.dot(p - corner[0])));
  }
  return nearest;
}

TEST(GenerateLimb, IsOpenAtTheProximalRimAlone) {
  for (int seed : {1, 2, 3}) {
    const Mesh surface = generate_limb(small(seed)).limb.surface;
    EXPECT_EQ(boundary_loops(surface).size(), 1u);
    EXPECT_NEAR(static_cast<double>(surface.triangles.size()), 8000.0, 800.0);
  }
}

TEST(GenerateLimb, HasEveryTranstibialLandmarkOnItsSkin) {
  const GeneratedLimb made = generate_limb(small());
  for (int i = 0; i <= static_cast<int>(Landmark::distal_end); ++i) {
    ASSERT_TRUE(made.limb.landmarks.count(static_cast<Landmark>(i))) << name_of(static_cast<Landmark>(i));
    EXPECT_LT(distance_mm(made.limb.surface, made.limb.landmarks.at(static_cast<Landmark>(i)).point_mm), 1e-9)
        << name_of(static_cast<Landmark>(i));
  }
}

TEST(GenerateLimb, LiesInTheLimbFrame) {
  const Limb limb = generate_limb(small()).limb;
  const Eigen::Vector3d mpt = limb.landmarks.at(Landmark::mid_patellar_tendon).point_mm;
  EXPECT_NEAR(bounding_box(limb.surface).lowest.z(), 0.0, 1e-9);
  EXPECT_NEAR(mpt.x(), 0.0, 1e-9);
  EXPECT_GT(mpt.y(), 30.0);
  EXPECT_GT(limb.landmarks.at(Landmark::fibular_head).point_mm.x(), 30.0);
}

TEST(GenerateLimb, MirrorsExactlyOnTheOtherSide) {
  GenerateParams params = small();
  const GeneratedLimb right = generate_limb(params);
  params.side = Side::left;
  const GeneratedLimb left = generate_limb(params);
  ASSERT_EQ(right.limb.surface.vertices.size(), left.limb.surface.vertices.size());
  for (std::size_t i = 0; i < right.limb.surface.vertices.size(); ++i) {
    const Eigen::Vector3d v = right.limb.surface.vertices[i];
    EXPECT_EQ(Eigen::Vector3d(-v.x(), v.y(), v.z()), left.limb.surface.vertices[i]);
  }
  EXPECT_LT(left.limb.landmarks.at(Landmark::fibular_head).point_mm.x(), -30.0);
}

TEST(GenerateLimb, HasClosedBonesUnderTheSkin) {
  const GeneratedLimb made = generate_limb(small());
  ASSERT_EQ(made.bones.size(), 4u);
  for (const Bone& bone : made.bones) {
    EXPECT_NO_THROW(Solid{bone.surface}) << bone.name;
    const double top = made.limb.surface.vertices.back().z();
    for (std::size_t i = 0; i < bone.surface.vertices.size(); i += 37) {
      if (bone.surface.vertices[i].z() > top - 20.0) continue;
      EXPECT_GT(distance_mm(made.limb.surface, bone.surface.vertices[i]), 1.5) << bone.name;
    }
  }
}

TEST(GenerateLimb, RefusesAnArm) {
  GenerateParams params;
  params.level = Level::transradial;
  EXPECT_THROW(generate_limb(params), Error);
}

TEST(GenerateLimb, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(generate_limb(small(), Progress([&](double, std::string_view) { return ++reports < 3; })), Cancelled);
}

TEST(SineCosine, AgreesWithTheLibrary) {
  for (double angle = -7.0; angle < 7.0; angle += 0.00137) {
    EXPECT_NEAR(sine_cosine(angle).sine, std::sin(angle), 1e-15);
    EXPECT_NEAR(sine_cosine(angle).cosine, std::cos(angle), 1e-15);
  }
}

}  // namespace
}  // namespace fit
