#include "apps/report/girth_strip.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "apps/report/html.h"
#include "apps/report/texts.h"
#include "libfit/fit_ring.h"

namespace fit {

namespace {

constexpr double kSpacingMm = 20.0;
constexpr double kPageMm = 200.0;  // of a strip that fits an A4 or a Letter page below its title
constexpr double kOverlapMm = 20.0;
constexpr double kWidthMm = 150.0;

std::string line(double x1, double y1, double x2, double y2, double width = 0.2) {
  return fmt::format("<line x1=\"{:.2f}\" y1=\"{:.2f}\" x2=\"{:.2f}\" y2=\"{:.2f}\" stroke-width=\"{:.2f}\"/>", x1, y1,
                     x2, y2, width);
}

std::string words(double x, double y, const std::string& said, double size_mm = 4.0) {
  return fmt::format("<text x=\"{:.2f}\" y=\"{:.2f}\" font-size=\"{:.1f}\">{}</text>", x, y, size_mm, escaped(said));
}

/// 100 mm with a tick every ten, across the strip or along it.
std::string ruler(double x, double y, bool across) {
  std::string svg = across ? line(x, y, x + 100.0, y) : line(x, y, x, y - 100.0);
  for (int cm = 0; cm <= 10; ++cm) {
    const double tick = cm % 5 == 0 ? 4.0 : 2.0;
    svg += across ? line(x + 10.0 * cm, y, x + 10.0 * cm, y - tick) : line(x, y - 10.0 * cm, x + tick, y - 10.0 * cm);
  }
  return svg + (across ? words(x, y + 5.0, text("strip.ruler"), 3.5) : words(x + 6.0, y - 98.0, "100 mm", 3.5));
}

/// The marks from one height to another; the lower one is at the foot of the drawing.
std::string strip(const std::vector<SocketSection>& sections, double from_mm, double to_mm) {
  const double foot = to_mm - from_mm;
  std::string svg =
      line(0.0, 0.0, 0.0, foot, 0.4) + line(70.0, 0.0, 70.0, foot, 0.4) + line(0.0, foot, 70.0, foot, 0.4);
  for (double mm = 10.0 * std::ceil(from_mm / 10.0); mm <= to_mm; mm += 10.0)
    svg += line(0.0, foot - (mm - from_mm), 3.0, foot - (mm - from_mm));
  for (const SocketSection& section : sections) {
    if (section.height_mm < from_mm || section.height_mm > to_mm) continue;
    const double y = foot - (section.height_mm - from_mm);
    svg += line(0.0, y, 70.0, y, 0.4);
    svg += words(4.0, y - 1.5, number(section.height_mm, 0), 3.5);
    svg += words(16.0, y - 1.5, fixed(section.outside_girth_mm, 0));
    svg += words(44.0, y - 1.5, section.inside_girth_mm > 0.0 ? fixed(section.inside_girth_mm, 0) : "\u2013");
  }
  // On the short end of a strip it would reach over the page before.
  if (foot >= 100.0) svg += ruler(90.0, foot, false);
  return fmt::format(
      "<svg class=\"strip\" width=\"{0:.2f}mm\" height=\"{1:.2f}mm\" viewBox=\"0 0 {0:.2f} {1:.2f}\">{2}"
      "</svg>",
      kWidthMm, foot + 1.0, svg);
}

constexpr const char* kStyle =
    "@page{margin:10mm}body{margin:0;font-family:sans-serif}section{break-after:page;padding:2mm}svg{display:block;"
    "overflow:visible;stroke:#000;fill:none}text{stroke:none;fill:#000}p{font-size:3.6mm;max-width:150mm;margin:1mm 0}"
    "h1{font-size:5mm;margin:0}.strip{margin-top:7mm}";

}  // namespace

std::string girth_strip_html(const Mesh& standing_socket, const std::string& case_code) {
  const std::vector<SocketSection> sections = socket_sections(standing_socket, kSpacingMm);
  const double height_mm = sections.empty() ? 0.0 : sections.back().height_mm + 5.0;
  std::string pages;
  for (double from_mm = 0.0; from_mm < height_mm; from_mm += kPageMm - kOverlapMm) {
    const double to_mm = std::min(height_mm, from_mm + kPageMm);
    pages += fmt::format(
        "<section><h1>{}</h1><p>{}</p><svg width=\"{:.0f}mm\" height=\"9mm\" viewBox=\"0 0 {:.0f} 9\">{}</svg>{}"
        "</section>\n",
        escaped(case_code.empty() ? text("strip.title") : text("strip.title") + " \u00b7 " + case_code),
        escaped(text("strip.how")), kWidthMm, kWidthMm, ruler(0.0, 4.0, true), strip(sections, from_mm, to_mm));
    if (to_mm >= height_mm) break;
  }
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{}</title><style>{}</style>"
      "</head><body>\n{}</body></html>\n",
      escaped(text("strip.title")), kStyle, pages);
}

}  // namespace fit
