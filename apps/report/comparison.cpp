#include "apps/report/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "apps/report/color_scale.h"
#include "apps/report/html.h"
#include "apps/report/render.h"
#include "apps/report/report_parts.h"
#include "apps/report/texts.h"

namespace fit {

namespace {

double range_of(const Values& change_mm) {
  double largest = 1.0;
  for (double mm : change_mm)
    if (std::isfinite(mm)) largest = std::max(largest, std::abs(mm));
  return round_range(largest);
}

std::string pictures(const ComparisonPage& page, double range_mm) {
  Subject subject;
  subject.mesh = &page.laid;
  subject.vertex_colors = ColorScale::diverging(range_mm).colors(page.compared.change_mm);
  subject.back_color = Rgb(0.85, 0.85, 0.85);
  std::vector<View> views;
  const Box box = bounding_box(page.laid);
  for (const Eigen::Vector3d& toward :
       {Eigen::Vector3d(0, 1, 0), Eigen::Vector3d(1, 0, 0), Eigen::Vector3d(0, -1, 0), Eigen::Vector3d(-1, 0, 0)})
    views.push_back(view_of(box, toward, Eigen::Vector3d::UnitZ(), 300, 380));
  const char* captions[] = {"from anterior", "from the right", "from posterior", "from the left"};
  std::string html = "<div class=\"row\">";
  const std::vector<Picture> drawn = render({subject}, views);
  for (std::size_t i = 0; i < drawn.size(); ++i)
    html += fmt::format(
        "<figure><img alt=\"{0}\" width=\"300\" height=\"380\" src=\"data:image/png;base64,{1}\">"
        "<figcaption>{0}</figcaption></figure>",
        captions[i], base64(png(drawn[i])));
  std::string stops;
  for (int i = 0; i <= 16; ++i)
    stops += (i ? "," : "") + hex(ColorScale::diverging(range_mm).color(range_mm * (i - 8) / 8.0));
  return html + fmt::format(
                    "</div><div class=\"legend\"><div class=\"bar\" style=\"background:linear-gradient(to right,{})\">"
                    "<span>{} mm inside</span><span>{} mm outside</span></div></div>",
                    stops, number(range_mm), number(range_mm));
}

std::string row(const StationChange& station, const ComparisonPage& page) {
  const double volume_percent =
      100.0 * (station.newer.volume_mm3 - station.older.volume_mm3) / std::max(1.0, station.older.volume_mm3);
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td class=\"words\">{}</td><td>{}</td><td>{}</td>"
      "<td class=\"words\">{}</td></tr>",
      fixed(station.height_mm, 0), fixed(station.older.girth_mm), fixed(station.newer.girth_mm),
      change_in_words(station.newer.girth_mm - station.older.girth_mm, page.detectable_girth_mm, "mm"),
      fixed(station.older.volume_mm3 / 1000.0, 0), fixed(station.newer.volume_mm3 / 1000.0, 0),
      change_in_words(volume_percent, page.detectable_volume_percent, "%"));
}

}  // namespace

std::string change_in_words(double change, double detectable, const std::string& unit) {
  if (std::abs(change) < detectable) return "no change that can be told";
  return fmt::format("{} {} {}", number(std::abs(change)), unit, change < 0 ? "smaller" : "larger");
}

std::string comparison_html(const ComparisonPage& page) {
  const Compared& compared = page.compared;
  const bool acceptable = std::abs(compared.mean_mm) <= acceptable_mean_mm && compared.iqr_mm <= acceptable_iqr_mm;
  std::string verdict =
      fmt::format("<p>Mean difference {} mm {}, middle half within {} mm, 95 % of the surface within {} mm.</p>",
                  fixed(std::abs(compared.mean_mm), 2), compared.mean_mm < 0 ? "inside" : "outside",
                  fixed(compared.iqr_mm, 2), fixed(compared.largest_mm, 2));
  if (page.of_sockets)
    verdict += fmt::format(
        "<p><b>{}</b> the figures that are held acceptable for a socket: mean error {} mm, interquartile "
        "range {} mm (Sanders 2012).</p>",
        acceptable ? "Within" : "Not within", acceptable_mean_mm, acceptable_iqr_mm);
  std::string table =
      "<table class=\"numbers\"><thead><tr><th>Height, mm</th><th>Girth before, mm</th><th>after, "
      "mm</th><th>Change</th>"
      "<th>Volume below before, ml</th><th>after, ml</th><th>Change</th></tr></thead><tbody>";
  for (std::size_t i = compared.stations.size(); i-- > 0;) table += row(compared.stations[i], page);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
      "charset=\"utf-8\"><title>Comparison</title><style>{}</style></head>"
      "<body><section class=\"page\"><header><b>Comparison</b><span>{} with {}</span></header>{}{}{}</tbody></table>"
      "<p class=\"small-print\">Smaller changes than {} mm of girth (tape against scan: Geil 2007) and {} % of volume "
      "(scanner "
      "against itself) cannot be told from the scanner's own error.</p></section></body></html>\n",
      report::style, escaped(page.older_name), escaped(page.newer_name), verdict,
      pictures(page, range_of(compared.change_mm)), table, number(page.detectable_girth_mm),
      number(page.detectable_volume_percent));
}

}  // namespace fit
