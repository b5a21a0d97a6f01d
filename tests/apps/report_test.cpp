#include "apps/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "apps/report/changes.h"
#include "apps/report/html.h"
#include "apps/report/leg_drawing.h"
#include "apps/report/texts.h"
#include "libfit/error.h"
#include "libfit/parallel.h"
#include "models/shapes/generate_limb.h"

namespace fit {
namespace {

using testing::HasSubstr;
using testing::Not;

Finding forbidding_finding() {
  return {"units_unknown", Severity::forbid, {{"size", 0.0, "3 x <4> x 5"}}, std::nullopt};
}
Finding noted_finding() {
  return {"units_converted", Severity::warn, {{"unit", 0.0, "m"}, {"length_mm", 236.0, ""}}, std::nullopt};
}

/// A generated left limb whose positive is the limb itself, pressed in by 6 mm around the fibular head.
struct Case {
  explicit Case(bool confirmed = false) {
    static const Limb generated = [] {
      GenerateParams params;
      params.side = Side::left;
      params.triangles = 6000;
      return generate_limb(params).limb;
    }();
    Limb limb = generated;
    for (auto& [name, place] : limb.landmarks) place.confirmed = confirmed;
    limb.invented[100] = 1;
    design.locate.side = Side::left;
    design.locate.level = Level::transtibial;
    design.rectify.liner_mm = 6.0;

    Rectified rectified;
    rectified.positive = limb.surface;
    rectified.allowance_mm = 6.0;
    const Eigen::Vector3d head = limb.landmarks.at(Landmark::fibular_head).point_mm;
    for (const Eigen::Vector3d& v : limb.surface.vertices)
      rectified.change_mm.push_back((v - head).norm() < 12.0 ? -6.0 : 0.0);
    Slice before{50.0, 300.0, 300.0, 7000.0, 300000.0, 95.0, 95.0}, after = before;
    after.girth_mm = 0.95 * (300.0 + 2.0 * 3.14159265358979 * 6.0);
    outputs.stations = std::make_shared<const Stations>(Stations{{before}, {after}});
    Repaired repaired;
    repaired.invented_mm2 = 420.0;
    outputs.repaired = std::make_shared<const Repaired>(repaired);
    outputs.rectified = std::make_shared<const Rectified>(std::move(rectified));
    outputs.limb = std::make_shared<const Limb>(std::move(limb));
    findings = {noted_finding(), forbidding_finding()};
  }
  std::string html() const {
    const ReportInput input{design, outputs, findings, "P-<1>", {{"Fit", "0.1.0"}}, {{"limb.ply", "abc123"}}, {}};
    return report_html(input, report_pictures(input));
  }

