#include "libfit/repair.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include "libfit/detail/closest_point.h"
#include "libfit/detail/edge_pairs.h"
#include "libfit/detail/make_manifold.h"
#include "libfit/mesh_io.h"
#include "libfit/parallel.h"
#include "libfit/self_crossing.h"
#include "tests/libfit/dirty_limb.h"

namespace fit {
namespace {

using dirty::limb;

/// One piece, every inner edge with two triangles in opposite directions, one fan a vertex, one rim, no crossing.
void expect_clean(const Repaired& repaired) {
  const Mesh& mesh = repaired.surface;
  ASSERT_FALSE(mesh.triangles.empty());
  EXPECT_EQ(repaired.invented.size(), mesh.triangles.size());
  EXPECT_EQ(boundary_loops(mesh).size(), 1u);
  EXPECT_THAT(self_crossings(mesh, 1), testing::IsEmpty());
  const detail::EdgePairs pairs = detail::pair_edges(mesh);
  EXPECT_EQ(pairs.crowded_edges, 0);
  EXPECT_EQ(detail::connected_parts(pairs.opposite).count, 1);
  detail::Skin skin{mesh, repaired.invented};
  const detail::MadeManifold made = detail::make_manifold(skin);
  EXPECT_EQ(made.flipped + made.split_vertices + made.twisted_edges, 0);
  Mesh used = mesh;
  EXPECT_EQ(remove_unused_vertices(used).size(), mesh.vertices.size());
}

double farthest_mm(const Mesh& from, const Mesh& to) {
  const detail::ClosestPoint closest(to);
  double farthest = 0.0;
  for (const Eigen::Vector3d& v : from.vertices) farthest = std::max(farthest, std::abs(closest.at(v).signed_mm));
  return farthest;
}

TEST(Repair, LeavesACleanLimbAsItIs) {
  const Mesh scan = limb();
  const Repaired repaired = repair(scan);
  EXPECT_EQ(repaired.surface, scan);
  EXPECT_THAT(repaired.findings, testing::IsEmpty());
}

TEST(Repair, SewsASoupOfJitteredCorners) {
  const Repaired repaired = repair(dirty::soup(limb(), 0.002, 1));
  expect_clean(repaired);
  EXPECT_EQ(repaired.surface.triangles.size(), limb().triangles.size());
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 0.01);
}

TEST(Repair, TurnsTrianglesOutward) {
  for (unsigned every : {2u, 10u}) {
    const Repaired repaired = repair(dirty::some_turned(limb(), every, every));
    expect_clean(repaired);
    EXPECT_EQ(repaired.surface, limb());
  }
}

TEST(Repair, FillsADistalHoleByTheCurvatureAroundIt) {
  const Repaired repaired = repair(dirty::with_hole(limb(), {0.0, 0.0, 0.0}, 25.0));
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1.0);
  EXPECT_GT(repaired.invented_mm2, 1500.0);
}

TEST(Repair, LeavesAFloorOut) {
  const Repaired repaired = repair(dirty::together(dirty::floor({0.0, 0.0, -1.0}, 400.0), limb()));
  expect_clean(repaired);
  EXPECT_EQ(repaired.surface.triangles.size(), limb().triangles.size());
}

TEST(Repair, JoinsAnIslandInAHoleToTheSkinAroundIt) {
  Mesh scan = limb();
  std::erase_if(scan.triangles, [&](const Eigen::Vector3i& t) {
    const double away_mm = (scan.vertices[t[0]] - Eigen::Vector3d(47.0, 0.0, 100.0)).norm();
    return away_mm > 14.0 && away_mm < 24.0;
  });
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1.0);
  EXPECT_LT(farthest_mm(limb(), repaired.surface), 1.0);
  EXPECT_LT(repaired.invented_mm2, 1800.0);
}

TEST(Repair, JoinsTheDistalEndBeyondAGapAllRound) {
  Mesh scan = limb();
  std::erase_if(scan.triangles, [&](const Eigen::Vector3i& t) {
    return scan.vertices[t[0]].z() > 80.0 && scan.vertices[t[0]].z() < 85.0;
  });
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(limb(), repaired.surface), 1.0);
}

