#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace fit {

/// The table of a batch as an HTML page that needs no network: sorted and filtered in the browser, a thumbnail, what
/// was found and the print time of each case, its page and report one click away. `rows` are those of results.jsonl,
/// with `repro` true where a case left a repro.zip; the folders of the cases lie in cases/, the files of gallery_assets
/// in `assets`.
std::string index_page_html(const std::vector<nlohmann::ordered_json>& rows, const std::string& assets);

}  // namespace fit
