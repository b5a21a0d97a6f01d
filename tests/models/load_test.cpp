#include "models/load.h"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "libfit/file.h"

namespace fit {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

std::string refusal(const std::function<void()>& load) {
  try {
    load();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Load, ReadsEveryFileThatFitComesWith) {
  EXPECT_GE(template_names().size(), 2u);
  EXPECT_GE(printer_names().size(), 3u);
  EXPECT_GE(material_names().size(), 3u);
  EXPECT_GE(block_names().size(), 5u);
  for (const std::string& name : template_names()) EXPECT_EQ(load_template(name).template_name, name);
  for (const std::string& name : block_names()) EXPECT_EQ(load_block(name).block_name, name);
  for (const std::string& name : printer_names()) EXPECT_FALSE(load_printer(name).printer_name.empty()) << name;
  for (const std::string& name : material_names()) EXPECT_FALSE(load_material(name).caution.empty()) << name;
}

TEST(Load, HasTheTemplateOfEachLevelAndTheDefaultBlock) {
  for (const Level level : {Level::transtibial, Level::transfemoral, Level::transradial, Level::transhumeral}) {
    const Template data = load_template(default_template(level));
    EXPECT_TRUE(!data.template_level || *data.template_level == level);
  }
  EXPECT_FALSE(load_block(kDefaultBlock).block_pieces.empty());
}

TEST(Load, SaysTheProvenanceOfEveryRegion) {
  for (const std::string& name : template_names())
    for (const Region& region : load_template(name).regions) EXPECT_FALSE(region.provenance.empty()) << region.name;
}

TEST(Load, CarvesNothingInATsbSocket) {
  for (const Region& region : load_template("transtibial").regions) EXPECT_GE(region.tsb_mm, 0.0) << region.name;
}

TEST(Load, NamesProfilesThatTheSlicersBundlesHave) {
  const std::filesystem::path bundles = "/usr/share/PrusaSlicer/profiles";
  if (!std::filesystem::exists(bundles)) GTEST_SKIP() << "PrusaSlicer's bundles are not installed";
  const auto has = [&](const std::string& bundle, const std::string& section) {
    return read_file(bundles / (bundle + ".ini")).find("\n[" + section + "]") != std::string::npos;
  };
  for (const std::string& name : printer_names()) {
    const Printer printer = load_printer(name);
    // Debian's slicer is older than these two printers, or has never known them.
    if (name == "prusa_mk4" || name == "ultimaker_s5") {
      EXPECT_EQ(printer.slicer_printer + printer.slicer_print, "") << name;
      continue;
    }
    EXPECT_TRUE(has(printer.slicer_bundle, "printer:" + printer.slicer_printer)) << name;
    EXPECT_TRUE(has(printer.slicer_bundle, "print:" + printer.slicer_print)) << name;
  }
  for (const std::string& name : material_names()) {
    const Material material = load_material(name);
    EXPECT_TRUE(has(material.filament_bundle, "filament:" + material.slicer_filament)) << name;
  }
}

TEST(Load, RefusesANameItDoesNotKnowAndListsThoseItDoes) {
  const std::string said = refusal([] { load_printer("ender3v2"); });
  EXPECT_THAT(said, HasSubstr("did you mean 'ender3_v2'"));
  EXPECT_THAT(said, HasSubstr("prusa_mk3s"));
}

TEST(Load, ReadsAFileOfTheUsersOwnAndNamesItWhenItIsBad) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "fit_load_test_material.json";
  std::ofstream(path) << R"({"material_name": "mine", "density_g_cm3": 1.1})";
  EXPECT_EQ(load_material(path.string()).material_name, "mine");
  std::ofstream(path) << R"({"density_g_cm3": 99})";
  EXPECT_THAT(refusal([&] { load_material(path.string()); }), HasSubstr(path.string()));
  std::ofstream(path) << "not JSON";
  EXPECT_THAT(refusal([&] { load_material(path.string()); }), HasSubstr("is not JSON"));
  std::filesystem::remove(path);
  EXPECT_THROW(load_material(path.string()), Error);
}

TEST(Load, LooksWhereTheEnvironmentSays) {
  ::setenv("FIT_MODELS_DIR", "/nowhere", 1);
  EXPECT_THAT(refusal([] { models_folder(); }), HasSubstr("FIT_MODELS_DIR"));
  ::unsetenv("FIT_MODELS_DIR");
  EXPECT_TRUE(std::filesystem::is_directory(models_folder() / "templates"));
}

}  // namespace
}  // namespace fit
