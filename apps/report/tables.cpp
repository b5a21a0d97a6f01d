#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/changes.h"
#include "apps/report/html.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"

namespace fit::report {

namespace {

std::string head(std::initializer_list<std::string> cells) {
  std::string html = "<thead><tr>";
  for (const std::string& cell : cells) html += fmt::format("<th>{}</th>", escaped(cell));
  return html + "</tr></thead>";
}

std::string cells(std::initializer_list<std::string> values) {
  std::string html;
  for (const std::string& value : values) html += fmt::format("<td>{}</td>", escaped(value));
  return html;
}

std::string compared(double percent) {
  const std::string said = fixed(std::abs(percent));
  return said == "0.0" ? text("measure.same")
                       : text(percent < 0.0 ? "measure.smaller" : "measure.larger", {{"percent", said}});
}

std::string pairs(const std::vector<NamedText>& rows) {
  std::string html = "<table class=\"pairs\">";
  for (const auto& [name, value] : rows)
    html += fmt::format("<tr><th>{}</th><td>{}</td></tr>", escaped(name), escaped(value));
  return html + "</table>";
}

}  // namespace

std::string measurement_table(const ReportInput& input) {
  if (!input.outputs.stations || !input.outputs.rectified) return "";
  const std::vector<Slice>&before = input.outputs.stations->limb, &after = input.outputs.stations->positive;
  const double allowance_mm = input.outputs.rectified->allowance_mm;
  const std::size_t count = std::min(before.size(), after.size());
  const std::size_t step = std::max<std::size_t>(1, (count + 27) / 28);  // more lines than this do not fit a page
  std::string rows;
  for (std::size_t i = step - 1; i < count; i += step) {
    const auto four = [](const Slice& s) {
      return cells({fixed(s.girth_mm), fixed(s.area_mm2 / 100.0), fixed(s.ap_mm), fixed(s.ml_mm),
                    fixed(s.volume_mm3 / 1000.0, 0)});
    };
    rows += fmt::format("<tr><th>{}</th>{}{}<td class=\"words\">{}</td></tr>", escaped(number(before[i].height_mm, 0)),
                        four(before[i]), four(after[i]),
                        escaped(compared(girth_change_percent(before[i], after[i], allowance_mm))));
  }
  const auto five = [] {
    std::string html;
    for (const char* key : {"measure.girth", "measure.area", "measure.ap", "measure.ml", "measure.volume"})
      html += fmt::format("<th>{}</th>", escaped(text(key)));
    return html;
  };
  return fmt::format(
      "<h2>{}</h2><table class=\"numbers\"><thead><tr><th rowspan=\"2\">{}</th><th colspan=\"5\">{}</th><th "
      "colspan=\"5\">{}</th><th rowspan=\"2\">{}</th></tr><tr>{}{}</tr></thead><tbody>{}</tbody></table><p "
      "class=\"small-print\">{}</p>",
      escaped(text("measure.title")), escaped(text("measure.height")), escaped(text("measure.before")),
      escaped(text("measure.after")), escaped(text("measure.girth_change")), five(), five(), rows,
      escaped(text("measure.note", {{"mm", number(allowance_mm)}})));
}

std::string landmark_table(const ReportInput& input) {
  if (!input.outputs.limb || input.outputs.limb->landmarks.empty()) return "";
  std::string rows;
  for (const auto& [landmark, place] : input.outputs.limb->landmarks) {
    const std::string name(name_of(landmark));
    rows += "<tr>" +
            cells({text("abbreviation." + name), text("landmark." + name), number(place.point_mm.z(), 0),
                   place.confirmed ? "" : number(100.0 * place.confidence, 0) + " %",
                   text(place.confirmed ? "landmarks.confirmed" : "landmarks.proposed")}) +
            "</tr>";
  }
  return fmt::format(
      "<h2>{}</h2><table>{}<tbody>{}</tbody></table>", escaped(text("landmarks.title")),
      head({"", text("landmarks.name"), text("landmarks.height"), text("landmarks.confidence"), text("landmarks.who")}),
      rows);
}

std::string finding_list(const ReportInput& input) {
  if (input.findings.empty()) return "";
  std::string rows;
  for (Severity severity : {Severity::forbid, Severity::warn, Severity::note})
    for (const Finding& finding : said_once(input.findings)) {
      if (finding.severity != severity) continue;
      const char* kind = severity == Severity::forbid ? "forbid" : severity == Severity::warn ? "warn" : "note";
      const std::string what_to_do = remedy(finding);
      rows += fmt::format("<tr class=\"{}\"><td class=\"kind\">{}</td><td>{}{}</td><td class=\"code\">{}</td></tr>",
                          kind, escaped(text(std::string("findings.severity.") + kind)), escaped(sentence(finding)),
                          what_to_do.empty() ? ""
                                             : fmt::format("<br><span class=\"remedy\"><b>{}</b> {}</span>",
                                                           escaped(text("findings.remedy")), escaped(what_to_do)),
                          escaped(finding.code));
    }
  return fmt::format("<h2>{}</h2><table class=\"all-findings\"><tbody>{}</tbody></table>",
                     escaped(text("findings.title")), rows);
}

std::string version_table(const ReportInput& input) {
  std::string html = fmt::format("<h2>{}</h2>", escaped(text("versions.title")));
  if (!input.versions.empty())
    html += fmt::format("<h3>{}</h3>{}", escaped(text("versions.with")), pairs(input.versions));
  if (!input.sha256.empty())
    html +=
        fmt::format("<h3>{}</h3><div class=\"hashes\">{}</div>", escaped(text("versions.files")), pairs(input.sha256));
  return html + fmt::format("<p>{}</p>", escaped(text("report.claim")));
}

}  // namespace fit::report
