#include "models/shapes/generate_limb.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include "libfit/error.h"
#include "libfit/parallel.h"
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

/// FNV-1a over the bits of all coordinates.
std::uint64_t fingerprint(const Mesh& mesh) {
  std::uint64_t hash = 14695981039346656037u;
  for (const Eigen::Vector3d& v : mesh.vertices)
    for (int i = 0; i < 3; ++i) hash = (hash ^ std::bit_cast<std::uint64_t>(v[i])) * 1099511628211u;
  return hash;
}

TEST(GenerateLimb, GivesTheSameBitsForTheSameSeedEverywhere) {
  GenerateParams params = small(7);
  params.scars = 2;
  params.invaginations = 1;
  params.defects = {.floor = true,
                    .crumbs = 5,
                    .holes = 3,
                    .seams = 1,
                    .spikes = 4,
                    .flipped_triangles = 6,
                    .ragged_rim_mm = 8.0,
                    .scan_noise_mm = 0.1,
                    .random_pose = true};
  EXPECT_EQ(fingerprint(generate_limb(params).scan), 7419898095290730929u);
  params.level = Level::transfemoral;
  EXPECT_EQ(fingerprint(generate_limb(params).scan), 17316855995630199202u);
}

TEST(GenerateLimb, GivesTheSameBitsOnAnyNumberOfThreads) {
  set_threads(1);
  const Mesh one = generate_limb(small()).scan;
  set_threads(4);
  EXPECT_EQ(generate_limb(small()).scan, one);
}

TEST(GenerateLimb, HasEveryTransfemoralLandmarkOnItsSkin) {
  for (double length : {80.0, 220.0, 500.0}) {
    GenerateParams params = small();
    params.level = Level::transfemoral;
    params.limb_length_mm = length;
    const GeneratedLimb made = generate_limb(params);
    for (Landmark name : {Landmark::ischial_tuberosity, Landmark::greater_trochanter, Landmark::adductor_longus_tendon,
                          Landmark::perineum, Landmark::distal_end}) {
      ASSERT_TRUE(made.limb.landmarks.count(name)) << name_of(name);
      EXPECT_LT(distance_mm(made.limb.surface, made.limb.landmarks.at(name).point_mm), 1e-9) << name_of(name);
    }
    for (const Bone& bone : made.bones) EXPECT_NO_THROW(Solid{bone.surface}) << bone.name;
  }
}

TEST(GenerateLimb, SwellsWithOedemaAndThickensWithFat) {
  const auto volume = [](const GenerateParams& params) {
    const Mesh surface = generate_limb(params).limb.surface;
    return volume_mm3(surface);
  };
  GenerateParams params = small();
  const double plain = volume(params);
  params.oedema_percent = 15.0;
  EXPECT_GT(volume(params), 1.02 * plain);
  params = small();
  params.fat_mm = 15.0;
  EXPECT_GT(volume(params), 1.2 * plain);
}

TEST(GenerateLimb, BendsItsKnee) {
  GenerateParams params = small();
  const auto rim_back = [](const Mesh& mesh) {
    double sum = 0.0;
    const std::vector<int> rim = boundary_loops(mesh).front();
    for (int v : rim) sum += mesh.vertices[static_cast<std::size_t>(v)].y() / static_cast<double>(rim.size());
    return sum;
  };
  params.knee_flexion_deg = 0.0;
  const double straight = rim_back(generate_limb(params).limb.surface);
  params.knee_flexion_deg = 40.0;
  EXPECT_LT(rim_back(generate_limb(params).limb.surface), straight - 20.0);
}

TEST(GenerateLimb, CarvesScarsAndFoldsButLeavesTheBonesCovered) {
  GenerateParams params = small(5);
  params.triangles = 30000;
  params.variation = 0.0;
  params.skin_noise_mm = 0.0;
  const Mesh plain = generate_limb(params).limb.surface;
  params.scars = 3;
  params.scar_depth_mm = 10.0;
  params.invaginations = 2;
  params.invagination_depth_mm = 28.0;
  const GeneratedLimb made = generate_limb(params);
  double deepest = 0.0;
  ASSERT_EQ(plain.vertices.size(), made.limb.surface.vertices.size());
  for (std::size_t i = 0; i < plain.vertices.size(); ++i)
    deepest = std::max(deepest, (plain.vertices[i] - made.limb.surface.vertices[i]).norm());
  EXPECT_GT(deepest, 8.0);
  const Bone& tibia = made.bones.front();
  for (std::size_t i = 0; i < tibia.surface.vertices.size(); i += 23)
    EXPECT_GT(distance_mm(made.limb.surface, tibia.surface.vertices[i]), 1.2);
}

TEST(GenerateLimb, ScansWithTheDefectsThatWereAsked) {
  GenerateParams params = small(4);
  params.defects.holes = 3;
  params.defects.seams = 1;
  EXPECT_GE(boundary_loops(generate_limb(params).scan).size(), 3u);
  params.defects = {};
  params.defects.floor = true;
  params.defects.crumbs = 10;
  const Mesh strewn = generate_limb(params).scan;
  EXPECT_LT(bounding_box(strewn).lowest.z(), -3.0);
  EXPECT_GT(bounding_box(strewn).size().x(), 200.0);
  params.defects = {};
  params.defects.spikes = 5;
  params.defects.flipped_triangles = 20;
  const GeneratedLimb spiked = generate_limb(params);
  int moved = 0, turned = 0;
  for (std::size_t i = 0; i < spiked.scan.vertices.size(); ++i)
    moved += (spiked.scan.vertices[i] - spiked.limb.surface.vertices[i]).norm() > 2.0;
  for (std::size_t i = 0; i < spiked.scan.triangles.size(); ++i)
    turned += spiked.scan.triangles[i] != spiked.limb.surface.triangles[i];
  EXPECT_EQ(moved, 5);
  EXPECT_NEAR(turned, 20, 1);
}

TEST(GenerateLimb, SaysWhereTheScanLies) {
  GenerateParams params = small(4);
  params.defects.random_pose = true;
  const GeneratedLimb made = generate_limb(params);
  EXPECT_NEAR(made.scan_from_limb.linear().determinant(), 1.0, 1e-12);
  for (std::size_t i = 0; i < made.scan.vertices.size(); i += 100)
    EXPECT_LT((made.scan_from_limb * made.limb.surface.vertices[i] - made.scan.vertices[i]).norm(), 1e-9);
}

TEST(GenerateLimb, DrawsAnyLimbWithoutFolds) {
  for (int seed = 0; seed < 12; ++seed) {
    GenerateParams params = draw_params(seed);
    params.triangles = 6000;
    const GeneratedLimb made = generate_limb(params);
    EXPECT_EQ(boundary_loops(made.limb.surface).size(), 1u) << seed;
    EXPECT_GT(made.limb.landmarks.size(), 4u) << seed;
    const double length =
        made.limb.landmarks.at(params.level == Level::transtibial ? Landmark::mid_patellar_tendon : Landmark::perineum)
            .point_mm.z();
    EXPECT_NEAR(length, params.limb_length_mm, 0.15 * params.limb_length_mm + 15.0) << seed;
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
