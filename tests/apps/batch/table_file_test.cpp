#include "apps/fit/batch/table_file.h"

#include <gmock/gmock.h>

#include "libfit/error.h"

namespace fit::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string refusal(std::string_view bytes) {
  try {
    parse_table(bytes, "cases.csv");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    return error.what();
  }
  return "";
}

TEST(TableFile, ReadsCommaSemicolonAndTab) {
  for (const char* text : {"id,scan\na,b\n", "id;scan\na;b\n", "id\tscan\na\tb\n"}) {
    const TableFile table = parse_table(text, "cases.csv");
    EXPECT_THAT(table.columns, ElementsAre("id", "scan"));
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_THAT(table.rows[0].cells, ElementsAre("a", "b"));
  }
}

TEST(TableFile, ReadsAllLineEndsByteOrderMarksAndUtf16) {
  const TableFile plain = parse_table("id,scan\nä,b\nc,d\n", "cases.csv");
  for (const std::string& text :
       {std::string("id,scan\r\nä,b\r\nc,d"), std::string("id,scan\rä,b\rc,d\r"),
        std::string("\xEF\xBB\xBFid,scan\nä,b\nc,d\n"), std::string("sep=,\nid,scan\nä,b\nc,d\n")}) {
    const TableFile table = parse_table(text, "cases.csv");
    EXPECT_EQ(table.columns, plain.columns);
    ASSERT_EQ(table.rows.size(), 2u);
    EXPECT_EQ(table.rows[0].cells, plain.rows[0].cells);
  }
  const std::string utf16("\xFF\xFEi\0d\0\t\0x\0\n\0\xE4\0\t\0b\0", 18);
  EXPECT_THAT(parse_table(utf16, "cases.txt").rows.at(0).cells, ElementsAre("ä", "b"));
}

TEST(TableFile, KeepsWhatStandsInQuotes) {
  const TableFile table = parse_table("id,scan,x\n\"a, b\",\"say \"\"no\"\"\", c \n\"two\nlines\",,\n", "cases.csv");
  EXPECT_THAT(table.rows.at(0).cells, ElementsAre("a, b", "say \"no\"", "c"));
  EXPECT_THAT(table.rows.at(1).cells, ElementsAre("two lines", "", ""));
  EXPECT_EQ(table.rows.at(1).line, 3);
}

TEST(TableFile, PassesOverCommentsAndEmptyLinesAndCountsThemAsLines) {
  const TableFile table = parse_table("# a, b\n\nid;scan\n;;\n# x\na;b\n", "cases.csv");
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.rows[0].line, 6);
}

TEST(TableFile, SaysWhichLineHasMoreCellsThanThereAreColumns) {
  const TableFile table = parse_table("id,scan,liner_mm\na,b,3,5\nc\n", "cases.csv");
  EXPECT_THAT(table.rows.at(0).problem, HasSubstr("4 cells"));
  EXPECT_THAT(table.rows.at(1).problem, IsEmpty());
  EXPECT_THAT(table.rows.at(1).cells, ElementsAre("c", "", ""));
}

TEST(TableFile, RefusesWhatIsNoTable) {
  EXPECT_THAT(refusal(""), HasSubstr("no line of column names"));
  EXPECT_THAT(refusal("# only this\n"), HasSubstr("no line of column names"));
  EXPECT_THAT(refusal("id,scan\n\"a,b\n"), HasSubstr("line 2: a quote"));
  EXPECT_THAT(refusal("id,scan\nh\xF6he,b\n"), HasSubstr("UTF-8"));
  EXPECT_THAT(refusal(std::string_view("id\0scan\n", 8)), HasSubstr("UTF-8"));
}

TEST(TableFile, WritesCellsThatReadBackTheSame) {
  const std::string text = "a,\"b\";c\td";
  EXPECT_THAT(parse_table("id,x\n" + csv_cell(text) + ",1\n", "x.csv").rows.at(0).cells, ElementsAre(text, "1"));
}

}  // namespace
}  // namespace fit::cli