bool has(const Repaired& repaired, const std::string& code) {
  return std::any_of(repaired.findings.begin(), repaired.findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

TEST(Repair, MarksWhatItInventedAndNothingElse) {
  const Mesh scan = dirty::with_hole(limb(), {45.0, 0.0, 60.0}, 12.0);
  const Repaired repaired = repair(scan);
  for (std::size_t t = 0; t < repaired.invented.size(); ++t) {
    const Eigen::Vector3d& corner = repaired.surface.vertices[repaired.surface.triangles[t][0]];
    EXPECT_EQ(repaired.invented[t], t >= scan.triangles.size()) << corner.transpose();
  }
  EXPECT_TRUE(has(repaired, "holes_filled"));
}

TEST(Repair, ForbidsAHoleWiderThanAllowed) {
  const Mesh scan = dirty::with_hole(limb(), {0.0, 0.0, 0.0}, 30.0);
  EXPECT_TRUE(has(repair(scan, {.largest_hole_mm = 40.0}), "hole_large"));
  EXPECT_FALSE(has(repair(scan, {.largest_hole_mm = 80.0}), "hole_large"));
}

TEST(Repair, CutsOffTheTableThatTheLimbStandsOn) {
  const Repaired repaired = repair(dirty::standing_on_table(limb(), 4.0, 0.5, 1));
  expect_clean(repaired);
  EXPECT_TRUE(has(repaired, "flat_part_removed"));
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 8.0);
  EXPECT_GT(bounding_box(repaired.surface).size().z(), 208.0);
}

TEST(Repair, EvensATornRimAndLeavesTheRestAsItIs) {
  Mesh scan = limb();
  const double top = bounding_box(scan).highest.z();
  // Teeth of 9 mm, and a notch of 20 mm.
  std::erase_if(scan.triangles, [&](const Eigen::Vector3i& t) {
    const Eigen::Vector3d middle = (scan.vertices[t[0]] + scan.vertices[t[1]] + scan.vertices[t[2]]) / 3.0;
    const double angle = std::atan2(middle.y(), middle.x());
    const double depth_mm = std::abs(angle) < 0.15 ? 20.0 : 4.5 + 4.5 * std::sin(23.0 * angle);
    return middle.z() > top - depth_mm;
  });
  remove_unused_vertices(scan);
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_TRUE(has(repaired, "rim_evened"));
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1e-6);
  const Mesh& surface = repaired.surface;
  const std::vector<int> rim = boundary_loops(surface).at(0);
  for (std::size_t i = 0; i < rim.size(); ++i) {
    const Eigen::Vector3d side = surface.vertices[rim[(i + 1) % rim.size()]] - surface.vertices[rim[i]];
    EXPECT_LT(std::abs(side.z()), 1.2 * side.head<2>().norm() + 0.3);
    EXPECT_GT(surface.vertices[rim[i]].z(), top - 25.0);
  }
}

TEST(Repair, OpensALimbThatTheScannerClosed) {
  const Repaired flat = repair(dirty::capped(limb()));
  expect_clean(flat);
  EXPECT_TRUE(has(flat, "cap_removed") || has(flat, "flat_part_removed"));
  EXPECT_NEAR(bounding_box(flat.surface).highest.z(), 220.0, 1.0);
  Mesh closed = dirty::ball({0.0, 0.0, 0.0}, 1.0, 40);
  for (Eigen::Vector3d& v : closed.vertices)
    v = {50.0 * v.x() * (1.0 + 0.3 * v.z()), 50.0 * v.y() * (1.0 + 0.3 * v.z()), 130.0 * v.z()};
  const Repaired round = repair(closed);
  expect_clean(round);
  EXPECT_TRUE(has(round, "closed_end_cut"));
  EXPECT_NEAR(bounding_box(round.surface).lowest.z(), -130.0, 1e-9);
  EXPECT_LT(bounding_box(round.surface).highest.z(), 115.0);
  EXPECT_GT(bounding_box(round.surface).highest.z(), 60.0);
}

TEST(Repair, CutsSpikesDown) {
  const Repaired repaired = repair(dirty::with_spikes(limb(), {1000, 2000, 3000}, 15.0));
  expect_clean(repaired);
  EXPECT_TRUE(has(repaired, "spikes_removed"));
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 0.5);
}

TEST(Repair, KeepsTheLimbAmongBoxesBallsAndASecondLimb) {
  Mesh scan = dirty::ball({300.0, 0.0, 0.0}, 90.0, 20);
  Mesh smaller = limb();
  for (Eigen::Vector3d& v : smaller.vertices) v = 0.7 * v + Eigen::Vector3d(-300.0, 0.0, 0.0);
  scan = dirty::together(dirty::together(scan, smaller), limb());
  const Repaired repaired = repair(scan);
  expect_clean(repaired);
  EXPECT_LT(farthest_mm(repaired.surface, limb()), 1e-9);
  EXPECT_TRUE(has(repaired, "other_limb_removed"));
}

