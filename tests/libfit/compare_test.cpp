#include "libfit/compare.h"

#include <gmock/gmock.h>

#include <cmath>

#include "libfit/error.h"
#include "libfit/parallel.h"
#include "libfit/print_pose.h"

namespace fit {
namespace {

/// Not round, so that it says how it is turned: an egg on end, open above.
Mesh egg(double larger_mm = 0.0) {
  Mesh mesh;
  constexpr int around = 96, up = 80;
  mesh.vertices.emplace_back(0, 0, -larger_mm);
  for (int k = 1; k <= up; ++k)
    for (int i = 0; i < around; ++i) {
      const double angle = 2 * M_PI * i / around, z = 200.0 * k / up;
      const double radius = 50.0 * std::sqrt(std::min(1.0, z / 60.0)) + larger_mm + 6.0 * std::cos(angle) +
                            4.0 * std::sin(2 * angle) + 3.0 * std::cos(3 * angle + z / 40.0);
      mesh.vertices.emplace_back(radius * std::cos(angle), radius * std::sin(angle), z);
    }
  for (int i = 0; i < around; ++i) mesh.triangles.emplace_back(0, 1 + (i + 1) % around, 1 + i);
  for (int k = 0; k + 1 < up; ++k)
    for (int i = 0; i < around; ++i) {
      const int a = 1 + k * around + i, b = 1 + k * around + (i + 1) % around;
      mesh.triangles.emplace_back(a, b, b + around);
      mesh.triangles.emplace_back(a, b + around, a + around);
    }
  return mesh;
}

TEST(Compare, FindsThePoseInWhichASurfaceWasMoved) {
  Eigen::Isometry3d pose = Eigen::Isometry3d::Identity();
  pose.rotate(Eigen::AngleAxisd(0.15, Eigen::Vector3d(0.3, -0.2, 1).normalized()))
      .pretranslate(Eigen::Vector3d(4, -3, 5));
  const Compared compared = compare(egg(), moved(pose, egg()));
  EXPECT_LT((compared.older_from_newer * pose).matrix().isIdentity(1e-3) ? 0.0 : 1.0, 0.5);
  EXPECT_NEAR(compared.mean_mm, 0.0, 0.01);
  EXPECT_NEAR(compared.iqr_mm, 0.0, 0.01);
}

TEST(Compare, SaysHowMuchLargerASurfaceIs) {
  CompareParams params;
  params.align = false;
  const Compared compared = compare(egg(), egg(1.0), params);
  EXPECT_NEAR(compared.mean_mm, 1.0, 0.08);
  ASSERT_FALSE(compared.stations.empty());
  const StationChange& high = compared.stations.back();
  EXPECT_NEAR(high.newer.girth_mm - high.older.girth_mm, 2 * M_PI, 0.1);
  EXPECT_GT(high.newer.volume_mm3, high.older.volume_mm3);
}

TEST(Compare, IsNotPulledAlongByThePartThatChanged) {
  Mesh swollen = egg();
  for (Eigen::Vector3d& v : swollen.vertices)
    if (v.z() > 120 && v.z() < 150 && v.x() > 20) v.x() += 5.0;
  const Compared compared = compare(egg(), swollen);
  EXPECT_TRUE(compared.older_from_newer.matrix().isIdentity(2e-2)) << compared.older_from_newer.matrix();
}

TEST(Compare, GivesTheSameBitsOnAnyNumberOfThreads) {
  set_threads(1);
  const Compared one = compare(egg(), egg(0.5));
  set_threads(4);
  const Compared four = compare(egg(), egg(0.5));
  EXPECT_EQ(one.older_from_newer.matrix(), four.older_from_newer.matrix());
  EXPECT_EQ(one.mean_mm, four.mean_mm);
}

TEST(Compare, RefusesSurfacesWithNothingInCommonAndStopsWhenAsked) {
  EXPECT_THROW(compare(egg(), {}), Error);
  Eigen::Isometry3d away = Eigen::Isometry3d::Identity();
  away.translation().z() = 1000;
  EXPECT_THROW(compare(egg(), moved(away, egg())), Error);
  int reports = 0;
  EXPECT_THROW(compare(egg(), egg(), {}, Progress([&](double, std::string_view) { return ++reports < 3; })), Cancelled);
}

}  // namespace
}  // namespace fit
