#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fit {

/// The name that was probably meant by a word that is none of them: the one with the fewest letters wrong, missing, too
/// many or swapped (restricted Damerau-Levenshtein distance); the first of several. Empty when none is near: more
/// than a third of the longer one's letters would have to change.
std::string nearest_name(std::string_view said, const std::vector<std::string>& known);

/// The end of a sentence about a word that is none of the names: "; did you mean 'wall_mm'?", or "." when none is near.
std::string did_you_mean(std::string_view said, const std::vector<std::string>& known);

}  // namespace fit
