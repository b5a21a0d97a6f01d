#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace fit {

/// A page: style, body, its data as JSON in the element #data, texts.js and the scripts in their order; linked out of
/// the folder `assets`, or written into the page when that is empty.
std::string page_html(const std::string& title, const std::string& kind, const std::string& body,
                      const nlohmann::ordered_json& data, const std::string& assets,
                      std::initializer_list<const char*> scripts);

}  // namespace fit
