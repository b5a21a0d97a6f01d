// The command line as a person meets it: words in, exit code and one sentence out.
#include <fstream>

#include "tests/apps/fit_program.h"

namespace fit {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::ordered_json;

class Fit : public FitProgram {};

/// One sentence, and no trace of a program's insides.
auto a_sentence() { return AllOf(HasSubstr("fit: "), Not(HasSubstr("terminate")), Not(HasSubstr("std::"))); }

TEST_F(Fit, SaysItsVersionAndItsCommands) {
  EXPECT_EQ(fit({"--version"}).out, "fit 0.1.0\n");
  const Ran help = fit({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"make", "build", "verify", "info", "convert", "measure", "repair", "landmarks", "rectify",
                              "trim", "attach", "solidify", "check", "slice", "generate"})
    EXPECT_THAT(help.out, HasSubstr(std::string("  ") + command + " "));
}

TEST_F(Fit, ShowsWhatIsDecidedOftenAndTheRestWhenAsked) {
  const Ran often = fit({"make", "--help"});
  EXPECT_THAT(often.out, HasSubstr("--side left|right"));
  EXPECT_THAT(often.out, HasSubstr("fit make --help all"));
  EXPECT_THAT(often.out, Not(HasSubstr("--trim-mm")));
  EXPECT_THAT(fit({"make", "--help", "all"}).out, HasSubstr("--trim-mm"));
}

TEST_F(Fit, SaysUnitRangeAndDefaultOfEachParameter) {
  const Ran help = fit({"make", "--help", "all"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("--wall-mm mm"));
  EXPECT_THAT(help.out, HasSubstr("1 to 15; 6 unless said"));
  EXPECT_THAT(help.out, HasSubstr("--side left|right"));
  for (const char* flag : {"--level", "--template", "--liner-mm", "--scanned-over", "--tape", "--landmarks",
                           "--landmarks-confirmed", "--units", "--input", "--printer", "--material", "--body-mass-kg",
                           "--activity", "--override", "--threads", "--slice", "--json", "--axis", "--trim-mm"})
    EXPECT_THAT(help.out, HasSubstr(flag));
}

TEST_F(Fit, NamesTheUnitThatWouldFitWhereTheOneSaidCannotBe) {
  write_file(at("scan.obj"), "v 0 0 0\nv 0.12 0 0\nv 0 0.12 0\nv 0 0 0.26\nf 1 3 2\nf 1 2 4\nf 2 3 4\nf 3 1 4\n");
  const Ran ran = fit({"make", at("scan.obj"), "-o", at("out"), "--side", "left", "--level", "transtibial",
                       "--liner-mm", "6", "--scanned-over", "liner", "--units", "mm"});
  EXPECT_EQ(ran.exit_code, 3);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("said to be mm"), HasSubstr("m would fit a limb")));
}

TEST_F(Fit, ProposesTheNearestOptionAndCommand) {
  const Ran option = fit({"make", "--wal-mm", "5", "scan.stl"});
  EXPECT_EQ(option.exit_code, 2);
  EXPECT_EQ(option.err, "fit: 'fit make' has no option --wal-mm; did you mean '--wall-mm'?\n");
  const Ran command = fit({"mesure", "scan.stl"});
  EXPECT_EQ(command.exit_code, 2);
  EXPECT_EQ(command.err, "fit: 'mesure' is not a command of fit; did you mean 'measure'?\n");
}

TEST_F(Fit, NeedsACommandAnOperandAndAFolder) {
  EXPECT_EQ(fit({}).exit_code, 2);
  EXPECT_THAT(fit({"info"}).err, HasSubstr("Name a file"));
  EXPECT_THAT(fit({"make", "scan.stl"}).err, HasSubstr("--output is missing"));
  EXPECT_THAT(fit({"info", "a.stl", "b.stl"}).err, HasSubstr("'b.stl'"));
}

TEST_F(Fit, RefusesValuesThatCannotBe) {
  const auto said = [&](const char* flag, const char* value) {
    const Ran ran = fit({"make", at("scan.stl"), "-o", at("out"), flag, value});
    EXPECT_EQ(ran.exit_code, 2) << flag << " " << value << ran.err;
    EXPECT_THAT(ran.err, a_sentence());
    return ran.err;
  };
  std::ofstream(at("scan.stl"))
      << "solid a\nfacet normal 0 0 0\nouter loop\nvertex 0 0 0\nvertex 100 0 0\nvertex 0 100 200\n"
         "endloop\nendfacet\nendsolid a\n";
  EXPECT_THAT(said("--wall-mm", "99"), HasSubstr("--wall-mm is 99; it must lie between 1 and 15"));
  EXPECT_THAT(said("--wall-mm", "nan"), HasSubstr("--wall-mm"));
  EXPECT_THAT(said("--wall-mm", "6,5"), HasSubstr("write a point"));
  EXPECT_THAT(said("--wall-mm", "6mm"), HasSubstr("not a number"));
  EXPECT_THAT(said("--sock-ply", "1.5"), HasSubstr("not a whole number"));
  EXPECT_THAT(said("--side", "links"), HasSubstr("left, right"));
  EXPECT_THAT(said("--axis", "0,1"), HasSubstr("X,Y,Z"));
  EXPECT_THAT(said("--threads", "0"), HasSubstr("--threads"));
  EXPECT_THAT(said("--printer", "ender3_v3"), HasSubstr("ender3_v2"));
  EXPECT_THAT(said("--override", "no_such=reason"), HasSubstr("not the code of a finding"));
  EXPECT_THAT(said("--override", "units_unknown=trust me"), HasSubstr("cannot be overridden"));
  EXPECT_THAT(names_in(at("out")), IsEmpty());
}

