#include "apps/gallery/assets.h"

#include <stdexcept>

// The assembler puts files into the program byte by byte; a string literal has a greatest length and escapes.
#define FIT_EMBED(symbol, path)                                                                              \
  asm(".section .rodata\n" #symbol "_begin:\n.incbin \"" path "\"\n" #symbol "_end:\n.byte 0\n.previous\n"); \
  extern "C" const char symbol##_begin[], symbol##_end[];

FIT_EMBED(fit_pages_css, FIT_WEB "/pages.css")
FIT_EMBED(fit_texts_js, FIT_WEB "/texts.js")
FIT_EMBED(fit_index_js, FIT_WEB "/index.js")
FIT_EMBED(fit_case_js, FIT_WEB "/case.js")
FIT_EMBED(fit_viewer_js, FIT_VIEWER)

namespace fit {

const std::vector<std::pair<std::string_view, std::string_view>>& gallery_assets() {
  static const std::vector<std::pair<std::string_view, std::string_view>> assets{
      {"pages.css", {fit_pages_css_begin, fit_pages_css_end}},
      {"texts.js", {fit_texts_js_begin, fit_texts_js_end}},
      {"index.js", {fit_index_js_begin, fit_index_js_end}},
      {"case.js", {fit_case_js_begin, fit_case_js_end}},
      {"viewer.js", {fit_viewer_js_begin, fit_viewer_js_end}}};
  return assets;
}

std::string_view gallery_asset(std::string_view name) {
  for (const auto& [known, bytes] : gallery_assets())
    if (known == name) return bytes;
  throw std::out_of_range("no such file of the gallery");
}

}  // namespace fit
