#include "libfit/nearest_name.h"

#include <gmock/gmock.h>

namespace fit {
namespace {

const std::vector<std::string> flags{"--wall-mm", "--side", "--liner-mm", "--level", "--trim-mm"};

TEST(NearestName, FindsANameWithALetterWrongMissingTooManyOrSwapped) {
  EXPECT_EQ(nearest_name("--wahl-mm", flags), "--wall-mm");
  EXPECT_EQ(nearest_name("--wal-mm", flags), "--wall-mm");
  EXPECT_EQ(nearest_name("--sidee", flags), "--side");
  EXPECT_EQ(nearest_name("--levle", flags), "--level");
}

TEST(NearestName, FindsNothingWhenNoNameIsNear) {
  EXPECT_EQ(nearest_name("--printer", flags), "");
  EXPECT_EQ(nearest_name("", flags), "");
  EXPECT_EQ(nearest_name("--side", {}), "");
}

TEST(NearestName, EndsASentence) {
  EXPECT_EQ(did_you_mean("--sied", flags), "; did you mean '--side'?");
  EXPECT_EQ(did_you_mean("quite different", flags), ".");
}

TEST(NearestName, TakesAWordOfAnyLength) { EXPECT_EQ(nearest_name(std::string(100000, 'x'), flags), ""); }

}  // namespace
}  // namespace fit
