#include "apps/report/report.h"

#include <fmt/format.h>

#include "apps/report/html.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"

namespace fit {

namespace {

std::string who(const ReportInput& input) {
  std::string said;
  if (!input.case_code.empty()) said += text("report.case", {{"code", input.case_code}}) + " \u00b7 ";
  if (input.design.locate.side) said += text("side." + std::string(name_of(*input.design.locate.side))) + " ";
  if (input.design.locate.level) said += text("level." + std::string(name_of(*input.design.locate.level)));
  return said;
}

class Pages {
 public:
  explicit Pages(const ReportInput& input) : who_(who(input)) {}

  void add(const std::string& body) {
    if (body.empty()) return;
    html_ += fmt::format("<section class=\"page\"><header><b>{}</b><span>{}</span></header>{}</section>\n",
                         escaped(text("report.title")), escaped(who_), body);
  }
  const std::string& html() const { return html_; }

 private:
  std::string who_, html_;
};

}  // namespace

ReportPictures report_pictures(const ReportInput& input, const Progress& progress) {
  ReportPictures pictures;
  progress(0.0);
  pictures.limb = report::limb_pictures(input);
  progress(0.25);
  pictures.changes = report::change_pictures(input);
  progress(0.5);
  pictures.socket = report::socket_pictures(input);
  progress(0.75);
  pictures.walls = report::wall_pictures(input);
  progress(1.0);
  return pictures;
}

std::string report_html(const ReportInput& input, const ReportPictures& pictures) {
  Pages pages(input);
  pages.add(report::decision_card(input));
  pages.add(pictures.limb + pictures.changes + pictures.socket);
  pages.add(pictures.walls + report::sections(input));
  pages.add(report::measurement_table(input) + report::landmark_table(input));
  pages.add(report::finding_list(input) + report::version_table(input));
  pages.add(report::parameter_table(input));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{}</title><style>{}</style></head><body>\n{}</body></html>\n",
      escaped(text("report.title") + " \u00b7 " + who(input)), report::style, pages.html());
}

}  // namespace fit
