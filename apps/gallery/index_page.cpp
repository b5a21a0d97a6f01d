#include "apps/gallery/index_page.h"

#include "apps/gallery/page_parts.h"

namespace fit {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* shown[] = {"id",
                                 "status",
                                 "problem",
                                 "forbidding",
                                 "warnings",
                                 "side",
                                 "level",
                                 "printer",
                                 "material",
                                 "limb_volume_mm3",
                                 "rectification_volume_percent",
                                 "wall_thinnest_mm",
                                 "plastic_g",
                                 "print_time_s",
                                 "filament_g",
                                 "repro"};

}  // namespace

std::string index_page_html(const std::vector<Json>& rows, const std::string& assets) {
  Json list = Json::array();
  for (const Json& row : rows) {
    Json short_row;
    for (const char* name : shown)
      if (row.contains(name) && !row.at(name).is_null() && row.at(name) != "") short_row[name] = row.at(name);
    list.push_back(std::move(short_row));
  }
  return page_html("Fit", "index", "<main id=\"index\"></main>", {{"rows", list}}, assets, {"index.js"});
}

}  // namespace fit
