#include "benchmarks/accuracy/scan_accuracy.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

namespace fit {

TEST(ScanAccuracy, OfACameraThatTurnsThreeDegreesAFrameIsWhatAWorkshopNeeds) {
  ScanCase one;
  one.motion = ScanMotion::three_degrees;
  const ScanError error = scan_error(one);
  EXPECT_EQ(error.lost, 0u);
  EXPECT_LT(error.mean_mm, 0.15);
  EXPECT_LT(std::abs(error.bias_mm), 0.1);
  EXPECT_LT(error.girth_percent, 0.3);
  EXPECT_LT(std::abs(error.volume_percent), 0.5);
  EXPECT_LT(error.twist_deg, 0.5);
}

TEST(ScanAccuracy, SeesAFocalLengthThatIsWrong) {
  ScanCase one;
  one.motion = ScanMotion::three_degrees;
  one.focal_error_percent = 2.0;
  EXPECT_GT(scan_error(one).girth_percent, 0.8);
}

TEST(ScanAccuracy, WritesAColumnForEveryName) {
  const auto commas = [](const std::string& row) { return std::count(row.begin(), row.end(), ','); };
  EXPECT_EQ(commas(scan_csv_header()), commas(scan_csv_row({}, {})));
}

}  // namespace fit
