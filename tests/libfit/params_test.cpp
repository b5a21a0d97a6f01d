#include "libfit/params.h"

#include <gmock/gmock.h>

#include <set>

#include "libfit/params_json.h"
#include "libfit/pipeline.h"

namespace fit {
namespace {

using ::testing::HasSubstr;

/// Collects the names of all values of a Design that can be a flag or a batch column.
struct Names {
  std::multiset<std::string>& names;
  template <class S, class P> void operator()(const Part<S, P>&, const P& part) const { for_each_field(part, *this); }
  template <class F, class V> void operator()(const F& field, const V&) const { names.insert(field.name); }
};

TEST(Params, NamesAreUniqueAcrossDesign) {
  std::multiset<std::string> names;
  for_each_field(std::as_const(*std::make_unique<Design>()), Names{names});
  for (const std::string& name : names) EXPECT_EQ(names.count(name), 1u) << name;
  EXPECT_TRUE(names.contains("wall_mm"));
}

TEST(Params, DesignSurvivesJson) {
  Design design;
  design.locate.side = Side::left;
  design.solidify.wall_mm = 5.125;
  design.landmarks[Landmark::fibular_head] = {{1.0, 2.0, 3.0}, 0.5, true};
  design.tape_measure.tape = {{40.0, 300.0}, {80.0, 280.0}};
  design.printer = Printer{};
  Design read;
  from_json(nlohmann::ordered_json::parse(to_json(design).dump()), read);
  EXPECT_EQ(read, design);
}

template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Params, RefusesAnUnknownKeyByItsPath) {
  Design design;
  EXPECT_THAT(refusal([&] { from_json(nlohmann::ordered_json::parse(R"({"solidify": {"wall": 3}})"), design); }),
              HasSubstr("solidify.wall is not a parameter"));
}

TEST(Params, RefusesANumberOutsideItsRange) {
  Design design;
  EXPECT_THAT(refusal([&] { from_json(nlohmann::ordered_json::parse(R"({"solidify": {"wall_mm": 300}})"), design); }),
              HasSubstr("wall_mm is 300; it must lie between 1 and 15"));
  design.solidify.wall_mm = std::nan("");
  EXPECT_THROW(validate(design), Error);
}

TEST(Params, RefusesAWordThatIsNoChoice) {
  Design design;
  EXPECT_THAT(refusal([&] { from_json(nlohmann::ordered_json::parse(R"({"locate": {"side": "links"}})"), design); }),
              HasSubstr("it must be one of: left, right"));
}

}  // namespace
}  // namespace fit
