#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace fit {

/// What the pages run and how they look: the files of web/ by name, and viewer.js with three.js in it, which is empty
/// when it was not there to be built.
const std::vector<std::pair<std::string_view, std::string_view>>& gallery_assets();

/// One of them. Throws std::out_of_range.
std::string_view gallery_asset(std::string_view name);

}  // namespace fit
