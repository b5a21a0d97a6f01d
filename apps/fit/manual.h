#pragma once

#include <string>
#include <vector>

#include "apps/fit/command.h"

namespace fit::cli {

/// The manual page of all commands, in roff.
std::string manual_page(const std::vector<Command>& all);

/// What bash sources to complete commands, options and the values that are known beforehand.
std::string bash_completion(const std::vector<Command>& all);

}  // namespace fit::cli