  Design design;
  Outputs outputs;
  Findings findings;
};

TEST(Report, HoldsEachFindingsSentenceAndRemedy) {
  const Case example;
  const std::string html = example.html();
  for (const Finding& finding : example.findings) {
    EXPECT_THAT(html, HasSubstr(escaped(sentence(finding))));
    EXPECT_THAT(html, HasSubstr(escaped(remedy(finding))));
  }
}

TEST(Report, ForbidsOnPageOneUntilAPersonOverridesWithAReason) {
  Case example;
  EXPECT_THAT(example.html(), HasSubstr(text("card.forbidden")));
  example.findings.pop_back();
  EXPECT_THAT(example.html(), Not(HasSubstr(text("card.forbidden"))));
}

TEST(Report, ShowsAnOverrideWithItsReason) {
  Case example;
  example.design.overrides = {{"units_converted", "measured <by hand> & right"}};
  EXPECT_THAT(example.html(), HasSubstr("measured &lt;by hand&gt; &amp; right"));
}

TEST(Report, SaysThatLandmarksAreNotConfirmedUntilTheyAre) {
  EXPECT_THAT(Case(false).html(), HasSubstr("Landmarks not confirmed by a person: "));
  EXPECT_THAT(Case(true).html(), Not(HasSubstr("Landmarks not confirmed by a person: ")));
}

TEST(Report, SaysTheBiggestChangesInWordsWithoutBareSigns) {
  const std::vector<std::string> changes = biggest_changes(Case().outputs, 3);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes[0], "Pressed in by up to 6 mm, near the fibular head.");
  EXPECT_EQ(changes[1], "Girth 50 mm above the distal end: smaller by 5 % (16.9 mm).");
}

TEST(Report, NamesTheSideAndNeverMirrorsItsLetter) {
  const std::string html = Case().html();
  EXPECT_THAT(html, HasSubstr("left transtibial"));
  EXPECT_THAT(leg_drawing(Side::left, Level::transtibial), HasSubstr("class=\"letter\">L</text>"));
  EXPECT_THAT(leg_drawing(Side::right, Level::transfemoral), HasSubstr("class=\"letter\">R</text>"));
  EXPECT_THAT(leg_drawing(Side::left, Level::transtibial), HasSubstr("<text x=\"92\""));
  EXPECT_THAT(leg_drawing(Side::right, Level::transtibial), HasSubstr("<text x=\"-92\""));
}

TEST(Report, NeedsNoNetwork) {
  const std::string html = Case().html();
  for (const char* link : {"http:", "https:", "<script", "@import", "url(h", "<link", "src=\"/"})
    EXPECT_THAT(html, Not(HasSubstr(link))) << link;
}

TEST(Report, EscapesWhatPeopleTyped) {
  const std::string html = Case().html();
  EXPECT_THAT(html, HasSubstr("P-&lt;1&gt;"));
  EXPECT_THAT(html, Not(HasSubstr("P-<1>")));
  EXPECT_THAT(html, HasSubstr("3 x &lt;4&gt; x 5"));
}

TEST(Report, GivesTheSameBytesOnOneAndFourThreads) {
  const Case example;
  set_threads(1);
  const std::string one = example.html();
  set_threads(4);
  EXPECT_EQ(example.html(), one);
}

TEST(Report, MarksUnverifiedValues) {
  Case example;
  Reduction reduction;
  reduction.reduction_percent = 4.0;
  example.design.rectify.rectification.reductions = {reduction};
  const auto holds = [&](const char* row) { return example.html().find(row) != std::string::npos; };
  EXPECT_TRUE(holds("<td>4</td><td class=\"unverified\">unverified starting value</td>"));
  reduction.provenance = "a trial of 2030";
  example.design.rectify.rectification.reductions = {reduction};
  EXPECT_TRUE(holds("<td>4</td><td>a trial of 2030</td>"));
}

TEST(Report, SaysOnceWhatIsFoundAtSeveralPlaces) {
  Case example;
  Finding again = noted_finding();
  again.place_mm = Eigen::Vector3d(1.0, 2.0, 3.0);
  example.findings.push_back(again);
  const std::string html = example.html(), said = escaped(sentence(again));
  std::size_t times = 0;
  for (std::size_t at = html.find(said); at != std::string::npos; at = html.find(said, at + 1)) ++times;
  EXPECT_EQ(times, 2u);  // on page one, and in the list
}

TEST(Report, ClaimsNoCompliance) { EXPECT_THAT(Case().html(), HasSubstr("No compliance with ISO 10328")); }

TEST(Report, IsWholeForACaseWithoutAnything) {
  const Design design;
  const Outputs outputs;
  const Findings none;
  const ReportInput input{design, outputs, none, "", {}, {}, {}};
  const std::string html = report_html(input, report_pictures(input));
  EXPECT_THAT(html, HasSubstr(text("card.no_socket")));
  EXPECT_THAT(html, HasSubstr("</html>"));
}

TEST(Report, StopsWhenAsked) {
  const Case example;
  int reports = 0;
  const Progress stop([&](double, std::string_view) { return ++reports < 3; });
  EXPECT_THROW(report_pictures({example.design, example.outputs, example.findings, "", {}, {}, {}}, stop), Cancelled);
}

TEST(Texts, RefusesAKeyThatIsNotInTheTable) { EXPECT_THROW(text("card.nothing"), Error); }

TEST(Texts, PrintsNumbersWithoutNoise) {
  EXPECT_EQ(number(4.80), "4.8");
  EXPECT_EQ(number(-0.01), "0");
  EXPECT_EQ(number(100.0, 0), "100");
  EXPECT_EQ(number(120.0), "120");
}

TEST(Html, EncodesAsRfc4648Says) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(Html, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(escaped("a\xFFz"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(escaped("\xD8\xB3"), "\xD8\xB3");
  EXPECT_EQ(escaped("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace fit
