#include "apps/gallery/page_parts.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "apps/gallery/assets.h"
#include "apps/report/html.h"

namespace fit {

namespace {

/// JSON that stands in an HTML page: no "</script>" can be in it.
std::string script_safe(const nlohmann::ordered_json& data) {
  const std::string text = data.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string safe;
  safe.reserve(text.size());
  for (char c : text) {
    if (c == '<')
      safe += "\\u003c";
    else
      safe += c;
  }
  return safe;
}

std::string script(const std::string& name, const std::string& assets) {
  const std::string_view bytes = gallery_asset(name);
  if (bytes.empty()) return "";
  if (assets.empty()) return fmt::format("<script>{}</script>\n", bytes);
  return fmt::format("<script src=\"{}/{}\"></script>\n", escaped(assets), name);
}

}  // namespace

std::string page_html(const std::string& title, const std::string& kind, const std::string& body,
                      const nlohmann::ordered_json& data, const std::string& assets,
                      std::initializer_list<const char*> scripts) {
  const std::string style = assets.empty()
                                ? fmt::format("<style>{}</style>", gallery_asset("pages.css"))
                                : fmt::format("<link rel=\"stylesheet\" href=\"{}/pages.css\">", escaped(assets));
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\"><title>{}</title>{}</head><body class=\"{}\">\n{}\n"
      "<script type=\"application/json\" id=\"data\">{}</script>\n",
      escaped(title), style, kind, body, script_safe(data));
  html += script("texts.js", assets);
  for (const char* name : scripts) html += script(name, assets);
  return html + "</body></html>\n";
}

}  // namespace fit
