#include "apps/fit/number_text.h"

#include <gmock/gmock.h>

#include "libfit/error.h"

namespace fit::cli {
namespace {

using ::testing::HasSubstr;

std::string refusal(std::string_view cell, DecimalMark mark) {
  try {
    return "read as " + plain_number("wall_mm", cell, mark);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_params);
    return error.what();
  }
}

TEST(NumberText, ReadsWhatCanBeReadOneWayInEveryLocale) {
  for (DecimalMark mark : {DecimalMark::point, DecimalMark::point_or_comma}) {
    EXPECT_EQ(plain_number("x", "3.5", mark), "3.5");
    EXPECT_EQ(plain_number("x", "3,5", mark), "3.5");
    EXPECT_EQ(plain_number("x", "-12,25", mark), "-12.25");
    EXPECT_EQ(plain_number("x", "0,125", mark), "0.125");
    EXPECT_EQ(plain_number("x", "1234", mark), "1234");
    EXPECT_EQ(plain_number("x", "1234,567", mark), "1234.567");
    EXPECT_EQ(plain_number("x", "\u06f3\u066b\u06f5", mark), "3.5");
    EXPECT_EQ(plain_number("x", "\u0661\u066b\u0662\u0663\u0664", mark), "1.234");
    EXPECT_EQ(plain_number("x", " \u200e\u22127 ", mark), "-7");
  }
}

TEST(NumberText, RefusesWhatCanBeReadTwoWays) {
  EXPECT_THAT(refusal("1,234", DecimalMark::point), HasSubstr("write 1234 or 1,2340"));
  EXPECT_THAT(refusal("1.234", DecimalMark::point_or_comma), HasSubstr("write 1234 or 1.2340"));
  EXPECT_EQ(refusal("1.234", DecimalMark::point), "read as 1.234");
}

TEST(NumberText, RefusesGroupingMarksAndWords) {
  for (const char* cell : {"1.234,5", "1,234,567", "1 234", "1'234", "1\u066c234", "six", "", ".", "6 mm"})
    EXPECT_THAT(refusal(cell, DecimalMark::point), HasSubstr("wall_mm is '")) << cell;
}

}  // namespace
}  // namespace fit::cli
