#include "apps/fit/batch/manifest.h"

#include <gmock/gmock.h>

#include <set>

#include "apps/fit/design_flags.h"
#include "libfit/error.h"
#include "libfit/file.h"

namespace fit::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

class Manifest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = fs::temp_directory_path() / "fit_manifest_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    write_file(folder_ / "a.stl", "solid\n");
    write_file(folder_ / "b.ply", "ply\n");
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::vector<BatchCase> read(const std::string& text, const Arguments& defaults = {}) const {
    write_file(folder_ / "cases.csv", text);
    return read_manifest(folder_ / "cases.csv", defaults);
  }
  std::vector<BatchCase> checked(const std::string& text) const {
    auto cases = read(text);
    check_cases(cases, false);
    return cases;
  }
  std::string refusal(const std::string& text) const {
    try {
      read(text);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  fs::path folder_;
};

constexpr const char* decisions = "side,level,liner_mm,scanned_over";

TEST_F(Manifest, HasAColumnForEveryParameterUnderANameOfItsOwn) {
  std::set<std::string> names{"id", "scan", "output", "slice", "shard", "workers"};
  for (const Option& option : design_options()) EXPECT_TRUE(names.insert(option.name).second) << option.name;
  EXPECT_THAT(names, IsSupersetOf({"side", "wall_mm", "template", "printer", "material", "tape", "input", "block"}));
}

TEST_F(Manifest, TakesValuesAsFitMakeDoes) {
  const auto cases =
      read("id;scan;side;wall_mm;tape;landmarks_confirmed;#note\nA;a.stl;LEFT;6,5;40:312 80:298,5;yes;x\n");
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_THAT(cases[0].problems, IsEmpty());
  EXPECT_EQ(cases[0].scan, folder_ / "a.stl");
  EXPECT_THAT(cases[0].words(),
              ElementsAre("--landmarks-confirmed", "--side=left", "--tape=40:312 80:298.5", "--wall-mm=6.5"));
}

TEST_F(Manifest, TakesTheDefaultsWhereACellIsEmpty) {
  Arguments defaults;
  defaults.say("side", {"left"});
  defaults.say("wall_mm", {"7"});
  const auto cases = read("id,scan,side\nA,a.stl,right\nB,b.ply,\n", defaults);
  EXPECT_THAT(cases[0].words(), ElementsAre("--side=right", "--wall-mm=7"));
  EXPECT_THAT(cases[1].words(), ElementsAre("--side=left", "--wall-mm=7"));
}

TEST_F(Manifest, RefusesAColumnThatIsNoParameterNamingTheNearest) {
  EXPECT_THAT(refusal("id,scan,wall\nA,a.stl,6\n"), HasSubstr("'wall', which is no parameter"));
  EXPECT_THAT(refusal("id,scan,wal_mm\nA,a.stl,6\n"), HasSubstr("did you mean 'wall_mm'?"));
  EXPECT_THAT(refusal("id,scan,side,side\nA,a.stl,left,left\n"), HasSubstr("twice"));
  EXPECT_THAT(refusal("id,side\nA,left\n"), HasSubstr("no column 'scan'"));
  EXPECT_THAT(refusal("id,scan\n"), HasSubstr("no row"));
}

TEST_F(Manifest, SaysAllThatIsWrongWithEveryRow) {
  const auto cases = checked(std::string("id,scan,wall_mm,") + decisions +
                             "\n"
                             "A,none.stl,600,upward,transtibial,6,liner\n"
                             "B,b.ply,\"1,234\",left,transtibial,6,liner\n"
                             "C,b.ply,6,left,,6,\n"
                             "C,b.ply,6,left,transtibial,6,liner\n"
                             "../D,b.ply,6,left,transtibial,6,liner\n"
                             "E,b.ply,6,left,transtibial,6,liner\n");
  EXPECT_THAT(cases[0].problems, ElementsAre(HasSubstr("no file"), HasSubstr("--side"), HasSubstr("--wall-mm is 600")));
  EXPECT_THAT(cases[1].problems, ElementsAre(HasSubstr("two ways")));
  EXPECT_THAT(cases[2].problems, ElementsAre(HasSubstr("without level, scanned_over")));
  EXPECT_THAT(cases[3].problems, ElementsAre(HasSubstr("that of line 4")));
  EXPECT_THAT(cases[4].problems, ElementsAre(HasSubstr("The id '../D'")));
  EXPECT_THAT(cases[5].problems, IsEmpty());
}

TEST_F(Manifest, FindsScansInAFolderAndGivesEachAnIdOfItsOwn) {
  fs::create_directories(folder_ / "more");
  write_file(folder_ / "more" / "a.stl", "solid\n");
  write_file(folder_ / "more" / "notes.txt", "x");
  const auto cases = cases_in_folder(folder_, {});
  std::vector<std::string> ids;
  for (const BatchCase& one : cases) ids.push_back(one.id);
  EXPECT_THAT(ids, ElementsAre("a", "b", "a_2"));
  fs::create_directories(folder_ / "empty");
  EXPECT_THROW(cases_in_folder(folder_ / "empty", {}), Error);
}

TEST_F(Manifest, OfTheExampleCanBeRead) {
  fs::create_directories(folder_ / "tapes");
  write_file(folder_ / "tapes" / "a002.csv", "below_mpt_mm,girth_mm\n40,312\n");
  const auto cases = read(example_manifest());
  ASSERT_EQ(cases.size(), 4u);
  for (const BatchCase& one : cases) {
    EXPECT_THAT(one.problems, IsEmpty());
    EXPECT_NO_THROW(design_of(one)) << one.id;
  }
}

}  // namespace
}  // namespace fit::cli
