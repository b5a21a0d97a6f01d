#include "libfit/project.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "libfit/file.h"

namespace fit {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

Project example() {
  Project project;
  project.made_by = "fit 0.1.0";
  project.scan_file = "scan.stl";
  project.scan_sha256 = sha256("a scan");
  project.design.locate.side = Side::left;
  project.design.solidify.wall_mm = 5.1;
  project.design.landmarks[Landmark::fibular_head] = {{1.0 / 3.0, 2.0, 3.0}, 0.5, true};
  return project;
}

/// What the refusal of a changed project says, and its kind.
template <class Change>
Error refusal(Change&& change) {
  Json json = Json::parse(project_text(example()));
  change(json);
  try {
    project_from_text(json.dump());
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorKind::io, "nothing was refused");
}

class ProjectFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = std::filesystem::temp_directory_path() / "fit_project_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    write_file(folder_ / "scan.stl", "a scan");
    write_file(folder_ / "case.fit.json", project_text(example()));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

TEST(Project, SurvivesItsText) { EXPECT_EQ(project_from_text(project_text(example())), example()); }

TEST(Project, IsTheSameTextEachTime) {
  EXPECT_EQ(project_text(example()), project_text(project_from_text(project_text(example()))));
}

TEST(Project, TakesDefaultsForWhatIsNotSaid) {
  const Project project = project_from_text(R"({"format": 1, "scan": {"file": "s.ply", "sha256": ""}})");
  EXPECT_EQ(project.design, Design{});
}

TEST(Project, RefusesAnUnknownKeyByItsPathAndProposesTheNearest) {
  const Error error = refusal([](Json& json) { json["design"]["solidify"]["wal_mm"] = 4.0; });
  EXPECT_EQ(error.kind(), ErrorKind::bad_params);
  EXPECT_THAT(error.what(), HasSubstr("design.solidify.wal_mm"));
  EXPECT_THAT(error.what(), HasSubstr("'wall_mm'"));
  EXPECT_THAT(refusal([](Json& json) { json["scan"]["sha"] = ""; }).what(), HasSubstr("scan.sha"));
  EXPECT_THAT(refusal([](Json& json) { json["desing"] = 1; }).what(), HasSubstr("'design'"));
}

TEST(Project, RefusesANewerFormat) {
  const Error error = refusal([](Json& json) { json["format"] = project_format + 1; });
  EXPECT_EQ(error.kind(), ErrorKind::bad_input);
  EXPECT_THAT(error.what(), HasSubstr("newer"));
}

TEST(Project, RefusesWhatIsNoProject) {
  for (const char* text : {"", "{", "[]", "3", "null", "{}", R"({"format": "1"})", R"({"format": 0})",
                           R"({"format": -9223372036854775808})", R"({"format": 1})", R"({"format": 1, "scan": 3})",
                           R"({"format": 1, "scan": {"file": 3}})", "\xff\xfe"})
    EXPECT_THROW(project_from_text(text), Error) << text;
}

TEST(Project, RefusesAScanOutsideItsFolder) {
  for (const char* file : {"/etc/passwd", "../scan.stl", "a/../../scan.stl", ""})
    EXPECT_THAT(refusal([&](Json& json) { json["scan"]["file"] = file; }).what(), HasSubstr("must lie in the folder"))
        << file;
}

TEST_F(ProjectFolder, OpensItsScan) {
  const Opened opened = open_project(folder_ / "case.fit.json");
  EXPECT_EQ(opened.project, example());
  EXPECT_EQ(opened.scan_bytes, "a scan");
}

TEST_F(ProjectFolder, RefusesAScanThatWasChanged) {
  write_file(folder_ / "scan.stl", "another scan");
  try {
    open_project(folder_ / "case.fit.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::bad_input);
    EXPECT_THAT(error.what(), HasSubstr("SHA-256"));
  }
}

TEST_F(ProjectFolder, RefusesWhenItsScanIsMissing) {
  std::filesystem::remove(folder_ / "scan.stl");
  EXPECT_THROW(open_project(folder_ / "case.fit.json"), Error);
}

}  // namespace
}  // namespace fit