TEST_F(Fit, ReadsArabicAndPersianDigits) {
  EXPECT_THAT(fit({"generate", "-o", at("l.stl"), "--triangles", "٥٠٠٠", "--limb-length-mm", "۱۲۰٫۵"}).exit_code, 0);
}

TEST_F(Fit, NamesAllDecisionsThatAreMissingAndMakesNothing) {
  const Ran ran = fit({"make", limb(), "-o", at("out")});
  EXPECT_EQ(ran.exit_code, 2);
  for (const char* flag : {"--side", "--level", "--liner-mm", "--scanned-over"}) EXPECT_THAT(ran.err, HasSubstr(flag));
  EXPECT_FALSE(std::filesystem::exists(at("out")));
  EXPECT_THAT(
      fit({"make", limb(), "-o", at("out"), "--side", "left", "--level", "transtibial", "--scanned-over", "skin"}).err,
      AllOf(HasSubstr("without --liner-mm:"), Not(HasSubstr("--side"))));
}

TEST_F(Fit, RefusesBrokenFilesInASentence) {
  std::filesystem::create_directory(at("folder.stl"));
  write_file(at("empty.stl"), "");
  write_file(at("text.stl"), "Dear clinic, please find attached the scan.");
  write_file(at("cut.stl"), std::string(80, ' ') + std::string("\xff\xff\xff\x7f", 4) + std::string(100, 'x'));
  EXPECT_EQ(fit(make(at("missing.stl"), at("out"))).exit_code, 4);
  EXPECT_EQ(fit(make(at("folder.stl"), at("out"))).exit_code, 4);
  for (const char* name : {"empty.stl", "text.stl", "cut.stl"}) {
    const Ran ran = fit(make(at(name), at("out")));
    EXPECT_EQ(ran.exit_code, 3) << name << ran.err;
    EXPECT_THAT(ran.err, a_sentence());
  }
  EXPECT_FALSE(std::filesystem::exists(at("out")));
}

TEST_F(Fit, RefusesAnOutputFolderThatIsAFile) {
  write_file(at("out"), "mine");
  EXPECT_EQ(fit(make(limb(), at("out"))).exit_code, 4);
  EXPECT_EQ(read_file(at("out")), "mine");
}

TEST_F(Fit, SaysItsErrorsAsJsonToo) {
  const Ran ran = fit({"info", at("missing.stl"), "--json"});
  EXPECT_EQ(ran.exit_code, 4);
  const Json json = Json::parse(ran.out);
  EXPECT_EQ(json.at("exit_code"), 4);
  EXPECT_THAT(ran.err, HasSubstr(json.at("error").get<std::string>()));
}

TEST_F(Fit, ConvertsAndTellsWhatAFileHolds) {
  const std::string scan = limb();
  for (const char* ending : {".ply", ".obj", ".3mf", ".stl"}) {
    const std::string converted = at(std::string("converted") + ending);
    EXPECT_EQ(fit({"convert", scan, "-o", converted}).exit_code, 0);
    const Json json = Json::parse(fit({"info", converted, "--json"}).out);
    EXPECT_EQ(json.at("triangles"), Json::parse(fit({"info", scan, "--json"}).out).at("triangles"));
    EXPECT_EQ(json.at("closed"), false);
  }
}

TEST_F(Fit, MeasuresALimbThatStandsAlongZ) {
  const Json json = Json::parse(fit({"measure", limb(), "--json", "--station-spacing-mm", "20"}).out);
  EXPECT_GT(json.at("volume_mm3").get<double>(), 500000);
  EXPECT_GT(json.at("stations").size(), 5u);
  EXPECT_GT(json.at("stations")[3].at("girth_mm").get<double>(), 200);
}

TEST_F(Fit, MakesTheSameLimbFromTheSameSeed) {
  const std::string first = sha256(read_file(limb()));
  EXPECT_EQ(sha256(read_file(limb({"--threads", "3"}))), first);
}

}  // namespace
}  // namespace fit