TEST(Repair, SmoothsNoiseWithoutShrinking) {
  const Repaired repaired = repair(dirty::with_noise(limb(2.5), 0.3, 5), {.smoothing_mm = 15.0});
  expect_clean(repaired);
  ASSERT_TRUE(has(repaired, "skin_smoothed"));
  const detail::ClosestPoint closest(limb(2.5));
  double signed_sum = 0.0, squares = 0.0;
  for (const Eigen::Vector3d& v : repaired.surface.vertices) {
    const double mm = closest.at(v).signed_mm;
    signed_sum += mm;
    squares += mm * mm;
  }
  const double count = static_cast<double>(repaired.surface.vertices.size());
  EXPECT_LT(std::abs(signed_sum / count), 0.03);
  EXPECT_LT(std::sqrt(squares / count), 0.12);
  EXPECT_TRUE(has(repair(limb(), {.smoothing_mm = 15.0}), "smoothing_not_needed"));
}

TEST(Repair, GivesTheSameBitsOnAnyNumberOfThreads) {
  const Mesh scan =
      dirty::some_turned(dirty::with_hole(dirty::with_hole(limb(), {0, 0, 0}, 30.0), {45, 0, 90}, 9.0), 7, 3);
  set_threads(1);
  const Repaired one = repair(scan);
  set_threads(4);
  const Repaired four = repair(scan);
  EXPECT_EQ(one.surface, four.surface);
  EXPECT_EQ(one.findings, four.findings);
}

/// Any mixture of defects gives a clean surface whose sound parts are the limb's.
TEST(Repair, MendsMixturesOfDefects) {
  for (unsigned seed = 1; seed <= 8; ++seed) {
    std::mt19937 random(seed);
    const Mesh clean = limb(4.0);
    Mesh scan = clean;
    const auto place = [&] { return clean.vertices[random() % clean.vertices.size()]; };
    for (int hole = 0; hole < 8; ++hole) scan = dirty::with_hole(scan, place(), 2.0 + 10.0 * dirty::uniform(random));
    scan = dirty::with_fins(scan, 5, 6.0, seed);
    scan = dirty::with_junctions(scan, 10, seed);
    scan = dirty::with_repeated_and_flat(scan, 10, seed);
    scan = dirty::with_double_wall(scan, place(), 25.0, 1.0);
    scan = dirty::together(scan, dirty::floor(clean.vertices[0] - Eigen::Vector3d(0, 0, 2), 300.0));
    for (int crumb = 0; crumb < 5; ++crumb)
      scan = dirty::together(scan, dirty::ball(dirty::in_cube(random, 300.0), 5.0 + 10.0 * dirty::uniform(random), 4));
    scan = dirty::soup(dirty::some_turned(scan, 9, seed), 0.002, seed);
    const Repaired repaired = repair(scan);
    expect_clean(repaired);
    EXPECT_LT(farthest_mm(repaired.surface, clean), 3.0) << "seed " << seed;
    const detail::ClosestPoint closest(clean);
    for (std::size_t t = 0; t < repaired.invented.size(); ++t)
      if (!repaired.invented[t]) {
        const Eigen::Vector3d& v = repaired.surface.vertices[repaired.surface.triangles[t][0]];
        EXPECT_LT(std::abs(closest.at(v).signed_mm), 0.05) << "seed " << seed;
      }
  }
}

TEST(Repair, KeepsARealScanAsItIs) {
  const std::filesystem::path path = std::filesystem::path(FIT_SHARED_DATA) / "limbs/tt_scan_a.stl";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is absent";
  const Mesh scan = read_mesh(path).mesh;
  EXPECT_EQ(repair(scan).surface, scan);
}

TEST(Repair, RefusesWhatHasNoTriangles) { EXPECT_THROW(repair(Mesh{}), Error); }

TEST(Repair, RefusesASheet) { EXPECT_THROW(repair(dirty::floor({0.0, 0.0, 0.0}, 100.0)), Error); }

TEST(Repair, RefusesAnIndexThatIsNotThere) {
  Mesh scan = limb();
  scan.triangles[7][1] = static_cast<int>(scan.vertices.size());
  EXPECT_THROW(repair(scan), Error);
}

TEST(Repair, StopsWhenAsked) {
  int reports = 0;
  EXPECT_THROW(repair(limb(), {}, Progress([&](double, std::string_view) { return ++reports < 3; })), Cancelled);
}

}  // namespace
}  // namespace fit
