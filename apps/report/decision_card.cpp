#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/changes.h"
#include "apps/report/html.h"
#include "apps/report/leg_drawing.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"

namespace fit::report {

namespace {

constexpr std::size_t kFindingsOnCard = 6;

std::string box(const std::string& title_key, const std::string& body) {
  return body.empty() ? "" : fmt::format("<div class=\"box\"><h3>{}</h3>{}</div>", escaped(text(title_key)), body);
}

std::string list(const std::vector<std::string>& items) {
  std::string html;
  for (const std::string& item : items) html += fmt::format("<li>{}</li>", escaped(item));
  return html.empty() ? "" : "<ul>" + html + "</ul>";
}

/// Symbol, heading and one sentence; the symbol's form says the same as its colour.
std::string verdict(const ReportInput& input) {
  const auto say = [](const char* kind, const char* symbol, const std::string& heading, const std::string& why) {
    return fmt::format(
        "<div class=\"verdict {}\"><span class=\"symbol\">{}</span><div><h2>{}</h2><p>{}</p></div></div>", kind, symbol,
        escaped(heading), escaped(why));
  };
  const auto counted = [](const char* key, std::size_t count) {
    return count == 1 ? text(std::string(key) + "_one") : text(key, {{"count", std::to_string(count)}});
  };
  const Findings findings = said_once(input.findings);
  const std::size_t forbids = forbidding(input.design, findings).size();
  if (forbids) return say("forbid", "&#9632;", text("card.forbidden"), counted("card.forbidden_why", forbids));
  if (!input.outputs.solidified) return say("note", "&#9675;", text("card.no_socket"), text("card.no_socket_why"));
  const auto warns = static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Finding& f) { return f.severity != Severity::note; }));
  if (warns) return say("warn", "&#9650;", text("card.may_be_tried"), counted("card.warned_why", warns));
  return say("clear", "&#9679;", text("card.may_be_tried"), text("card.clear_why"));
}

std::string changes(const ReportInput& input) {
  if (!input.outputs.limb || !input.outputs.rectified) return "";
  std::string html;
  for (const std::string& change : biggest_changes(input.outputs, 3))
    html += fmt::format("<li>{}</li>", escaped(change));
  html = html.empty() ? fmt::format("<p>{}</p>", escaped(text("card.no_changes")))
                      : "<ol class=\"changes\">" + html + "</ol>";
  if (const double mm = input.outputs.rectified->allowance_mm; mm > 0.0)
    html += fmt::format("<p class=\"small-print\">{}</p>", escaped(text("change.allowance", {{"mm", number(mm)}})));
  return box("card.changes", html);
}

std::string not_confirmed(const ReportInput& input) {
  std::vector<std::string> items;
  const Outputs& outputs = input.outputs;
  if (outputs.limb) {
    std::string names;
    for (const auto& [landmark, place] : outputs.limb->landmarks)
      if (!place.confirmed) names += (names.empty() ? "" : ", ") + text("landmark." + std::string(name_of(landmark)));
    if (!names.empty()) items.push_back(text("card.landmarks_not_confirmed", {{"names", names}}));
  }
  if (outputs.located && outputs.located->frame_confidence < 0.8)
    items.push_back(text("card.frame_unsure", {{"percent", number(100.0 * outputs.located->frame_confidence, 0)}}));
  if (outputs.repaired && outputs.repaired->invented_mm2 > 0.0)
    items.push_back(text("card.invented", {{"area", number(outputs.repaired->invented_mm2 / 100.0)}}));
  if (const std::size_t count = unverified_values(input.design.rectify.rectification).size())
    items.push_back(text("card.unverified", {{"count", std::to_string(count)}}));
  if (outputs.solidified && !input.design.check.body_mass_kg) items.push_back(text("card.mass_unknown"));
  if (items.empty() && outputs.limb)
    return box("card.not_confirmed", fmt::format("<p>{}</p>", escaped(text("card.all_confirmed"))));
  return box("card.not_confirmed", list(items));
}

std::string findings(const ReportInput& input) {
  std::string html;
  std::size_t shown = 0, all = 0;
  for (Severity severity : {Severity::forbid, Severity::warn})
    for (const Finding& finding : said_once(input.findings)) {
      // The landmarks have their line under what was not confirmed.
      if (finding.severity != severity || finding.code == "landmarks_unconfirmed") continue;
      if (++all > kFindingsOnCard) continue;
      ++shown;
      const char* kind = severity == Severity::forbid ? "forbid" : "warn";
      html += fmt::format("<li class=\"{0}\"><b>{1}:</b> {2}</li>", kind,
                          escaped(text(std::string("findings.severity.") + kind)), escaped(sentence(finding)));
    }
  if (all == 0) return box("card.findings", fmt::format("<p>{}</p>", escaped(text("card.no_findings"))));
  if (all > shown)
    html += fmt::format("<li class=\"more\">{}</li>",
                        escaped(text("card.more_findings", {{"count", std::to_string(all - shown)}})));
  return box("card.findings", "<ul class=\"findings\">" + html + "</ul>");
}

std::string overrides(const ReportInput& input) {
  std::string html;
  for (const Override& decision : input.design.overrides) {
    const auto found = std::find_if(input.findings.begin(), input.findings.end(),
                                    [&](const Finding& f) { return f.code == decision.finding; });
    if (found == input.findings.end() || decision.reason.empty()) continue;
    html += fmt::format("<li>{}<br><b>{}</b></li>", escaped(sentence(*found)),
                        escaped(text("card.reason", {{"reason", decision.reason}})));
  }
  return box("card.overridden", html.empty() ? "" : "<ul>" + html + "</ul>");
}

std::string signature() {
  const auto line = [](const char* key) {
    return fmt::format("<div class=\"line\"><span>{}</span></div>", escaped(text(key)));
  };
  return fmt::format(
      "<div class=\"box sign\"><p>{}</p><div class=\"decide\"><b>{}</b><span class=\"tick\"></span>{}<span "
      "class=\"tick\"></span>{}</div><div class=\"lines\">{}{}{}</div></div>",
      escaped(text("card.check_socket")), escaped(text("card.sign")), escaped(text("card.sign_fit")),
      escaped(text("card.sign_change")), line("card.sign_name"), line("card.sign_date"), line("card.sign_signature"));
}

/// Room to write by hand, and what the print takes.
std::string notes(const ReportInput& input) {
  std::string print;
  if (input.print) {
    const auto minutes = static_cast<long>(input.print->time_s / 60.0 + 0.5);
    print = escaped(text("card.print", {{"hours", std::to_string(minutes / 60)},
                                        {"minutes", std::to_string(minutes % 60)},
                                        {"grams", number(input.print->filament_g, 0)}}));
  }
  return fmt::format("<div class=\"box notes\"><h3>{}</h3><p>{}</p></div>", escaped(text("card.notes")), print);
}

}  // namespace

std::string decision_card(const ReportInput& input) {
  const Design& design = input.design;
  std::string who;
  if (design.locate.side && design.locate.level) {
    const std::string side(name_of(*design.locate.side)), level(name_of(*design.locate.level));
    who = fmt::format("<div class=\"who\">{}<p><b class=\"side\">{}</b><br>{}</p></div>",
                      leg_drawing(*design.locate.side, *design.locate.level), escaped(text("side." + side)),
                      escaped(text("level." + level)));
  }
  return fmt::format("<div class=\"card\">{}<div class=\"say\">{}{}{}</div></div>{}{}{}{}", who, verdict(input),
                     changes(input), not_confirmed(input), findings(input), overrides(input), notes(input),
                     signature());
}

}  // namespace fit::report
