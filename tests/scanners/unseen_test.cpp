#include "scanners/unseen.h"

#include <gmock/gmock.h>

#include <cmath>
#include <functional>

namespace fit {

using ::testing::HasSubstr;

namespace {

/// A limb that hangs down from the top, as the first frame shows it: y down, z away; 220 mm long, 50 mm thick, its
/// distal end a half ball. Only points for which `seen` is true are in it.
Mesh hanging(const std::function<bool(const Eigen::Vector3d&)>& seen) {
  constexpr int around = 120, along = 130;
  constexpr double radius = 50.0, straight = 170.0;
  Mesh mesh;
  for (int row = 0; row <= along; ++row)
    for (int k = 0; k < around; ++k) {
      const double path = row * (straight + 0.5 * M_PI * radius) / along;
      const double bend = std::max(0.0, path - straight) / radius;
      const double r = radius * std::cos(bend) + 1e-3, y = std::min(path, straight) + radius * std::sin(bend);
      mesh.vertices.emplace_back(r * std::cos(2 * M_PI * k / around), y, 400.0 + r * std::sin(2 * M_PI * k / around));
    }
  for (int row = 0; row < along; ++row)
    for (int k = 0; k < around; ++k) {
      const int a = row * around + k, b = row * around + (k + 1) % around;
      mesh.triangles.emplace_back(a, b, a + around);
      mesh.triangles.emplace_back(b, b + around, a + around);
    }
  std::erase_if(mesh.triangles, [&](const Eigen::Vector3i& t) {
    for (int k = 0; k < 3; ++k)
      if (!seen(mesh.vertices[static_cast<std::size_t>(t[k])])) return true;
    return false;
  });
  remove_unused_vertices(mesh);
  return mesh;
}

}  // namespace

TEST(Unseen, IsNothingOfALimbThatWasSeenAllRoundAndBelow) {
  const Unseen unseen = unseen_of(hanging([](const auto&) { return true; }));
  EXPECT_LT(unseen.percent, 2.0);
  EXPECT_LT(unseen.end_percent, 5.0);
  EXPECT_EQ(unseen.where, "");
}

TEST(Unseen, IsTheDistalEndWhereNobodyLookedFromBelow) {
  const Unseen unseen = unseen_of(hanging([](const auto& p) { return p.y() < 170.0 + 50.0 * std::cos(0.8); }));
  // Of the half ball all within 0.8 rad of its pole.
  EXPECT_NEAR(unseen.end_percent, 100.0 * (1.0 - std::cos(0.8)), 10.0);
  EXPECT_EQ(unseen.where, "at the distal end");
  EXPECT_THAT(unseen.advice, HasSubstr("tilt"));
}

TEST(Unseen, NamesTheSideThatIsMissing) {
  const auto without = [](const Eigen::Vector3d& away) {
    return unseen_of(hanging([away](const auto& p) {
      return p.y() > 175.0 || (p - Eigen::Vector3d(0, p.y(), 400)).normalized().dot(away) < std::cos(M_PI / 4);
    }));
  };
  const Unseen back = without(Eigen::Vector3d::UnitZ());
  EXPECT_NEAR(back.percent, 25.0 * 170 / 220, 6.0);  // a quarter of the sides
  EXPECT_EQ(back.where, "at the back");
  EXPECT_EQ(back.advice, "walk round the back");
  EXPECT_THAT(without(Eigen::Vector3d::UnitX()).where, HasSubstr("right"));
  EXPECT_THAT(without(-Eigen::Vector3d::UnitX()).where, HasSubstr("left"));
  EXPECT_THAT(without(-Eigen::Vector3d::UnitZ()).where, HasSubstr("front"));
}

TEST(Unseen, IsAllWhereThereIsNothing) { EXPECT_EQ(unseen_of({}).percent, 100.0); }

}  // namespace fit
