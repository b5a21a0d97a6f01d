#include "apps/slicing/slicer_profile.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "apps/slicing/slice.h"
#include "libfit/error.h"

namespace fit {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr const char* bundle = R"(
# a comment = with an equals sign
ignored = before any section
[print:*common*]
layer_height = 0.2
perimeters = 2
gcode = G1 X1 ; move = here\nM107
[print:*thick*]
layer_height = 0.3
infill = 15%
[print:Fast]
inherits = *common*; *thick*
compatible_printers_condition = nozzle == 0.6
perimeters = 3
[print:Circle]
inherits = Circle
[print:Orphan]
inherits = *gone*
[filament:*common*]
layer_height = never
)";

TEST(SlicerProfile, LaterParentsWinOverEarlierAndOwnSettingsOverAll) {
  EXPECT_THAT(VendorBundle(bundle).flattened("print:Fast"),
              UnorderedElementsAre(Pair("layer_height", "0.3"), Pair("perimeters", "3"), Pair("infill", "15%"),
                                   Pair("gcode", R"(G1 X1 ; move = here\nM107)")));
}

TEST(SlicerProfile, RefusesAProfileThatInheritsItself) {
  EXPECT_THROW(VendorBundle(bundle).flattened("print:Circle"), Error);
}

TEST(SlicerProfile, RefusesAProfileWithoutItsParent) {
  EXPECT_THROW(VendorBundle(bundle).flattened("print:Orphan"), Error);
}

TEST(SlicerProfile, RefusesAFolderWithoutBundles) {
  EXPECT_THROW(slicer_settings("/nonexistent", "a", "b", "c"), Error);
}

TEST(SlicerProfile, FlattensTheVendorsOwnBundles) {
  if (!std::filesystem::exists(slicer_profiles)) GTEST_SKIP() << "prusa-slicer is not installed";
  const SlicerSettings settings = slicer_settings(slicer_profiles, "Creality Ender-3 V2 (0.6 mm nozzle)",
                                                  "0.28 mm SUPERDRAFT (0.6 mm nozzle) @CREALITY", "Ultrafuse PP");
  EXPECT_EQ(settings.at("nozzle_diameter"), "0.6");
  EXPECT_EQ(settings.at("bed_shape"), "5x0,215x0,215x220,5x220");
  EXPECT_EQ(settings.at("filament_type"), "PP");
  EXPECT_FALSE(settings.contains("inherits"));
}

TEST(SlicerProfile, NamesAPrinterThatNoBundleHas) {
  if (!std::filesystem::exists(slicer_profiles)) GTEST_SKIP() << "prusa-slicer is not installed";
  try {
    slicer_settings(slicer_profiles, "Printer of nobody", "x", "y");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_params);
    EXPECT_THAT(error.what(), HasSubstr("'Printer of nobody'"));
  }
}

}  // namespace
}  // namespace fit
